"""After the end of dynamic control nobody finds the person: every address, asked as those who could read the name before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from qingyuan.foundation.audit.models import RecordKey, RowChange, WriteEntry
from qingyuan.indicators.refresh import refresh
from qingyuan.ledgers import registry
from qingyuan.ledgers.entering import draft_of_new
from qingyuan.ledgers.importing import staging
from qingyuan.ledgers.importing.check import check
from qingyuan.ledgers.importing.promote import promote
from qingyuan.ledgers.importing.receive import receive
from qingyuan.ledgers.models import FactRow, ImportBatch
from qingyuan.rehabilitation import people
from qingyuan.rehabilitation.models import Client, CommunityTest, Control, Measure
from qingyuan.rehabilitation.models.rows import ClientRowQuerySet
from qingyuan.rehabilitation.queries import clients
from tests.cast import TODAY, City, id_number
from tests.security.planted import ANXIANG, FUDONG, SERIALS, Planted, workbook
from tests.security.sealed_walk import walk_after_exit
from tests.security.walker import Visitor, Walk

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.usefixtures("places_kept")]
WORDS = ("暗去处", "暗折抵", "暗语丙", "暗文号丙")


MANY = 700
#: Who read the name while it was there: they are asked question by question.
READ_HER = ("supervisor", "caseworker")


def exit_of(planted: Planted) -> Client:
    """End the measure of 符冬 and the control, as her town does; from then on nobody may be told the name."""
    city: City = planted.city
    client: Client = planted.clients[FUDONG]
    CommunityTest.objects.filter(client=client).update(result="negative")
    Measure.objects.filter(client=client).update(ended_on=date(2022, 11, 1), end_reason="discharged")
    Control.objects.filter(client=client).update(starts_on=date(2015, 1, 10))
    who = {"name": FUDONG, "id_number": id_number(SERIALS[FUDONG])}
    over = {"starts_on": date(2019, 11, 1), "basis": "execution", "ended_on": TODAY, "certificate_number": "证〔2022〕1号"}
    city.enter("controls", "supervisor", who | over)
    number = id_number(SERIALS[FUDONG])
    told = {FUDONG[0], f"9999 **** {number[-4:]}", number, *WORDS}
    planted.secrets[:] = [
        replace(one, readers=frozenset(), in_full_for=frozenset()) if one.text in told else one for one in planted.secrets
    ]
    for words in (FUDONG, *WORDS):
        planted.hide(words, "what is known of somebody whose control has ended")
    return client


@pytest.mark.once
def test_no_address_tells_the_name_to_anybody_after_the_exit(planted: Planted) -> None:
    """Every account, every list, search, file, figure and interface, plainly and with questions made to bring the person out; then
    what is kept of the person by its own address. An address that refuses an account is not asked again otherwise."""
    client, walk = exit_of(planted), Walk(planted)
    for who in [*planted.accounts, "nobody"]:
        walk_after_exit(Visitor(walk, who), client, thoroughly=who in READ_HER)
    assert walk.findings == []
    assert walk.asked > MANY, walk.asked


def test_the_same_walk_finds_a_list_that_forgot_to_leave_the_sealed_out(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    exit_of(planted)
    monkeypatch.setattr(ClientRowQuerySet, "of_the_open", lambda self: self)
    walk = Walk(planted)
    walk_after_exit(Visitor(walk, "supervisor"), planted.clients[FUDONG], thoroughly=True)
    assert walk.findings != []
    assert any("?" in finding for finding in walk.findings), "a question brings out what the plain page does not"


def test_a_search_by_whole_name_or_number_finds_nobody(planted: Planted) -> None:
    client = exit_of(planted)
    supervisor = Visitor(Walk(planted), "supervisor")
    for asked in (FUDONG, id_number(SERIALS[FUDONG])):
        for page in ("/people/", "/search/"):
            supervisor.read(f"{page}?q={asked}")
    assert supervisor.walk.findings == []
    assert supervisor.ask(f"/people/{client.pk}/").status_code == 404
    assert client not in clients(planted.city.actor("supervisor"), TODAY)
    assert not people.present().filter(pk=client.pk).exists()


def test_figures_count_the_same_people_before_and_after(planted: Planted) -> None:
    refresh()
    before = sorted(FactRow.objects.filter(fact__in=("measures", "tests")).values_list("row_id", flat=True))
    exit_of(planted)
    refresh()
    after = FactRow.objects.filter(fact__in=("measures", "tests")).values_list("row_id", flat=True)
    assert set(before) <= set(after)


def test_the_log_keeps_that_it_was_done_and_its_values_are_closed(planted: Planted) -> None:
    client = exit_of(planted)
    entry = WriteEntry.objects.get(act="clients.seal")
    assert list(RowChange.objects.filter(entry_id=entry.pk).values_list("row_id", flat=True)) == [client.pk]
    rows = Measure._base_manager.filter(client=client)
    assert rows.count() == 1 and Measure.objects.filter(client=client).count() == 0
    assert not RecordKey.objects.filter(row_id__in=rows.values("pk"), sealed_at=None).exists()


def test_a_new_decision_opens_the_person_again_and_says_so(planted: Planted) -> None:
    client, city = exit_of(planted), planted.city
    new = {"kind": "CD", "division": city.divisions["大坪村"].pk, "decided_on": date(2022, 11, 22)}
    city.enter("measures", "supervisor", {"name": FUDONG, "id_number": id_number(SERIALS[FUDONG])} | new)
    assert clients(city.actor("supervisor"), TODAY).filter(pk=client.pk).exists()
    assert Measure.objects.filter(client=client).count() == 2
    assert WriteEntry.objects.filter(act="clients.reopen").count() == 1


def test_a_number_typed_with_another_name_does_not_tell_that_somebody_was_sealed(planted: Planted) -> None:
    exit_of(planted)
    typed = {"name": "另一人", "id_number": id_number(SERIALS[FUDONG]), "kind": "社区戒毒", "division": "大坪村", "decided_on": "2022-11-22"}
    assert draft_of_new(registry.get("measures"), typed, planted.city.writing("supervisor")).problems == []


@pytest.mark.parametrize(
    ("starts", "ended", "said"),
    [(date(2019, 11, 24), TODAY, "三年到 2022-11-23 届满"), (date(2019, 1, 1), date(2022, 10, 1), "还有没有结束的社区措施")],
)
def test_nobody_leaves_early_or_while_a_measure_runs(planted: Planted, starts: date, ended: date, said: str) -> None:
    typed = {"name": FUDONG, "id_number": id_number(SERIALS[FUDONG]), "basis": "社区戒毒社区康复执行之日", "certificate_number": "证1"}
    days = {"starts_on": starts.isoformat(), "ended_on": ended.isoformat()}
    draft = draft_of_new(registry.get("controls"), typed | days, planted.city.writing("supervisor"))
    assert any(said in problem.message for problem in draft.problems)
    assert Client.objects.get(pk=planted.clients[FUDONG].pk).sealed_on is None


# --- what was still staged ------------------------------------------------------------------------------------------------
def test_a_file_that_waited_and_names_the_person_shows_a_mark_and_keeps_the_others(planted: Planted) -> None:
    """The page of the batch says that there was a row and why it does not go in; deciding takes in the others and refuses that one."""
    city, head = planted.city, ("姓名", "身份证号码", "检测时间", "检测方式", "检测结果", "检测人员")
    rows = [
        (FUDONG, id_number(SERIALS[FUDONG]), "2022年7月3日", "尿液", "阴性", "李秀、王平"),
        (ANXIANG, id_number(SERIALS[ANXIANG]), "2022年7月4日", "尿液", "阴性", "李秀、王平"),
        (FUDONG, "", "2022年9月31日", "尿液", "", "李秀、王平"),
    ]
    by, ledger = city.actor("supervisor"), registry.get("tests")
    waits, read = (receive(ledger=ledger, filename=f"{FUDONG}{n}.xlsx", content=workbook(head, *rows), by=by) for n in (1, 2))
    read = check(batch_id=read.pk, by=by)
    others = [(one.pk, one.blocks.count()) for one in planted.batches[1:]]
    exit_of(planted)
    waits = check(batch_id=waits.pk, by=by)
    for batch in (waits, read):
        batch.refresh_from_db()
        assert batch.state == "checked" and (batch.new_count, batch.bad_count) == (1, 2) and FUDONG not in batch.filename
        marked = list(staging.stream(ledger, batch, "bad"))
        assert [(one.number, one.raw, one.draft.values) for one in marked] == [(2, [], {}), (4, [], {})]
        assert all("记录封存" in one.draft.problems[0].message for one in marked)
        supervisor = Visitor(Walk(planted), "supervisor")
        for page in ("", "?show=bad", "?show=new"):
            supervisor.read(f"/imports/{batch.pk}/{page}")
        assert supervisor.walk.findings == []
        assert "记录封存" in supervisor.ask(f"/imports/{batch.pk}/?show=bad").content.decode()
    read = promote(batch_id=read.pk, by=by)
    taken = CommunityTest._base_manager.filter(batch_id=read.pk).values_list("client_id", flat=True)
    assert read.state == "done" and list(taken) == [planted.clients[ANXIANG].pk], "her row was refused, his went in"
    ImportBatch.objects.filter(pk=waits.pk).update(state="waiting")
    again = check(batch_id=waits.pk, by=by)
    assert again.bad_count == 2 and FUDONG not in str([one.raw for one in staging.stream(ledger, again, "bad")]), "read anew it is marked anew"
    assert [(one.pk, one.blocks.count()) for one in planted.batches[1:]] == others, "files that do not name the person stay"


def test_bad_rows_of_a_file_that_is_in_lose_the_person_and_keep_the_others(planted: Planted) -> None:
    city = planted.city
    head = ("姓名", "身份证号码", "检测时间", "检测方式", "检测结果", "检测人员")
    rows = [
        (FUDONG, id_number(SERIALS[FUDONG]), "2022年9月31日", "尿液", "阴性", "李秀、王平"),
        (ANXIANG, id_number(SERIALS[ANXIANG]), "2022年9月31日", "尿液", "阴性", "李秀、王平"),
        (ANXIANG, id_number(SERIALS[ANXIANG]), "2022年7月2日", "尿液", "阴性", "李秀、王平"),
        (FUDONG, "", "2022年7月2日", "尿液", "", "李秀、王平"),
        (FUDONG, id_number(577), "2022年9月31日", "尿液", "阴性", "李秀、王平"),
    ]
    by = city.actor("supervisor")
    batch = receive(ledger=registry.get("tests"), filename=f"{FUDONG}.xlsx", content=workbook(head, *rows), by=by)
    batch = promote(batch_id=check(batch_id=batch.pk, by=by).pk, by=by)
    assert batch.state == "done" and batch.bad_count == 4
    exit_of(planted)
    batch.refresh_from_db()
    left = [row.raw[1] for row in staging.stream(registry.get("tests"), batch, "bad")]
    assert left == [id_number(SERIALS[ANXIANG]), id_number(577)], "of another number under the same name it is somebody else"
    assert batch.bad_count == 2 and FUDONG not in batch.filename and batch.filename.endswith(".xlsx")
