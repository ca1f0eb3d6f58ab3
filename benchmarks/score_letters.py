"""How long 53 letters of 60 clauses take from a year's facts, beside a plain-Python loop over the same rows.

    python benchmarks/score_letters.py [TEST_DUES] [--trial | --units]

A made-up city of 53 towns with a year of facts (120 000 windows for tests, measures, meetings, returns due). One sheet of 60
clauses: 48 over five indicators, 12 given by hand. Ours: the indicators asked through the observatory with nothing kept from
before, then each letter scored with its explanation. The loop: the same rows fetched, counted town by town in dictionaries
and scored by hand-written arithmetic without any explanation. Both must come to the same totals. Prints medians of five.
The bar is 1 s for ours; the clock tells it on a machine with nothing else to do, the processor's time on any.

``--trial``: a second sheet tried on the same letters and facts, as the editor shows it to the office: both scores of every letter,
clause beside clause, with what is closed to the reader left out. The bar is 3 s.

``--units``: of the 53 letters 31 are member units', scored by a sheet of their own from what each unit keeps itself. Beside it the loop
counts the units' rows. The bar is the same 1 s: who answers for its own work is no dearer than who answers for a place.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django
import duckdb

django.setup()

from django.conf import settings  # noqa: E402

from qingyuan.governance.models import Letter, PublishedScheme  # noqa: E402
from qingyuan.governance.queries import inputs as letter_inputs  # noqa: E402
from qingyuan.governance.queries import scheme_trial, trees  # noqa: E402
from qingyuan.governance.scoring import Number, Scheme, check, score  # noqa: E402
from qingyuan.governance.scoring.scheme import Clause, Group, RuleSpec, WhenEmpty  # noqa: E402
from qingyuan.governance.scoring.serialise import scheme_hash  # noqa: E402
from qingyuan.indicators import store  # noqa: E402
from qingyuan.indicators.fact_files import (  # noqa: E402
    CURRENT,
    DIVISION_NAMES,
    DIVISIONS,
    FIXED_COLUMNS,
    NAMES,
    PATHS,
    column_type,
)
from qingyuan.indicators.parquet_writer import put_in_place, write_table  # noqa: E402
from qingyuan.indicators.queries import _data_from, _evaluated  # noqa: E402
from qingyuan.ledgers import registry  # noqa: E402
from qingyuan.organisation.models import Unit  # noqa: E402
from qingyuan.reference.periods import month  # noqa: E402

LETTERS: Final = 53
ON: Final = date(2022, 12, 31)
CODES: Final = ("R05", "R01", "R03", "G01", "G07")
UNITS: Final = tuple(range(1001, 1032))
UNIT_CODES: Final = ("G01", "G07", "G19")
CENT: Final = Decimal("0.01")
DAY: Final = "date '{start}' + (random() * {days})::integer"
MADE: Final = {
    "test_dues": {"person": "'p' || (random() * 3000)::integer", "outcome": "['done', 'done', 'done', 'excused', 'open'][1 + (random() * 4)::integer]"},
    "measures": {
        "person": "'p' || i",
        "report_due": f"{DAY}",
        "reported_on": f"case when random() < 0.9 then {DAY} end",
        "agreement_on": "case when random() < 0.8 then date '{start}' end",
    },
    "meetings": {"special_topic": "random() < 0.8", "chaired_by_first": "random() < 0.4"},
    "unit_tasks": {"due_on": f"{DAY}", "done_on": f"case when random() < 0.8 then {DAY} end"},
    "return_dues": {"due_on": f"{DAY}", "submitted_on": f"case when random() < 0.9 then {DAY} end", "on_time": "random() < 0.8"},
}


def write_city(folder: Path, rows: Mapping[str, int]) -> None:
    """Facts of equal size in every month of 2022, and one city with its towns."""
    maker = duckdb.connect()
    maker.execute("select setseed(0.7)")
    for table, count in rows.items():
        (folder / table).mkdir(parents=True)
        columns = {**FIXED_COLUMNS, **{item.name: column_type(item.type) for item in registry.facts()[table].columns}}
        for number in range(12):
            period = month(date(2022, 1, 1)).shift(number)
            gaps = {"start": period.start.isoformat(), "days": (period.end - period.start).days - 1}
            values = {
                "row_id": f"'{table}{number}-' || i",
                "happened_on": DAY.format(**gaps),
                "division_id": f"2 + floor(random() * {LETTERS})",
                "unit_id": f"{UNITS[0]} + floor(random() * {len(UNITS)})",
                "recorded_at": f"timestamp '{period.end}'",
                **{name: text.format(**gaps) for name, text in MADE[table].items()},
            }
            listed = ", ".join(f'cast({values.get(name, "null")} as {kind}) as "{name}"' for name, kind in columns.items())
            target = folder / table / f"{period}.parquet"
            maker.execute(f"copy (select {listed} from range({count // 12}) r(i)) to '{target}' (compression zstd)")
    maker.close()
    born, towns = date(2000, 1, 1), range(2, LETTERS + 2)
    paths = [(1, 1, 0, born, None)] + [(top, town, depth, born, None) for town in towns for top, depth in ((town, 0), (1, 1))]
    names = [(n, f"{n:012}", f"镇{n}", "city" if n == 1 else "town", None, born, None) for n in range(1, LETTERS + 2)]
    for name, columns_of, lines in ((DIVISIONS, PATHS, paths), (DIVISION_NAMES, NAMES, names)):
        write_table(folder / name / CURRENT, columns_of, lines)
        put_in_place(folder / name / CURRENT)
    (folder / "_version.json").write_text('{"version": 1}')


def sheet() -> Scheme:
    """Sixty clauses of ten points: tiers, linear, deductions, events and points by hand."""
    clauses = []
    for n in range(12):
        bands = [{"from": 80 - n, "points": 10}, {"from": 60 - n, "points": 6}, {"to": 60 - n, "points": 0}]
        line = {"unit": "%", "low": {"at": 20 + n, "points": 0}, "high": {"at": 90 + n, "points": 10}}
        per = {"each": Decimal("0.01") * (n + 1), "unit": "人次"}
        events = {"each": Decimal("0.1") * (n + 1), "words": "专题研究"}
        rate = ("indicator:R01", "indicator:R03", "indicator:G07")[n % 3]
        clauses += [
            made(f"{n}.1", RuleSpec("tiers", {"unit": "%", "bands": bands}), rate),
            made(f"{n}.2", RuleSpec("linear", line), "indicator:R05"),
            made(f"{n}.3", RuleSpec("deduct_per_missing", per), "indicator:R05.missing"),
            made(f"{n}.4", RuleSpec("per_event_cap", events), "indicator:G01"),
            made(f"{n}.5", RuleSpec("manual"), "manual:评定"),
        ]
    group = Group("1", "六十条", Decimal(600), tuple(clauses))
    return Scheme("many", "六十条", "1", date(2022, 1, 1), date(2023, 1, 1), Decimal(600), (group,))


def made(number: str, rule: RuleSpec, ref: str) -> Clause:
    text = ref if ref != "manual:评定" else f"manual:评定{number}"
    return Clause(number, "条款", Decimal(10), rule, inputs={"n": text}, when_empty=WhenEmpty.FULL)


def by_hand(scheme: Scheme, town: int) -> dict[str, Number]:
    return {f"manual:评定{n}.5": Number(value=Decimal((town * 7 + n) % 11)) for n in range(12)}


def ours(scheme: Scheme) -> dict[int, Decimal]:
    """Every indicator asked anew, every letter scored and explained."""
    forget()
    towns, digest = letter_inputs.of_towns(CODES, 1, ON), scheme_hash(scheme)
    return {
        town: score(scheme, {**towns.get(town, {}), **by_hand(scheme, town)}, ON, digest=digest).total
        for town in range(2, LETTERS + 2)
    }


def unit_sheet() -> Scheme:
    """Sixty clauses over what a unit keeps itself."""
    clauses = []
    for n in range(12):
        bands = [{"from": 80 - n, "points": 10}, {"from": 60 - n, "points": 6}, {"to": 60 - n, "points": 0}]
        line = {"unit": "%", "low": {"at": 20 + n, "points": 0}, "high": {"at": 90 + n, "points": 10}}
        per = {"each": Decimal("0.01") * (n + 1), "unit": "项"}
        events = {"each": Decimal("0.1") * (n + 1), "words": "专题研究"}
        clauses += [
            made(f"{n}.1", RuleSpec("tiers", {"unit": "%", "bands": bands}), "indicator:G07"),
            made(f"{n}.2", RuleSpec("linear", line), "indicator:G19"),
            made(f"{n}.3", RuleSpec("deduct_per_missing", per), "indicator:G19.missing"),
            made(f"{n}.4", RuleSpec("per_event_cap", events), "indicator:G01"),
            made(f"{n}.5", RuleSpec("manual"), "manual:评定"),
        ]
    group = Group("1", "六十条", Decimal(600), tuple(clauses))
    return Scheme("units", "六十条", "1", date(2022, 1, 1), date(2023, 1, 1), Decimal(600), (group,))


def mixed(of_towns: Scheme, of_units: Scheme) -> dict[int, Decimal]:
    """22 towns and 31 units, every indicator asked anew for each of the two kinds."""
    forget()
    towns, own = letter_inputs.of_towns(CODES, 1, ON), letter_inputs.of_units(UNIT_CODES, UNITS, ON)
    one, two = scheme_hash(of_towns), scheme_hash(of_units)
    some = range(2, LETTERS + 2 - len(UNITS))
    found = {town: score(of_towns, {**towns.get(town, {}), **by_hand(of_towns, town)}, ON, digest=one).total for town in some}
    return found | {unit: score(of_units, {**own.get(unit, {}), **by_hand(of_units, unit)}, ON, digest=two).total for unit in UNITS}


def units_by_hand() -> dict[int, Decimal]:
    """The units' totals by dictionaries and arithmetic."""
    held, kept, due, tasks, late, met = (Counter[int]() for _ in range(6))
    last = "date '2022-12-31'"
    for unit, on_time in store.query(f"select unit_id, on_time from fact_return_dues where {ALIVE} and due_on < {last}"):
        due[unit] += 1
        kept[unit] += bool(on_time)
    for unit, when, done in store.query(f"select unit_id, due_on, done_on from fact_unit_tasks where {ALIVE} and due_on < {last}"):
        tasks[unit] += 1
        met[unit] += done is not None and done <= when
        late[unit] += done is None or done > ON
    for (unit,) in store.query(f"select unit_id from fact_meetings where {ALIVE} and special_topic"):
        held[unit] += 1
    return {unit: _unit_sum(unit, kept[unit], due[unit], met[unit], tasks[unit], late[unit], held[unit]) for unit in UNITS}


def _unit_sum(unit: int, kept: int, due: int, met: int, tasks: int, missing: int, held: int) -> Decimal:
    total = Decimal(0)
    for n in range(12):
        rate = Decimal(kept) * 100 / due
        total += 10 if rate >= 80 - n else 6 if rate >= 60 - n else 0
        line = (Decimal(met) * 100 / tasks - (20 + n)) / 70 * 10
        total += min(max(line, Decimal(0)), Decimal(10)).quantize(CENT, ROUND_HALF_UP)
        total += max(Decimal(0), 10 - missing * CENT * (n + 1))
        total += min(Decimal(10), held * Decimal("0.1") * (n + 1))
        total += min(10, (unit * 7 + n) % 11)
    return total


def forget() -> None:
    """Nothing is kept from before, as after a change of the facts."""
    _evaluated.cache_clear()
    _data_from.cache_clear()
    letter_inputs._of_towns.cache_clear()
    letter_inputs._of_units.cache_clear()
    trees._shelf = trees._Shelf()


def other_sheet(scheme: Scheme) -> Scheme:
    """The same sixty clauses with dearer misses and dearer meetings."""
    dearer = {"deduct_per_missing": Decimal(2), "per_event_cap": Decimal("0.5")}

    def changed(clause: Clause) -> Clause:
        factor = dearer.get(clause.rule.kind)
        if factor is None:
            return clause
        each = Decimal(str(clause.rule.params["each"])) * factor
        return replace(clause, rule=RuleSpec(clause.rule.kind, {**clause.rule.params, "each": each}))

    groups = tuple(replace(group, clauses=tuple(map(changed, group.clauses))) for group in scheme.groups)
    return replace(scheme, version="2", groups=groups)


def letters_of_city(scheme: Scheme) -> list[Letter]:
    """A letter for each town, stored nowhere; numbers given by hand are handed in beside the database."""
    published = PublishedScheme(title=scheme.title, version=scheme.version)
    unit = Unit(name="镇", kind="town")
    letters = [
        Letter(id=uuid4(), city_id=1, division_id=town, year=ON.year, scheme=published, unit=unit)
        for town in range(2, LETTERS + 2)
    ]
    given = {one.pk: letter_inputs.OwnInputs(by_hand(scheme, one.division_id), ()) for one in letters}
    trees.own_inputs = lambda *_: given
    trees.scheme_of = scheme_trial.scheme_of = lambda _published: scheme
    # The office reads it: of every clause of every letter it is looked up whether it is closed.
    scheme_trial.sees_own_score = lambda *_: False
    return letters


def tried(scheme: Scheme, other: Scheme, letters: list[Letter], reader: Any) -> scheme_trial.Trial:
    forget()
    return scheme_trial.trial(other, letters, ON, reader)


ALIVE: Final = "superseded_at is null"
YEAR: Final = "between date '2022-01-01' and date '2022-12-31'"
ROWS: Final = {
    "R05": f"select division_id, outcome from fact_test_dues where {ALIVE} and happened_on < date '2022-12-31'",
    "R01": "select division_id, report_due, reported_on from fact_measures "
    f"where {ALIVE} and report_due {YEAR} and report_due < date '2022-12-31'",
    "R03": f"select division_id, agreement_on from fact_measures where {ALIVE} and reported_on {YEAR}",
    "G01": f"select division_id from fact_meetings where {ALIVE} and special_topic",
    "G07": f"select division_id, on_time from fact_return_dues where {ALIVE} and due_on < date '2022-12-31'",
}


def plain_loop(scheme: Scheme) -> dict[int, Decimal]:
    """The same by dictionaries and arithmetic, nothing explained."""
    done: dict[str, Counter[int]] = {code: Counter() for code in CODES}
    base: dict[str, Counter[int]] = {code: Counter() for code in CODES}
    for town, outcome in store.query(ROWS["R05"]):
        base["R05"][town] += outcome not in ("excused", "cancelled")
        done["R05"][town] += outcome == "done"
    for town, due, reported in store.query(ROWS["R01"]):
        base["R01"][town] += 1
        done["R01"][town] += reported is not None and reported <= due
    for town, agreed in store.query(ROWS["R03"]):
        base["R03"][town] += 1
        done["R03"][town] += agreed is not None and agreed <= ON
    for (town,) in store.query(ROWS["G01"]):
        done["G01"][town] += 1
    for town, on_time in store.query(ROWS["G07"]):
        base["G07"][town] += 1
        done["G07"][town] += bool(on_time)
    return {town: summed(town, done, base) for town in range(2, LETTERS + 2)}


def summed(town: int, done: Mapping[str, Counter[int]], base: Mapping[str, Counter[int]]) -> Decimal:
    total = Decimal(0)
    tested, due = done["R05"][town], base["R05"][town]
    for n in range(12):
        code = ("R01", "R03", "G07")[n % 3]
        rate = Decimal(done[code][town]) * 100 / base[code][town]
        total += 10 if rate >= 80 - n else 6 if rate >= 60 - n else 0
        line = (Decimal(tested) * 100 / due - (20 + n)) / 70 * 10
        total += min(max(line, Decimal(0)), Decimal(10)).quantize(CENT, ROUND_HALF_UP)
        total += max(Decimal(0), 10 - (due - tested) * CENT * (n + 1))
        total += min(Decimal(10), done["G01"][town] * Decimal("0.1") * (n + 1))
        total += min(10, (town * 7 + n) % 11)
    return total


def median_seconds(work: Callable[[], Any], times: int = 5) -> tuple[float, float]:
    """Medians of the wall clock and of processor time; they part where others work on the machine."""
    work()
    walls, cpus = [], []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return statistics.median(walls), statistics.median(cpus)


def compare_ways(scheme: Scheme, facts: int) -> None:
    if (first := ours(scheme)) != (second := plain_loop(scheme)):
        off = {town: (first[town], second[town]) for town in first if first[town] != second[town]}
        raise SystemExit(f"the two ways differ: {off}")
    engine, loop = median_seconds(lambda: ours(scheme)), median_seconds(lambda: plain_loop(scheme))
    towns = letter_inputs.of_towns(CODES, 1, ON)
    digest = scheme_hash(scheme)
    alone = median_seconds(
        lambda: [score(scheme, {**towns[t], **by_hand(scheme, t)}, ON, digest=digest) for t in range(2, LETTERS + 2)]
    )
    print(f"{LETTERS} letters × {len(list(scheme.clauses()))} clauses from {facts:,} facts")
    for name, (wall, cpu) in (("with explanation", engine), ("of it scoring", alone), ("plain loop", loop)):
        print(f"  {name:<17}{wall:6.3f} s wall  {cpu:6.3f} s processor")
    print(f"  ratio {engine[0] / loop[0]:.2f} wall, {engine[1] / loop[1]:.2f} processor")


def try_other_sheet(scheme: Scheme, facts: int) -> None:
    other, letters = other_sheet(scheme), letters_of_city(scheme)
    reader: Any = None
    effects = tried(scheme, other, letters, reader).letters
    if len(effects) != LETTERS or not all(any(clause.delta for clause in one.clauses) for one in effects):
        raise SystemExit("the second sheet changed nothing")
    wall, cpu = median_seconds(lambda: tried(scheme, other, letters, reader))
    print(f"a second sheet tried on {LETTERS} letters from {facts:,} facts")
    print(f"  both scores, clause beside clause {wall:6.3f} s wall  {cpu:6.3f} s processor")


def with_units(scheme: Scheme, facts: int) -> None:
    own, by_hand_too = unit_sheet(), units_by_hand()
    if problems := check(own):
        raise SystemExit("\n".join(map(str, problems)))
    found = mixed(scheme, own)
    if off := {unit: (found[unit], by_hand_too[unit]) for unit in UNITS if found[unit] != by_hand_too[unit]}:
        raise SystemExit(f"the two ways differ: {off}")
    wall, cpu = median_seconds(lambda: mixed(scheme, own))
    only, spent = median_seconds(lambda: ours(scheme))
    print(f"{LETTERS - len(UNITS)} letters of towns and {len(UNITS)} of units × 60 clauses from {facts:,} facts")
    print(f"  with explanation {wall:6.3f} s wall  {cpu:6.3f} s processor")
    print(f"  {LETTERS} of towns alone {only:6.3f} s wall  {spent:6.3f} s processor")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dues", type=int, nargs="?", default=120_000)
    parser.add_argument("--trial", action="store_true", help="time a second sheet tried on the same letters instead")
    parser.add_argument("--units", action="store_true", help="31 of the 53 letters are member units'")
    arguments = parser.parse_args()
    rows = {"test_dues": arguments.dues, "measures": 6_000, "meetings": 1_200, "return_dues": 3_600, "unit_tasks": 3_000}
    scheme = sheet()
    if problems := check(scheme):
        raise SystemExit("\n".join(map(str, problems)))
    with tempfile.TemporaryDirectory() as home:
        settings.QINGYUAN_FACTS = Path(home)
        write_city(Path(home), rows)
        letter_inputs.closing.closed_at = trees.known_at = lambda *_: None
        work = try_other_sheet if arguments.trial else with_units if arguments.units else compare_ways
        work(scheme, sum(rows.values()))


if __name__ == "__main__":
    main()
