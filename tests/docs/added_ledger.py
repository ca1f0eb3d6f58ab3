"""What a ledger can do that was added by nothing but the diff of ``docs/how-to/add-a-ledger.md``.

Run by ``test_added_ledger.py`` in a copy of the product to which the diff was applied; it is no test of the product itself.
"""

from __future__ import annotations

from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import Client

from qingyuan.ledgers import queries, registry
from qingyuan.ledgers.exports import rows_workbook
from qingyuan.ledgers.importing.check import check
from qingyuan.ledgers.importing.promote import promote
from qingyuan.ledgers.importing.receive import receive
from qingyuan.ledgers.models import ImportBatch
from tests.cast import TODAY, City
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db
LEDGER = registry.get("boards")


def imported(city: City, content: bytes) -> ImportBatch:
    by = city.actor("supervisor")
    return check(batch_id=receive(ledger=LEDGER, filename="宣传栏.xlsx", content=content, by=by).id, by=by)


def filled_in(browser: Client) -> bytes:
    """The template as the browser downloads it, with one good row and one bad one."""
    book = openpyxl.load_workbook(BytesIO(browser.get("/ledgers/boards/template/").content))
    sheet = book.worksheets[0]
    header = next(row for row in sheet if any(cell.value == "宣传栏编号*" for cell in row))
    places = {str(cell.value).strip("*"): cell.column for cell in header}
    rows: list[dict[str, Any]] = [
        {"宣传栏编号": "LD-1", "村(社区)": "大坪村", "位置": "村委会门口", "设立日期": "2021.3.1", "版数": "4"},
        {"宣传栏编号": "LD-2", "村(社区)": "大坪村", "位置": "小学对面", "设立日期": "2021年2月30日", "版数": "2"},
    ]
    for number, row in enumerate(rows, start=header[0].row + 2):
        for text, value in row.items():
            sheet.cell(number, places[text]).value = value
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_template_import_list_export_and_api_are_there(city: City) -> None:
    browser = browser_of(city, "supervisor")
    batch = imported(city, filled_in(browser))
    assert (batch.new_count, batch.bad_count) == (1, 1), batch.message
    promote(batch_id=batch.id, by=city.actor("supervisor"))
    [row] = LEDGER.model.objects.all()
    assert (row.number, row.panels) == ("LD-1", 4)
    assert "村委会门口" in text_of(browser.get("/ledgers/boards/?when=all"))
    assert "村委会门口" in text_of(browser.get(f"/ledgers/boards/{row.pk}/"))
    assert "村委会门口" not in text_of(browser_of(city, "stranger").get("/ledgers/boards/?when=all"))

    listed = browser.get("/api/v1/ledgers/boards").json()
    assert [one["values"]["spot"] for one in listed["rows"]] == ["村委会门口"]

    content = browser.get("/ledgers/boards/export/?when=all").content
    back = imported(city, content)
    assert (back.same_count, back.new_count + back.changed_count + back.bad_count) == (1, 0)
    by = city.actor("supervisor")
    assert rows_workbook(LEDGER, queries.rows(LEDGER, by, TODAY), reader=by)


def test_it_is_entered_by_form_too(city: City) -> None:
    enter_by_form(city)


def enter_by_form(city: City) -> None:
    browser = browser_of(city, "supervisor")
    typed = {"number": "LD-3", "division": "大坪村", "spot": "桥头", "put_up_on": "2022-05-01", "panels": "2"}
    answer = browser.post("/ledgers/boards/new/", typed)
    assert answer.status_code == 302, text_of(answer)
    assert LEDGER.model.objects.get().spot == "桥头"


@pytest.mark.django_db(transaction=True)
def test_the_migration_makes_the_table_that_the_model_wants(settings: Any, city: City) -> None:
    """The other tables were made from the models, which is ten times as fast; this one is dropped and made by its migration."""
    settings.MIGRATION_MODULES = {}
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())
    loader = MigrationLoader(connection)
    [node] = loader.graph.leaf_nodes("prevention")
    before = loader.project_state(node, at_end=False)
    with connection.schema_editor() as editor:
        editor.delete_model(LEDGER.model)
    assert LEDGER.model._meta.db_table not in connection.introspection.table_names()
    with connection.schema_editor() as editor:
        loader.get_migration(*node).apply(before, editor)
    enter_by_form(city)
