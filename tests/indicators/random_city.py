"""Random facts for the made-up city, dense around the days where a period, a boundary or the day of asking turns."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from qingyuan.reference.periods import Period
from tests.indicators.city import LOWEST, City

ROWS = 70
TURNS = tuple(
    date.fromisoformat(day)
    for day in (
        "2021-01-01", "2021-10-31", "2021-12-31", "2022-01-01", "2022-04-30", "2022-05-01", "2022-06-30", "2022-07-01",
        "2022-09-30", "2022-10-01", "2022-10-14", "2022-10-15", "2022-10-16", "2022-10-31", "2022-11-01", "2022-11-22",
        "2022-11-23", "2022-11-24", "2022-11-30",
    )
)  # fmt: skip
PEOPLE = ("p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", None)


def random_city(seed: int, *facts: str, rows: int = ROWS) -> City:
    """``rows`` facts of each table, about a third of them corrected or voided later."""
    random = Random(seed)
    city = City()
    for fact in facts:
        for number in range(random.randint(0, rows)):
            _add(random, city, fact, f"{fact}-{number}")
    return city


def _add(random: Random, city: City, fact: str, row: str) -> None:
    day = _dated(fact, a_day(random))
    until = maybe_day(random) if fact in ("measures", "isolation", "volunteers", "staff") else None
    until = date(day.year + 1, 1, 1) if fact == "reach_plan" else until
    until = until if until is not None and until > day else None
    division = random.choice(LOWEST)
    written = datetime(day.year, day.month, day.day, random.choice([0, 15, 16, 23]), tzinfo=UTC)
    replaced = written + timedelta(days=random.randint(1, 60)) if random.random() < 0.35 else None
    first = _data(random, fact) | _ended(random, fact, until)
    city.add(fact, day, division, until=until, row=row, recorded=written, superseded=replaced, **first)
    if replaced is not None and random.random() < 0.5:
        city.add(fact, day, division, until=until, row=row, recorded=replaced, **_data(random, fact), **_ended(random, fact, until))


def _ended(random: Random, fact: str, until: date | None) -> dict[str, Any]:
    """How and when a measure ended; the interval's end is that day."""
    if fact != "measures" or until is None:
        return {}
    reasons = ["discharged", "discharged", "converted", "terminated", "moved_out", "dead"]
    return {"ended_on": until, "end_reason": random.choice(reasons)}


def a_day(random: Random) -> date:
    if random.random() < 0.7:
        return random.choice(TURNS)
    return date(2021, 1, 1) + timedelta(days=random.randint(0, 720))


def maybe_day(random: Random) -> date | None:
    return None if random.random() < 0.3 else a_day(random)


def _dated(fact: str, day: date) -> date:
    """Cells stand on month ends, population on New Year's Day."""
    if fact in ("registrations", "returns", "return_dues", "treatment_months"):
        return Period.parse(f"{day:%Y-%m}").last_day
    return date(day.year, 1, 1) if fact in ("population", "letters", "targets") else day


def _data(random: Random, fact: str) -> dict[str, Any]:
    count = lambda: random.randint(0, 9)  # noqa: E731
    match fact:
        case "cases":
            major = None if random.random() < 0.2 else random.random() < 0.3
            return {"solved": 1, "major": major, "offence": random.choice(["347", "348"])}
        case "parties":
            role = random.choice(["suspect", "defendant", "punished"])
            return {"role": role, "gang_role": random.choice([None, "none", "organiser", "core", "member"]), "caught": 1}
        case "penalties":
            return {"kind": random.choice(["warning", "detention", "exempt"]), "decisions": 1}
        case "linked_crimes":
            return {"kind": random.choice(["theft", "robbery", "snatching", "fraud"]), "crimes": 1}
        case "tests":
            result = random.choice(["positive", "negative", "negative", "invalid"])
            return {"person": random.choice(PEOPLE), "result": result, "sample": random.choice(["urine", "hair"])}
        case "seizures":
            grams = None if random.random() < 0.1 else Decimal(random.randint(0, 50_000_000)) / 10_000
            return {"net_g": grams, "drug": random.choice(["OP01", "ST01", "ST02", "KE01", "CA02", "SC01", None])}
        case "measures":
            due = maybe_day(random)
            reported = due if random.random() < 0.3 else maybe_day(random)
            signed = maybe_day(random)
            kind = random.choice(["CD", "CR"])
            person = random.choice(PEOPLE)
            return {"kind": kind, "person": person, "report_due": due, "reported_on": reported, "agreement_on": signed}
        case "isolation":
            return {"person": random.choice(PEOPLE), "decisions": 1}
        case "test_dues":
            outcome = random.choice(["open", "done", "done", "excused", "cancelled"])
            return {"person": random.choice(PEOPLE), "outcome": outcome, "schedule": random.choice("AB")}
        case "registrations":
            rural = None if random.random() < 0.2 else count()
            cells = {name: count() for name in ("registered", "current", "abstinent", "dead", "left", "newly_found")}
            return {**cells, "current": random.choice([0, 0, cells["current"]]), "newly_found_rural": rural}
        case "treatment_months":
            cells = ("agreements", "outpatient", "inpatient", "in_maintenance", "cohort", "kept", "gone")
            yearly = random.random() < 0.5
            told = {name: random.choice([None, 0, random.randint(5, 40)]) for name in cells}
            return {**told, "yearly": yearly}
        case "population":
            return {"resident": random.randint(0, 90_000)}
        case "letters":
            signed, kind = maybe_day(random), random.choice(["town", "education"])
            return {"unit_kind": kind, "issued_on": a_day(random), "signed_on": signed, "addendum": random.random() < 0.2}
        case "targets":
            return {"measure": random.choice(["value", "rate"]), "published_on": maybe_day(random), "complete": random.random() < 0.7}
        case "supervision_orders":
            due, answered = a_day(random), maybe_day(random)
            answered = due if random.random() < 0.2 else answered
            closed = maybe_day(random) if answered is not None else None
            state = "withdrawn" if random.random() < 0.1 else "closed" if closed is not None else "received"
            return {"state": state, "due_on": due, "answered_on": answered, "closed_on": closed}
        case "unit_tasks":
            due = a_day(random)
            return {"due_on": due, "done_on": due if random.random() < 0.3 else maybe_day(random)}
        case "unit_needs":
            by = a_day(random)
            answered = by if random.random() < 0.3 else maybe_day(random)
            state = random.choice(["asked", "promised", "met", "refused", "withdrawn"])
            return {"answer_by": by, "answered_on": answered, "promised_on": maybe_day(random), "met_on": maybe_day(random), "state": state}
        case "volunteers":
            return {"insured": random.choice([True, False, None])}
        case "staff":
            return {"kind": random.choice(["officer", "social_worker", "part_time"])}
        case "wastewater":
            below = random.random() < 0.2
            mass = Decimal(0) if below else Decimal(random.randint(0, 90_000_000)) / 10_000
            target = random.choice(["METH", "METH", "KET"])
            return {"target": target, "below_limit": below, "mass_mg": mass, "served": random.randint(500, 90_000)}
        case "meetings":
            return {"special_topic": random.random() < 0.6, "chaired_by_first": random.random() < 0.5}
        case "returns":
            form = random.choice(["GA-JD-01", "FY-01"])
            cell = random.choice(["handled", "detained"])
            state = random.choice(["locked", "locked", "draft"])
            return {"form": form, "cell": cell, "state": state, "value": Decimal(random.randint(0, 300))}
        case "reach_plan":
            outcome = random.choice(["open", "done", "done", "cancelled"])
            done = a_day(random) if outcome == "done" else None
            return {"outcome": outcome, "done_on": done, "kind": random.choice(["village", "school", "home"])}
        case "survey_plan" | "lesson_plan":
            outcome = random.choice(["open", "open", "done", "done", "cancelled"])
            more = {"stage": random.choice(["primary", "junior"]), "hours": Decimal(random.choice([0, 0, 15, 40])) / 10}
            return {"outcome": outcome, **(more if fact == "lesson_plan" else {})}
        case "survey_rounds":
            plants = random.choice([0, 0, 0, random.randint(1, 600)])
            return {"found": plants > 0, "plants": plants, "eradicated": random.randint(0, plants)}
        case "awareness_surveys" | "safety_surveys":
            return _stratum(random, fact)
        case _:
            due = a_day(random)
            submitted = maybe_day(random)
            on_time = submitted is not None and submitted <= due
            return {"form": "GA-JD-01", "due_on": due, "submitted_on": submitted, "on_time": on_time}


def _stratum(random: Random, fact: str) -> dict[str, Any]:
    """A stratum whose people are whole hundreds of its sample, so that both ways of adding squares are exact."""
    valid, times = random.choice([50, 100, 200]), random.randint(2, 90)
    size, good = valid * times, random.randint(0, valid)
    sample = {"stratum_size": size, "sampled": valid + 5, "valid": valid, "weight_square": Decimal(size * times)}
    if fact == "awareness_surveys":
        return {**sample, "passed": good, "weighted_passed": Decimal(good * times)}
    safe = None if random.random() < 0.3 else random.randint(0, valid) * times
    asked = None if safe is None else size
    weighted = None if safe is None else Decimal(safe)
    return {**sample, "satisfied": good, "weighted_satisfied": Decimal(good * times), "weighted_safe": weighted, "safe_asked": asked}
