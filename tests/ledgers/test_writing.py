"""Writing rows: nothing twice, nothing over somebody's change, nothing voided without a reason, facts as versions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.foundation.audit.models import RowChange, WriteEntry
from qingyuan.governance.models import Meeting
from qingyuan.ledgers import codec, queries, registry
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.declaration import Draft
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.models import FactRow, InFlight, OutboxEntry
from qingyuan.ledgers.presenting import cell, cells, mask_id_number, mask_phone, number_text
from qingyuan.ledgers.queries import RowFilter
from qingyuan.ledgers.writing import IN_THE_AUDIT, DuplicateRow, RowChanged
from qingyuan.rehabilitation.models import Measure
from qingyuan.situation.models import Population
from tests.cast import TODAY, City, id_number, measure_values

MEETING = {"held_on": date(2022, 9, 1), "kind": "party_standing", "title": "禁毒工作会", "special_topic": False}


def meeting(city: City, who: str = "supervisor", **changes: Any) -> Meeting:
    row: Meeting = city.enter("meetings", who, MEETING | changes)[0]
    return row


def versions(fact: str) -> list[FactRow]:
    return list(FactRow.objects.filter(fact=fact).order_by("pk"))


# --- writing -----------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_same_row_twice_is_refused_and_nothing_of_the_second_batch_is_written(city: City) -> None:
    meeting(city)
    counts = (Meeting.objects.count(), FactRow.objects.count(), WriteEntry.objects.count(), OutboxEntry.objects.count())
    with pytest.raises(DuplicateRow, match="会议日期"):
        city.enter("meetings", "supervisor", MEETING | {"title": "另一个会"}, MEETING)
    assert (Meeting.objects.count(), FactRow.objects.count(), WriteEntry.objects.count(), OutboxEntry.objects.count()) == counts


@pytest.mark.django_db
def test_another_unit_may_hold_a_meeting_of_the_same_name_on_the_same_day(city: City) -> None:
    meeting(city)
    meeting(city, "stranger")
    assert Meeting.objects.count() == 2


@pytest.mark.django_db
def test_a_voided_row_leaves_every_figure_stays_readable_and_makes_room(city: City) -> None:
    row = meeting(city)
    ledger = registry.get("meetings")
    for reason in ("", "   "):
        with pytest.raises(ValueError, match="原因"):
            ledger.void(rows=[row], writing=city.writing("supervisor", reason))
    ledger.void(rows=[row], writing=city.writing("supervisor", "重复登记"))
    assert not Meeting.objects.exists()
    kept = Meeting.everything.get()
    assert (kept.void_reason, kept.version) == (IN_THE_AUDIT, 2)
    assert WriteEntry.objects.order_by("at").last().reason == "重复登记", "the words themselves stand encrypted"
    assert versions("meetings")[0].superseded_at == kept.voided_at
    meeting(city)
    assert Meeting.objects.count() == 1 and Meeting.everything.count() == 2


@pytest.mark.django_db
def test_a_row_that_moved_on_is_not_overwritten_by_change_or_void(city: City) -> None:
    row = meeting(city)
    stale = Meeting.objects.get(pk=row.pk)
    ledger = registry.get("meetings")
    ledger.change(changes=[(Meeting.objects.get(), Draft(1, {"chair": "书记"}))], writing=city.writing("supervisor"))
    for attempt in (
        lambda: ledger.change(changes=[(stale, Draft(1, {"chair": "别人"}))], writing=city.writing("supervisor")),
        lambda: ledger.void(rows=[Meeting(**_as_read(row))], writing=city.writing("supervisor", "登错")),
    ):
        entries = WriteEntry.objects.count()
        with pytest.raises(RowChanged), transaction.atomic():
            attempt()
        assert WriteEntry.objects.count() == entries
    assert (Meeting.objects.get().chair, Meeting.objects.get().version) == ("书记", 2)


def _as_read(row: Meeting) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.mark.django_db
def test_a_change_into_another_row_is_refused(city: City) -> None:
    meeting(city)
    other = meeting(city, title="另一个会")
    draft = Draft(1, {"title": MEETING["title"]})
    with pytest.raises(IntegrityError, match="key"), transaction.atomic():
        registry.get("meetings").change(changes=[(other, draft)], writing=city.writing("supervisor"))
    assert Meeting.objects.get(pk=other.pk).title == "另一个会"


@pytest.mark.django_db
def test_a_correction_makes_a_new_version_only_where_the_facts_differ(city: City) -> None:
    row = meeting(city)
    ledger = registry.get("meetings")
    ledger.change(changes=[(Meeting.objects.get(), Draft(1, {"chair": "书记"}))], writing=city.writing("supervisor"))
    assert len(versions("meetings")) == 1, "the facts do not hold the chair"
    ledger.change(changes=[(Meeting.objects.get(), Draft(1, {"held_on": date(2022, 10, 2)}))], writing=city.writing("supervisor"))
    old, new = versions("meetings")
    assert old.superseded_at == new.recorded_at and new.superseded_at is None and old.row_id == new.row_id == row.pk
    assert set(OutboxEntry.objects.filter(fact="meetings").values_list("partition", flat=True)) == {"2022-09", "2022-10"}


@pytest.mark.django_db
def test_the_audit_holds_before_and_after_with_people_encrypted(city: City) -> None:
    city.enter("measures", "supervisor", measure_values(city, 1))
    row = Measure.objects.get()
    draft = Draft(1, {"document_number": "改后文号"})
    registry.get("measures").change(changes=[(row, draft)], writing=city.writing("supervisor", "更正文号"))
    change = RowChange.objects.filter(row_id=row.pk).order_by("pk").last()
    assert change is not None and "改后文号" in change.after and "改后文号" not in change.before
    everything = "".join(f"{c.before}{c.after}" for c in RowChange.objects.all())
    assert "测试乙" not in everything and id_number(101) not in everything


@pytest.mark.django_db
def test_rows_of_an_import_on_its_way_in_are_seen_by_nobody(city: City) -> None:
    row = meeting(city)
    Meeting.everything.filter(pk=row.pk).update(batch_id=row.pk)
    InFlight.objects.create(batch_id=row.pk, since=row.recorded_at)
    ledger = registry.get("meetings")
    assert not Meeting.objects.exists()
    assert not queries.rows(ledger, city.actor("clerk"), TODAY).exists()
    assert queries.behind(ledger, city.actor("clerk"), TODAY, [row.pk])[1] == []
    InFlight.objects.all().delete()
    assert Meeting.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("broken", [{"void_reason": "", "voided_at": "2022-11-23T00:00:00+08:00"}])
def test_the_database_refuses_a_void_without_reason(city: City, broken: dict[str, Any]) -> None:
    meeting(city)
    with pytest.raises(IntegrityError, match="governance_meeting_void_has_reason"), transaction.atomic():
        Meeting.everything.update(**broken)


# --- reading -----------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_behind_a_number_stand_the_own_rows_and_for_the_rest_whose_they_are(city: City) -> None:
    city.enter("measures", "supervisor", measure_values(city, 1), measure_values(city, 2))
    city.enter("measures", "stranger", measure_values(city, 3, division=city.divisions["石桥社区"].pk))
    ids = list(Measure.objects.values_list("pk", flat=True))
    ledger = registry.get("measures")
    for who, mine, rest in (
        ("supervisor", 2, {"石桥镇人民政府": 1}),
        ("stranger", 1, {"龙洞镇人民政府": 2}),
        ("clerk", 0, {"龙洞镇人民政府": 2, "石桥镇人民政府": 1}),
        ("caseworker", 0, {"龙洞镇人民政府": 2, "石桥镇人民政府": 1}),
    ):
        seen, others = queries.behind(ledger, city.actor(who), TODAY, ids)
        assert seen.count() == mine
        assert {row["unit__name"]: row["count"] for row in others} == rest, who
        assert all(set(row) <= {"unit_id", "unit__name", "count"} for row in others), "how many and whose; no more"


@pytest.mark.django_db
def test_a_list_is_narrowed_by_place_days_and_codes(city: City) -> None:
    city.enter("measures", "supervisor", measure_values(city, 1), measure_values(city, 2, kind="CR", decided_on=date(2022, 1, 4)))
    ledger, actor = registry.get("measures"), city.actor("supervisor")

    def count(**wanted: Any) -> int:
        return queries.filtered(ledger, queries.rows(ledger, actor, TODAY), RowFilter(**wanted), TODAY).count()

    assert count() == 2
    assert count(division_id=city.divisions["龙洞镇"].pk) == 2 and count(division_id=city.divisions["大坪村"].pk) == 0
    assert count(start=date(2022, 1, 4)) == 1 and count(end=date(2022, 1, 4)) == 1, "from the first day, up to the day before the last"
    assert count(codes={"kind": ("CR",)}) == 1 and count(codes={"kind": ()}) == 2
    assert count(search=" 测试乙 ") == 1 and count(search=id_number(101).lower()) == 1 and count(search="测试") == 0


@pytest.mark.django_db
def test_a_ledger_by_years_takes_every_year_the_days_touch(city: City) -> None:
    place = city.divisions["龙洞镇"].pk
    city.enter("population", "clerk", *({"year": year, "division": place, "resident": 100, "source": "年鉴"} for year in (2020, 2021, 2022)))
    ledger, actor = registry.get("population"), city.actor("clerk")
    rows = queries.rows(ledger, actor, TODAY)
    wanted = RowFilter(start=date(2020, 12, 31), end=date(2022, 1, 1))
    assert {row.year for row in queries.filtered(ledger, rows, wanted, TODAY)} == {2020, 2021}
    assert Population.objects.count() == 3


# --- presenting --------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_same_masks_everywhere_numbers_even_in_clear_rows(city: City) -> None:
    city.enter("measures", "supervisor", measure_values(city, 1))
    ledger, row = registry.get("measures"), Measure.objects.select_related("client").get()
    expected = {"supervisor": "测试乙", "caseworker": "测试乙", "clerk": "测**", "officer": "测**", "doctor": "测**"}
    for who, name in expected.items():
        shown = {one.column.name: one for one in cells(ledger, row, city.actor(who), listed_only=False)}
        assert shown["name"].text == name
        assert shown["id_number"].text == mask_id_number(id_number(101)) and shown["id_number"].raw is None
        assert (shown["name"].raw is None) == (name != "测试乙"), "an export takes raw values: a masked one has none"


def test_a_phone_a_note_and_an_unknown_code() -> None:
    note = Column("note", "备注", Kind.LONG_TEXT, sensitivity=registry.get("tests").column("note").sensitivity)
    assert cell(note, "住在某处", clear=False).text == "***" and cell(note, "住在某处", clear=True).text == "住在某处"
    assert cell(Column("phone", "电话", Kind.PHONE), "13912345678", clear=True).text == "139****5678"
    assert mask_phone("12") == "***"
    assert cell(Column("kind", "措施", Kind.CODE, code_list="measures"), "no-such", clear=True).text == "no-such"


@given(st.decimals(min_value=Decimal("-1e9"), max_value=Decimal("1e9"), places=4))
def test_a_number_is_shown_exactly_without_tail_or_exponent(value: Decimal) -> None:
    text = number_text(value)
    assert Decimal(text) == value and "E" not in text.upper()
    assert "." not in text or not text.endswith("0")


KINDS: dict[Kind, Any] = {
    Kind.DATE: st.dates(),
    Kind.DECIMAL: st.decimals(allow_nan=False, allow_infinity=False, places=4),
    Kind.QUANTITY: st.decimals(min_value=0, max_value=10**7, places=4),
    Kind.INTEGER: st.integers(),
    Kind.TEXT: st.text(),
    Kind.BOOLEAN: st.booleans(),
    Kind.STAFF: st.lists(st.text(min_size=1), max_size=3),
}


@given(st.sampled_from(sorted(KINDS)).flatmap(lambda kind: st.tuples(st.just(Kind(kind)), KINDS[Kind(kind)])))
def test_a_value_survives_being_staged(pair: tuple[Kind, Any]) -> None:
    kind, value = pair
    assert codec.same(kind, codec.load_one(kind, codec.dump_one(value)), value)


def test_empty_is_empty_and_one_and_a_half_is_one_and_a_half() -> None:
    assert codec.same(Kind.TEXT, None, "") and codec.same(Kind.STAFF, [], None)
    assert codec.same(Kind.DECIMAL, Decimal("1.50"), "1.5") and not codec.same(Kind.DECIMAL, Decimal(0), None)
