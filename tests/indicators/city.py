"""A small made-up city written straight to fact files: no database, no rooms, only what the observatory reads.

County 1 holds the towns 2, 3, 4, 6 and 7; village 5 lies in town 2. Town 6 is merged into 3 on 2022-06-30; town 7 is dissolved
on 2022-05-01 and nobody says where it went. Prefecture 10 lies above the county.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from qingyuan.indicators.fact_files import CURRENT, DIVISION_NAMES, DIVISIONS, NAMES, PATHS, partition_file
from qingyuan.indicators.parquet_writer import FactVersion, put_in_place, write_facts, write_table
from qingyuan.indicators.refresh import _raise_version
from qingyuan.ledgers.facts import FactColumn, FactKind, FactTable

BORN = date(2019, 1, 1)
MERGED = date(2022, 6, 30)
GONE = date(2022, 5, 1)
TODAY = date(2022, 11, 23)

PATH_ROWS: list[tuple[int, int, int, date, date | None]] = [
    (10, 10, 0, BORN, None), (1, 1, 0, BORN, None), (10, 1, 1, BORN, None),
    (2, 2, 0, BORN, None), (1, 2, 1, BORN, None), (10, 2, 2, BORN, None),
    (3, 3, 0, BORN, None), (1, 3, 1, BORN, None), (10, 3, 2, BORN, None),
    (4, 4, 0, BORN, None), (1, 4, 1, BORN, None), (10, 4, 2, BORN, None),
    (5, 5, 0, BORN, None), (2, 5, 1, BORN, None), (1, 5, 2, BORN, None), (10, 5, 3, BORN, None),
    (6, 6, 0, BORN, None), (1, 6, 1, BORN, MERGED), (10, 6, 2, BORN, MERGED),
    (3, 6, 1, MERGED, None), (1, 6, 2, MERGED, None), (10, 6, 3, MERGED, None),
    (7, 7, 0, BORN, GONE), (1, 7, 1, BORN, GONE), (10, 7, 2, BORN, GONE),
]  # fmt: skip
NAME_ROWS: list[tuple[int, str, str, str, bool | None, date, date | None]] = [
    (10, "999900000000", "演示州", "prefecture", None, BORN, None),
    (1, "999981000000", "云岭市", "county", None, BORN, None),
    (2, "999981001000", "东山街道", "town", True, BORN, None),
    (3, "999981002000", "石桥镇", "town", False, BORN, None),
    (4, "999981003000", "青岩乡", "town", False, BORN, None),
    (5, "999981001001", "东山社区", "village", True, BORN, None),
    (6, "999981004000", "平寨镇", "town", False, BORN, MERGED),
    (7, "999981005000", "沙子镇", "town", False, BORN, GONE),
]
LOWEST = (2, 3, 4, 5, 6, 7)


def _table(name: str, kind: FactKind, *columns: tuple[str, Any] | tuple[str, Any, bool]) -> FactTable:
    def build(row: Any) -> None:
        raise AssertionError("the made-up city builds no facts from rows")

    made = tuple(FactColumn(item[0], item[1], item[0], len(item) > 2) for item in columns)
    return FactTable(name=name, kind=kind, columns=made, build=build)


EVENT, INTERVAL = FactKind.EVENT, FactKind.INTERVAL
FACTS: dict[str, FactTable] = {
    table.name: table
    for table in (
        _table("cases", EVENT, ("case_kind", "text"), ("offence", "text"), ("drug_main", "text"),
               ("solved", "integer", True), ("major", "boolean")),
        _table("parties", EVENT, ("role", "text"), ("gang_role", "text"), ("offence", "text"), ("caught", "integer", True)),
        _table("penalties", EVENT, ("act", "text"), ("kind", "text"), ("decisions", "integer", True)),
        _table("linked_crimes", EVENT, ("kind", "text"), ("basis", "text"), ("crimes", "integer", True)),
        _table("seizures", EVENT, ("drug", "text"), ("drug_group", "text"), ("net_g", "decimal", True),
               ("origin", "text"), ("place_kind", "text")),
        _table("measures", INTERVAL, ("kind", "text"), ("person", "text"), ("decided_on", "date"), ("served_on", "date"),
               ("report_due", "date"), ("reported_on", "date"), ("agreement_on", "date"), ("ends_on", "date"),
               ("ended_on", "date"), ("end_reason", "text")),
        _table("isolation", INTERVAL, ("person", "text"), ("decisions", "integer", True)),
        _table("tests", EVENT, ("person", "text"), ("result", "text", True), ("sample", "text"), ("purpose", "text")),
        _table("test_dues", EVENT, ("person", "text"), ("measure", "text"), ("opens_on", "date"), ("closes_on", "date"),
               ("done_on", "date"), ("outcome", "text"), ("schedule", "text")),
        _table("registrations", EVENT, ("registered", "integer"), ("current", "integer", True), ("in_contact", "integer", True),
               ("abstinent", "integer"), ("dead", "integer"), ("left", "integer"), ("newly_found", "integer", True),
               ("newly_found_rural", "integer", True)),
        _table("population", EVENT, ("resident", "integer")),
        _table("treatment_months", EVENT, ("agreements", "integer", True), ("outpatient", "integer", True),
               ("inpatient", "integer", True), ("in_maintenance", "integer", True), ("cohort", "integer", True),
               ("kept", "integer", True), ("gone", "integer", True), ("yearly", "boolean")),
        _table("meetings", EVENT, ("kind", "text"), ("chaired_by_first", "boolean"), ("special_topic", "boolean")),
        _table("instructions", EVENT, ("level", "text"), ("answered_on", "date"), ("due_on", "date")),
        _table("returns", EVENT, ("form", "text"), ("cell", "text"), ("value", "decimal", True), ("state", "text"),
               ("on_time", "boolean")),
        _table("return_dues", EVENT, ("form", "text"), ("due_on", "date"), ("submitted_on", "date"), ("on_time", "boolean")),
        _table("letters", EVENT, ("unit_kind", "text"), ("issued_on", "date"), ("signed_on", "date"), ("addendum", "boolean")),
        _table("targets", EVENT, ("measure", "text"), ("published_on", "date"), ("shares", "integer"), ("complete", "boolean")),
        _table("supervision_orders", EVENT, ("state", "text"), ("issued_on", "date"), ("received_on", "date"), ("due_on", "date"),
               ("answered_on", "date"), ("closed_on", "date"), ("extended", "boolean"), ("raised", "boolean"),
               ("sent_back", "integer")),
        _table("unit_tasks", EVENT, ("due_on", "date"), ("done_on", "date")),
        _table("unit_needs", EVENT, ("answer_by", "date"), ("answered_on", "date"), ("promised_on", "date"), ("met_on", "date"),
               ("state", "text")),
        _table("volunteers", INTERVAL, ("insured", "boolean")),
        _table("staff", INTERVAL, ("kind", "text")),
        _table("wastewater", EVENT, ("target", "text"), ("below_limit", "boolean"), ("mass_mg", "decimal"), ("served", "integer")),
        _table("reach_plan", INTERVAL, ("opens_on", "date"), ("done_on", "date"), ("outcome", "text"), ("kind", "text")),
        _table("survey_plan", EVENT, ("opens_on", "date"), ("done_on", "date"), ("outcome", "text")),
        _table("lesson_plan", EVENT, ("opens_on", "date"), ("done_on", "date"), ("outcome", "text"), ("stage", "text"),
               ("hours", "decimal")),
        _table("survey_rounds", EVENT, ("method", "text"), ("plant", "text"), ("found", "boolean", True),
               ("plants", "integer", True), ("eradicated", "integer")),
        _table("awareness_surveys", EVENT, ("stratum_size", "integer"), ("sampled", "integer"), ("valid", "integer"),
               ("weight_square", "decimal"), ("passed", "integer"), ("weighted_passed", "decimal")),
        _table("safety_surveys", EVENT, ("stratum_size", "integer"), ("sampled", "integer"), ("valid", "integer"),
               ("weight_square", "decimal"), ("satisfied", "integer"), ("weighted_satisfied", "decimal"),
               ("weighted_safe", "decimal"), ("safe_asked", "integer")),
    )
}  # fmt: skip


@dataclass
class City:
    """Facts by table; ``paths`` and ``names`` as the division tables hold them."""

    facts: dict[str, list[FactVersion]] = field(default_factory=lambda: defaultdict(list))
    paths: Sequence[tuple[int, int, int, date, date | None]] = tuple(PATH_ROWS)
    names: Sequence[tuple[int, str, str, str, bool | None, date, date | None]] = tuple(NAME_ROWS)

    def add(
        self,
        fact: str,
        day: date,
        division: int = 2,
        *,
        until: date | None = None,
        unit: int | None = 1,
        row: str | None = None,
        recorded: datetime | None = None,
        superseded: datetime | None = None,
        **data: Any,
    ) -> FactVersion:
        """One version of one fact; by default recorded on its day and never superseded."""
        version = FactVersion(
            row_id=row or f"{fact}-{len(self.facts[fact])}",
            happened_on=day,
            until=until,
            division_id=division,
            unit_id=unit,
            recorded_at=recorded or datetime(day.year, day.month, day.day, 4, tzinfo=UTC),
            superseded_at=superseded,
            data=data,
        )
        self.facts[fact].append(version)
        return version

    def write(self, folder: Path) -> Path:
        """All partitions, the divisions and a raised version."""
        for fact, versions in self.facts.items():
            for partition, members in _by_month(versions).items():
                target = partition_file(folder, fact, partition)
                write_facts(target, FACTS[fact], members)
                put_in_place(target)
        for name, columns, rows in ((DIVISIONS, PATHS, self.paths), (DIVISION_NAMES, NAMES, self.names)):
            write_table(folder / name / CURRENT, columns, rows)
            put_in_place(folder / name / CURRENT)
        _raise_version(folder, "made-up")
        return folder


def _by_month(versions: Iterable[FactVersion]) -> Mapping[str, list[FactVersion]]:
    months: dict[str, list[FactVersion]] = defaultdict(list)
    for version in versions:
        months[f"{version.happened_on:%Y-%m}"].append(version)
    return months
