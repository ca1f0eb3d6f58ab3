"""Every indicator a second time, with loops a clerk could follow. Nothing here is shared with the quick way but the facts.

``OBVIOUS[code](city, place, period, as_of, known)`` gives ``{term: amount or None}``; amounts are exact.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

from qingyuan.indicators.parquet_writer import FactVersion
from qingyuan.reference.periods import Period
from tests.indicators.city import City

Amounts = dict[str, Decimal | None]
Rows = list[FactVersion]


class Asked:
    """One cell of a table: a place and a period, the period whose boundaries hold, the day of asking, the state of knowledge."""

    def __init__(
        self, city: City, place: int, period: Period, anchor: Period, as_of: date, known: datetime | None = None
    ) -> None:
        self.city, self.place, self.period, self.as_of, self.known = city, place, period, as_of, known
        self.map_day = anchor.last_day
        self.read_day = min(period.last_day, as_of)

    def rows(self, fact: str) -> Rows:
        """Current (or then known) versions of facts that count towards the place."""
        return [row for row in self.all_rows(fact) if self.inside(row.division_id)]

    def all_rows(self, fact: str) -> Rows:
        return [row for row in self.city.facts[fact] if self.is_known(row)]

    def is_known(self, row: FactVersion) -> bool:
        if self.known is None:
            return row.superseded_at is None
        return row.recorded_at <= self.known and (row.superseded_at is None or row.superseded_at > self.known)

    def inside(self, division: int) -> bool:
        begun = [path for path in self.city.paths if path[1] == division and path[3] <= self.map_day]
        holding = [path for path in begun if path[4] is None or path[4] > self.map_day]
        if not holding:
            ends = [path[4] for path in begun if path[4] is not None]
            holding = [path for path in begun if ends and path[4] == max(ends)]
        return any(path[0] == self.place for path in holding)

    def has_come(self, day: date | None) -> bool:
        return day is not None and self.period.start <= day <= self.read_day

    def unknown_yet(self, fact: str) -> bool:
        """Before the first month with any data of the whole city, and before the period has begun."""
        days = [row.happened_on for row in self.city.facts[fact]]
        return not days or self.period.end <= min(days).replace(day=1) or self.as_of < self.period.start

    def in_period(self, fact: str, dated: Callable[[FactVersion], date | None] | None = None) -> Rows:
        chosen = dated or (lambda row: row.happened_on)
        return [row for row in self.rows(fact) if self.has_come(chosen(row))]

    def newest_cells(self, fact: str, *, only_in_period: bool) -> Rows:
        """Each division's newest cell, of divisions that still existed when the newest cells were taken."""
        cells = [row for row in self.all_rows(fact) if row.happened_on <= self.read_day]
        if only_in_period:
            cells = [row for row in cells if row.happened_on >= self.period.start]
        if not cells:
            return []
        newest_of_all = max(row.happened_on for row in cells)
        chosen = []
        for division in {row.division_id for row in cells}:
            day = max(row.happened_on for row in cells if row.division_id == division)
            if self.existed(division, newest_of_all) and self.inside(division):
                chosen += [row for row in cells if row.division_id == division and row.happened_on == day]
        return chosen

    def existed(self, division: int, day: date) -> bool:
        return any(
            name[0] == division and name[5] <= day and (name[6] is None or name[6] > day) for name in self.city.names
        )


def when(row: FactVersion, column: str) -> date | None:
    value: date | None = row.data.get(column)
    return value


def total(rows: Rows, column: str) -> Decimal:
    amount = Decimal(0)
    for row in rows:
        if row.data.get(column) is not None:
            amount += Decimal(str(row.data[column]))
    return amount


def total_if_any(rows: Rows, column: str) -> Decimal | None:
    return total(rows, column) if any(row.data.get(column) is not None for row in rows) else None


def number(rows: Rows) -> Decimal:
    return Decimal(len(rows))


def people(rows: Rows) -> Decimal:
    return Decimal(len({row.data["person"] for row in rows if row.data.get("person") is not None}))


def e01(asked: Asked) -> Amounts:
    rows = asked.in_period("cases")
    return {"numerator": total(rows, "solved"), "major": total([r for r in rows if r.data.get("major")], "solved")}


def e02(asked: Asked) -> Amounts:
    rows = [row for row in asked.in_period("parties") if row.data["role"] != "punished"]
    leading = [row for row in rows if row.data["gang_role"] in ("organiser", "core")]
    members = [row for row in rows if row.data["gang_role"] == "member"]
    return {
        "numerator": total(rows, "caught"),
        "gang": total(leading, "caught") + total(members, "caught"),
        "organisers": total(leading, "caught"),
    }


def e05(asked: Asked) -> Amounts:
    rows = asked.in_period("seizures")
    kinds = {
        "heroin": ["OP01"],
        "methamphetamine": ["ST01", "ST02"],
        "ketamine": ["KE01"],
        "cannabis": ["CA01", "CA02", "CA03"],
        "cannabinoids": ["SC01"],
    }
    parts = {name: total([r for r in rows if r.data.get("drug") in drugs], "net_g") for name, drugs in kinds.items()}
    return {"numerator": total(rows, "net_g"), **parts}


def e06(asked: Asked) -> Amounts:
    rows = asked.in_period("cases")
    tiered = [row for row in rows if row.data.get("major") is not None]
    return {
        "numerator": total([row for row in tiered if row.data["major"]], "solved"),
        "denominator": total(tiered, "solved"),
        "untiered": total(rows, "solved") - total(tiered, "solved"),
    }


def ad02(asked: Asked) -> Amounts:
    rows = asked.in_period("penalties")
    exempt = [row for row in rows if row.data["kind"] == "exempt"]
    return {"numerator": total(rows, "decisions"), "exempt": total(exempt, "decisions")}


def lc01(asked: Asked) -> Amounts:
    rows = asked.in_period("linked_crimes")
    of = lambda *kinds: total([row for row in rows if row.data["kind"] in kinds], "crimes")  # noqa: E731
    return {"numerator": total(rows, "crimes"), "theft": of("theft"), "violent": of("robbery") + of("snatching")}


def e04(asked: Asked) -> Amounts:
    rows = asked.in_period("seizures")
    unweighed = [row for row in rows if row.data.get("net_g") is None]
    return {"numerator": total(rows, "net_g"), "seizures": number(rows), "unweighed": number(unweighed)}


def r01(asked: Asked) -> Amounts:
    due = [row for row in asked.in_period("measures", lambda r: when(r, "report_due")) if _due(row) < asked.as_of]
    reported = [row for row in due if when(row, "reported_on") is not None]
    on_time = [row for row in reported if _reported(row) <= _due(row)]
    return {
        "numerator": number(on_time),
        "denominator": number(due),
        "late": number(reported) - number(on_time),
        "missing": number(due) - number(reported),
    }


def r03(asked: Asked) -> Amounts:
    reported = asked.in_period("measures", lambda r: when(r, "reported_on"))
    signed = []
    for row in reported:
        day = when(row, "agreement_on")
        if day is not None and day <= asked.as_of:
            signed.append(row)
    return {
        "numerator": number(signed),
        "denominator": number(reported),
        "missing": number(reported) - number(signed),
    }


def r05(asked: Asked) -> Amounts:
    past = [row for row in asked.in_period("test_dues") if row.happened_on < asked.as_of]
    judged = [row for row in past if row.data["outcome"] not in ("excused", "cancelled")]
    missing = [row for row in judged if row.data["outcome"] != "done"]
    return {
        "numerator": number(judged) - number(missing),
        "denominator": number(judged),
        "missing": number(missing),
        "excused": number([row for row in past if row.data["outcome"] == "excused"]),
        "people": people(judged),
        "people_missing": people(missing),
    }


def r06(asked: Asked) -> Amounts:
    rows = [row for row in asked.in_period("tests") if row.data["result"] != "invalid"]
    positive = [row for row in rows if row.data["result"] == "positive"]
    return {
        "numerator": people(positive),
        "denominator": people(rows),
        "positive_tests": number(positive),
        "tests": number(rows),
    }


def r07(asked: Asked) -> Amounts:
    ended = [row for row in asked.in_period("measures", lambda r: when(r, "ended_on")) if row.data["kind"] == "CD"]
    of = lambda reason: number([row for row in ended if row.data["end_reason"] == reason])  # noqa: E731
    counted = {"converted": of("converted"), "terminated": of("terminated")}
    done = of("discharged")
    return {"numerator": done, "denominator": done + counted["converted"] + counted["terminated"], **counted}


def r08(asked: Asked) -> Amounts:
    detox = [row for row in asked.rows("measures") if row.data["kind"] == "CD"]
    running = []
    for row in detox:
        reported = when(row, "reported_on")
        over = row.until is not None and row.until < asked.period.start
        if reported is not None and reported <= asked.read_day and not over:
            running.append(row)
    converted = []
    for row in detox:
        reported, ended = when(row, "reported_on"), when(row, "ended_on")
        if row.data.get("end_reason") == "converted" and asked.has_come(ended) and reported is not None:
            assert ended is not None
            converted += [row] if reported <= ended else []
    assert all(row in running for row in converted), "the numerator is part of the denominator"
    return {"numerator": number(converted), "denominator": number(running)}


def r19(asked: Asked) -> Amounts:
    rows = asked.in_period("treatment_months")
    years = [row for row in rows if row.data["yearly"]]
    open_ = [row for row in years if row.data["kept"] is not None and row.data["cohort"] is not None]
    return {
        "numerator": total_if_any(open_, "kept"),
        "denominator": total_if_any(open_, "cohort"),
        "gone": total_if_any(open_, "gone"),
        "told": number(open_) if rows else None,
        "withheld": number(years) - number(open_) if rows else None,
    }


def r27(asked: Asked) -> Amounts:
    rows = asked.in_period("treatment_months")
    told = [row for row in rows if row.data["agreements"] is not None]
    return {
        "numerator": total_if_any(rows, "agreements"),
        "outpatient": total_if_any(rows, "outpatient"),
        "inpatient": total_if_any(rows, "inpatient"),
        "told": number(told) if rows else None,
        "withheld": number(rows) - number(told) if rows else None,
    }


def r25(asked: Asked) -> Amounts:
    day = asked.read_day
    running = []
    for row in asked.rows("measures"):
        reported = when(row, "reported_on")
        ended = row.until is not None and row.until <= day
        if row.happened_on <= day and not ended and reported is not None and reported <= day:
            running.append(row)
    return {
        "numerator": number(running),
        "detox": number([row for row in running if row.data["kind"] == "CD"]),
        "rehab": number([row for row in running if row.data["kind"] == "CR"]),
        "individuals": people(running),
    }


def r26(asked: Asked) -> Amounts:
    rows = asked.in_period("isolation")
    return {"numerator": total(rows, "decisions"), "individuals": people(rows)}


def g01(asked: Asked) -> Amounts:
    rows = [row for row in asked.in_period("meetings") if row.data.get("special_topic")]
    return {"numerator": number(rows), "first_chaired": number([r for r in rows if r.data.get("chaired_by_first")])}


def g09(asked: Asked) -> Amounts:
    cells = asked.newest_cells("registrations", only_in_period=True)
    amounts: Amounts = {"numerator": total_if_any(cells, "current")}
    for column in ("registered", "abstinent", "dead", "left"):
        amounts[column] = total_if_any(cells, column)
    affected = {row.division_id for row in cells if (row.data.get("current") or 0) > 0}
    amounts["reported_places"] = Decimal(len({row.division_id for row in cells})) if cells else None
    amounts["affected_places"] = Decimal(len(affected)) if cells else None
    return amounts


def g11(asked: Asked) -> Amounts:
    rows = asked.in_period("registrations")
    return {
        "numerator": total_if_any(rows, "newly_found"),
        "rural": total_if_any(rows, "newly_found_rural"),
        "reported_places": Decimal(len({row.division_id for row in rows})) if rows else None,
    }


def g11r(asked: Asked) -> Amounts:
    found = g11(asked)
    return {"numerator": found["rural"], "denominator": found["numerator"]}


def g12(asked: Asked) -> Amounts:
    population = asked.newest_cells("population", only_in_period=False)
    return {"numerator": g11(asked)["numerator"], "denominator": total_if_any(population, "resident")}


def g10(asked: Asked) -> Amounts:
    population = asked.newest_cells("population", only_in_period=False)
    return {"numerator": g09(asked)["numerator"], "denominator": total_if_any(population, "resident")}


def g13(asked: Asked) -> Amounts:
    found = g09(asked)
    return {"numerator": found["affected_places"], "denominator": found["reported_places"]}


def _due(row: FactVersion) -> date:
    day = when(row, "report_due")
    assert day is not None
    return day


def _reported(row: FactVersion) -> date:
    day = when(row, "reported_on")
    assert day is not None
    return day


def _returned(cell: str) -> Callable[[Asked], Amounts]:
    def amounts(asked: Asked) -> Amounts:
        rows = asked.in_period("returns")
        wanted = {"form": FORM, "cell": cell, "state": "locked"}
        matching = [row for row in rows if all(row.data.get(key) == value for key, value in wanted.items())]
        return {"numerator": total_if_any(matching, "value")}

    return amounts


def g07(asked: Asked) -> Amounts:
    due = [row for row in asked.in_period("return_dues") if row.data["due_on"] < asked.as_of]
    on_time = [row for row in due if row.data["on_time"]]
    never = [row for row in due if row.data["submitted_on"] is None or row.data["submitted_on"] > asked.as_of]
    return {
        "numerator": number(on_time),
        "denominator": number(due),
        "late": number(due) - number(on_time) - number(never),
        "missing": number(never),
    }


def g05(asked: Asked) -> Amounts:
    tally = {"numerator": 0, "denominator": 0, "late": 0, "pending": 0}
    for row in asked.in_period("supervision_orders"):
        order = row.data
        if order["state"] == "withdrawn" or not order["due_on"] < asked.as_of:
            continue
        in_time = order["answered_on"] is not None and order["answered_on"] <= order["due_on"]
        closed = order["closed_on"] is not None and order["closed_on"] <= asked.as_of
        if in_time and not closed:
            tally["pending"] += 1
            continue
        tally["denominator"] += 1
        if closed and in_time:
            tally["numerator"] += 1
        elif closed and order["answered_on"] is not None:
            tally["late"] += 1
    return {name: Decimal(count) for name, count in tally.items()}


def g02(asked: Asked) -> Amounts:
    issued = [row for row in asked.in_period("letters") if row.data["issued_on"] <= asked.as_of]
    signed = [row for row in issued if row.data["signed_on"] is not None and row.data["signed_on"] <= asked.as_of]
    return {
        "numerator": number(signed),
        "denominator": number(issued),
        "missing": number(issued) - number(signed),
        "addenda": number([row for row in issued if row.data["addendum"]]),
    }


def g03(asked: Asked) -> Amounts:
    rows = asked.in_period("targets")
    whole = []
    for row in rows:
        day = when(row, "published_on")
        if row.data["complete"] and day is not None and day <= asked.as_of:
            whole.append(row)
    return {"numerator": number(whole), "denominator": number(rows), "missing": number(rows) - number(whole)}


def g15(asked: Asked) -> Amounts:
    sampled = asked.in_period("wastewater")
    rows = [row for row in sampled if row.data["target"] == "METH"]
    return {
        "numerator": total_if_any(rows, "mass_mg"),
        "denominator": total_if_any(rows, "served"),
        "samples": number(rows) if sampled else None,  # water that was tested for something else only: none of this
        "below_limit": number([row for row in rows if row.data["below_limit"]]) if sampled else None,
    }


def g20(asked: Asked) -> Amounts:
    past = [row for row in asked.in_period("unit_needs") if row.data["answer_by"] < asked.as_of and row.data["state"] != "withdrawn"]
    good, late, missing, broken = 0, 0, 0, 0
    for row in past:
        by, answered = row.data["answer_by"], row.data["answered_on"]
        if answered is None or answered > asked.as_of:
            missing += 1
        elif answered > by:
            late += 1
        good += answered is not None and answered <= by
        promised, met = row.data["promised_on"], row.data["met_on"]
        broken += promised is not None and promised < asked.as_of and (met is None or met > promised)
    return {
        "numerator": Decimal(good), "denominator": number(past), "late": Decimal(late), "missing": Decimal(missing),
        "broken": Decimal(broken),
    }  # fmt: skip


def g19(asked: Asked) -> Amounts:
    past = [row for row in asked.in_period("unit_tasks") if row.data["due_on"] < asked.as_of]
    done = [row for row in past if row.data["done_on"] is not None]
    in_time = [row for row in done if row.data["done_on"] <= row.data["due_on"]]
    late = [row for row in done if row.data["due_on"] < row.data["done_on"] <= asked.as_of]
    not_yet = [row for row in past if row.data["done_on"] is None or row.data["done_on"] > asked.as_of]
    return {
        "numerator": number(in_time),
        "denominator": number(past),
        "late": number(late),
        "missing": number(not_yet),
    }


def standing(asked: Asked, fact: str) -> Rows:
    """Intervals open on the day that is read."""
    day = asked.read_day
    return [row for row in asked.rows(fact) if row.happened_on <= day and (row.until is None or row.until > day)]


def p17(asked: Asked) -> Amounts:
    rows = standing(asked, "volunteers")
    population = asked.newest_cells("population", only_in_period=False)
    return {
        "numerator": number(rows),
        "denominator": total_if_any(population, "resident"),
        "insured": number([row for row in rows if row.data["insured"]]),
    }


def r18(asked: Asked) -> Amounts:
    workers = standing(asked, "staff")
    officers = [row for row in workers if row.data["kind"] == "officer"]
    social_workers = [row for row in workers if row.data["kind"] == "social_worker"]
    return {
        "numerator": r25(asked)["numerator"],
        "denominator": number(officers) + number(social_workers),
        "officers": number(officers),
        "social_workers": number(social_workers),
    }

def p12(asked: Asked) -> Amounts:
    """Places listed for the year in which the period's last day lies: reached by that day, or not."""
    day, reached, waiting = asked.read_day, 0, 0
    for row in asked.rows("reach_plan"):
        if row.happened_on > day or (row.until is not None and row.until <= day):
            continue
        done = when(row, "done_on")
        if done is not None and done <= day:
            reached += 1
        elif row.data["outcome"] != "cancelled":
            waiting += 1
    return {"numerator": Decimal(reached), "denominator": Decimal(reached + waiting), "missing": Decimal(waiting)}


def _planned(fact: str) -> Callable[[Asked], Amounts]:
    def amounts(asked: Asked) -> Amounts:
        past = [row for row in asked.in_period(fact) if row.happened_on < asked.as_of]
        judged = [row for row in past if row.data["outcome"] != "cancelled"]
        missing = [row for row in judged if row.data["outcome"] == "open"]
        found: Amounts = {
            "numerator": number(judged) - number(missing),
            "denominator": number(judged),
            "missing": number(missing),
        }
        if fact == "lesson_plan":
            found["none"] = number([row for row in missing if row.data["hours"] == 0])
        return found

    return amounts


def e22(asked: Asked) -> Amounts:
    rows = asked.in_period("survey_rounds")
    return {"numerator": total(rows, "eradicated"), "denominator": total(rows, "plants")}


def e23(asked: Asked) -> Amounts:
    rows = asked.in_period("survey_rounds")
    walked = {row.division_id for row in rows}
    found = {row.division_id for row in rows if row.data["plants"] > 0}
    if not rows:
        return {"numerator": None, "denominator": Decimal(0), "found": Decimal(0)}
    return {
        "numerator": Decimal(len(walked - found)),
        "denominator": Decimal(len(walked)),
        "found": Decimal(len(found)),
    }


def _weighted(fact: str, good: str, *also: str) -> Callable[[Asked], Amounts]:
    """A sample of strata: the weighted good ones, all people of the strata, and what the sample is worth."""

    def amounts(asked: Asked) -> Amounts:
        rows = asked.in_period(fact)
        size = total_if_any(rows, "stratum_size")
        squares = total(rows, "weight_square")
        found: Amounts = {
            "numerator": total_if_any(rows, f"weighted_{good}"),
            "denominator": size,
            "effective": Decimal(str(float(size * size) / float(squares))) if size is not None else None,
        }
        return found | {name: total_if_any(rows, column) for name, column in (each.split(":") for each in also)}

    return amounts


def p01(asked: Asked) -> Amounts:
    found = _weighted("awareness_surveys", "passed", "passed:passed", "valid:valid")(asked)
    rows = asked.in_period("awareness_surveys")
    return found | {"strata": number(rows) if rows else None}


p02 = _weighted(
    "safety_surveys", "satisfied", "satisfied:satisfied", "valid:valid", "safe:weighted_safe", "safe_asked:safe_asked"
)

FORM = "GA-JD-01"
OBVIOUS: dict[str, tuple[tuple[str, ...], Callable[[Asked], Amounts]]] = {
    "E01": (("cases",), e01),
    "E02": (("parties",), e02),
    "E04": (("seizures",), e04),
    "E05": (("seizures",), e05),
    "E06": (("cases",), e06),
    "AD02": (("penalties",), ad02),
    "LC01": (("linked_crimes",), lc01),
    "R06": (("tests",), r06),
    "R07": (("measures",), r07),
    "R08": (("measures",), r08),
    "R01": (("measures",), r01),
    "R03": (("measures",), r03),
    "R05": (("test_dues",), r05),
    "R19": (("treatment_months",), r19),
    "R25": (("measures",), r25),
    "R26": (("isolation",), r26),
    "R27": (("treatment_months",), r27),
    "G01": (("meetings",), g01),
    "G05": (("supervision_orders",), g05),
    "G07": (("return_dues",), g07),
    "G09": (("registrations",), g09),
    "G10": (("registrations", "population"), g10),
    "G11": (("registrations",), g11),
    "G11R": (("registrations",), g11r),
    "G12": (("registrations", "population"), g12),
    "G13": (("registrations",), g13),
    "E09": (("returns",), _returned("handled")),
    "AD01": (("returns",), _returned("detained")),
    "G02": (("letters",), g02),
    "G03": (("targets",), g03),
    "G15": (("wastewater",), g15),
    "G19": (("unit_tasks",), g19),
    "G20": (("unit_needs",), g20),
    "P17": (("volunteers", "population"), p17),
    "R18": (("measures", "staff"), r18),
    "P01": (("awareness_surveys",), p01),
    "P02": (("safety_surveys",), p02),
    "P03": (("lesson_plan",), _planned("lesson_plan")),
    "P12": (("reach_plan",), p12),
    "E21": (("survey_plan",), _planned("survey_plan")),
    "E22": (("survey_rounds",), e22),
    "E23": (("survey_rounds",), e23),
}
#: Terms that read a fact of their own, and so are unknown by its own first month.
OTHER_FACT = {
    ("G10", "denominator"): "population",
    ("G12", "denominator"): "population",
    ("P17", "denominator"): "population",
    ("R18", "denominator"): "staff",
    ("R18", "officers"): "staff",
    ("R18", "social_workers"): "staff",
}


def amounts(code: str, asked: Asked) -> Amounts:
    """The terms of one cell, unknown where there was no data yet."""
    facts, compute = OBVIOUS[code]
    found = compute(asked)
    return {
        term: None if asked.unknown_yet(OTHER_FACT.get((code, term), facts[0])) else amount
        for term, amount in found.items()
    }


def end_of(known: date | None) -> datetime | None:
    """A moment as it is; a day up to its last moment in Shanghai, eight hours ahead of UTC."""
    if known is None or isinstance(known, datetime):
        return known
    return datetime(known.year, known.month, known.day, 15, 59, 59, 999999, tzinfo=UTC)
