"""What a look at patterns reads: entries by unit, months of figures against their lines, files that were laid down.

It reads whole ledgers as the machine does for figures; no account name, no person and no place is taken along, and what a
reader may see of it is decided again when a question is opened (``queries.questions``).
"""

from __future__ import annotations

import base64
import binascii
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from qingyuan.casework.enums import Outcome
from qingyuan.casework.models import Due
from qingyuan.documents.likeness import signs_of
from qingyuan.foundation import clock
from qingyuan.foundation.enums import Zone
from qingyuan.governance.enums import EvidenceKind, LetterState, PlanState
from qingyuan.governance.models import AssessmentEvidence, Letter, OrderFile, PatternFile, PictureSigns, TargetPlan
from qingyuan.governance.queries.inputs import subject_of
from qingyuan.governance.queries.schemes import scheme_of
from qingyuan.governance.rules.copies import Laid
from qingyuan.governance.rules.gaming import Entry, Month, Work
from qingyuan.governance.rules.questions import DUES, FILES, TYPED, TYPED_LEDGERS, WINDOW_LEDGERS
from qingyuan.governance.scoring.refs import parse_ref
from qingyuan.governance.scoring.scheme import Clause, Scheme
from qingyuan.indicators import catalogue
from qingyuan.indicators.definition import DENOMINATOR, NUMERATOR
from qingyuan.indicators.queries import evaluate
from qingyuan.indicators.query import IndicatorQuery
from qingyuan.ledgers import registry
from qingyuan.organisation.models import Unit
from qingyuan.reference.periods import Period

PICTURES: Final = ("image/png", "image/jpeg")
_HUNDRED: Final = Decimal(100)
_DONE: Final = "done"


@dataclass(frozen=True)
class Facts:
    """When a row was about and when it was entered, by the row's name; kept with the question, nothing else of the row is."""

    day: date | None
    at: datetime | None


@dataclass(frozen=True)
class Seen:
    """``work``: subject → unit → work. ``facts``: row → its days. ``looked``: what was counted, as the page prints it.

    ``opened``: signs of pictures that were opened for the first time ("" for one too plain), to be kept.
    """

    work: Mapping[str, Mapping[int, Work]]
    files: list[Laid]
    facts: Mapping[str, Facts]
    looked: list[dict[str, Any]] = field(default_factory=list)
    opened: Mapping[str, str] = field(default_factory=dict)


def gather(first: date, last: date) -> Seen:
    """Everything of the days from ``first`` to ``last``, both inside, by unit; clinics are in another network and left out."""
    units = set(Unit.objects.exclude(zone=Zone.HEALTH).values_list("pk", flat=True))
    facts: dict[str, Facts] = {}
    work: dict[str, dict[int, Work]] = {TYPED: _typed(first, last, facts)}
    work[DUES] = _dues(first, last, facts)
    for code in WINDOW_LEDGERS:
        work[code] = _windows(code, first, last, facts)
    work |= _figures(first, last, facts)
    within = {subject: {unit: one for unit, one in of.items() if unit in units} for subject, of in work.items()}
    laid, opened = _files(first, facts)
    files = [one for one in laid if one.unit in units]
    looked = [_told(subject, of) for subject, of in within.items() if of]
    looked.append({"subject": FILES, "units": len({one.unit for one in files}), "count": len(files)})
    return Seen(within, files, facts, looked, opened)


def _told(subject: str, of: Mapping[int, Work]) -> dict[str, Any]:
    count = sum(len(one.entries) + sum(len(months) for _share, months in one.months.values()) for one in of.values())
    return {"subject": subject, "units": len(of), "count": count}


# --- entries ---------------------------------------------------------------------------------------------------------------
def _typed(first: date, last: date, facts: dict[str, Facts]) -> dict[int, Work]:
    """Rows of the watched ledgers that were entered one by one. Rows of one moment came from a program."""
    by_unit: dict[int, list[Entry]] = defaultdict(list)
    known = {ledger.code: ledger for ledger in registry.all_ledgers()}
    for code in TYPED_LEDGERS:
        ledger = known.get(code)
        if ledger is None:
            continue
        path = ledger.column(ledger.dated_by).lookup
        rows = ledger.model.objects.filter(batch_id=None, **{f"{path}__range": (first, last)})
        for pk, unit, day, at in rows.values_list("pk", "unit_id", path, "recorded_at"):
            name = f"{code}/{pk}"
            facts[name] = Facts(day, at)
            by_unit[unit].append(Entry(name, day, at, clock.day_of(at)))
    return {unit: Work(_by_hand(entries)) for unit, entries in by_unit.items()}


def _by_hand(entries: Iterable[Entry]) -> list[Entry]:
    """Two rows of one unit at one and the same moment were written by a program, not typed."""
    listed = list(entries)
    moments = Counter(one.entered_at for one in listed)
    return [replace(one, imported=moments[one.entered_at] > 1) for one in listed]


def _dues(first: date, last: date, facts: dict[str, Facts]) -> dict[int, Work]:
    rows: Any = Due.objects.filter(outcome=Outcome.DONE, done_on__range=(first, last))
    found = ((f"{DUES}/{pk}", unit, done, closes - timedelta(days=1)) for pk, unit, done, closes in rows.values_list("pk", "unit_id", "done_on", "closes_on"))
    return _of_windows(found, facts)


def _windows(code: str, first: date, last: date, facts: dict[str, Facts]) -> dict[int, Work]:
    known = {ledger.code: ledger for ledger in registry.all_ledgers()}
    if code not in known:
        return {}
    rows = known[code].model.objects.filter(outcome=_DONE, done_on__range=(first, last))
    found = ((f"{code}/{pk}", unit, done, ends) for pk, unit, done, ends in rows.values_list("pk", "unit_id", "done_on", "last_day"))
    return _of_windows(found, facts)


def _of_windows(rows: Iterable[tuple[str, int, date, date]], facts: dict[str, Facts]) -> dict[int, Work]:
    """Windows that were answered. When the answer was typed does not matter here, so its day stands for the moment."""
    by_unit: dict[int, list[Entry]] = defaultdict(list)
    for name, unit, done, ends in rows:
        facts[name] = Facts(done, None)
        moment = datetime.combine(done, datetime.min.time(), tzinfo=clock.ZONE)
        by_unit[unit].append(Entry(name, done, moment, done, ends, imported=True))
    return {unit: Work(entries) for unit, entries in by_unit.items()}


# --- figures ---------------------------------------------------------------------------------------------------------------
def lines_of(scheme: Scheme, on: date) -> set[tuple[str, Decimal]]:
    """(indicator, per cent) at which a clause in force begins to give other points. Only shares of whole counts."""
    found: set[tuple[str, Decimal]] = set()
    for clause in scheme.clauses():
        if not clause.in_force(on):
            continue
        name = clause.inputs.get(str(clause.rule.params.get("input", "")), "")
        if not name.startswith("indicator:"):
            continue
        ref = parse_ref(name)
        if ref.part in ("", "value"):
            found |= {(ref.code, at) for at in _lines(clause) if Decimal(0) < at < _HUNDRED}
    return found


def _lines(clause: Clause) -> Iterator[Decimal]:
    params: Mapping[str, Any] = clause.rule.params
    if clause.rule.kind == "tiers":
        bands: Any = params.get("bands") or ()
        yield from (Decimal(str(band["from"])) for band in bands if "from" in band)
    if clause.rule.kind == "linear":
        yield from (Decimal(str(params[side]["at"])) for side in ("low", "high"))


def _figures(first: date, last: date, facts: dict[str, Facts]) -> dict[str, dict[int, Work]]:
    """By indicator: the months of each letter's unit against the lines of its sheet and the town's published target."""
    asked: dict[str, dict[int, set[Decimal]]] = defaultdict(lambda: defaultdict(set))
    letters = list(Letter.objects.filter(state=LetterState.SIGNED, year=last.year).select_related("scheme"))
    for letter in letters:
        for code, share in lines_of(scheme_of(letter.scheme), last):
            asked[code][letter.pk].add(share)  # type: ignore[index]
    for code, bearer, share in _targets(last.year):
        for letter in letters:
            if bearer == (letter.unit_id if letter.is_of_unit else None, letter.division_id):
                asked[code][letter.pk].add(share)  # type: ignore[index]
    by_id = {letter.pk: letter for letter in letters}
    return {code: _months(code, {by_id[pk]: shares for pk, shares in of.items()}, first, last, facts) for code, of in asked.items()}  # type: ignore[index]


def _targets(year: int) -> Iterator[tuple[str, tuple[int | None, int], Decimal]]:
    """Indicator, who bears the share (the member unit, or None and the town's division), and the rate agreed."""
    plans = TargetPlan.objects.filter(state=PlanState.PUBLISHED, year=year).prefetch_related("shares")
    for plan in plans:
        if plan.measure == "rate":
            yield from (
                (plan.indicator, (share.unit_id, share.division_id), share.agreed)
                for share in plan.shares.all()
                if 0 < share.agreed < _HUNDRED
            )


def _months(
    code: str, letters: Mapping[Letter, set[Decimal]], first: date, last: date, facts: dict[str, Facts]
) -> dict[int, Work]:
    indicator = catalogue.get(code, last)
    if not indicator.proportion or not letters:
        return {}
    period = Period.parse(f"{first:%Y-%m}..{last:%Y-%m}")
    found: dict[int, Work] = {}
    for city in sorted({letter.city_id for letter in letters}):
        towns = evaluate(IndicatorQuery(code, period, children_of=city, months=True))
        units = tuple(sorted({letter.unit_id for letter in letters if letter.is_of_unit and letter.city_id == city}))
        own = evaluate(IndicatorQuery(code, period, unit_ids=units, months=True)) if units and indicator.by_unit else None
        for letter, shares in letters.items():
            matrix, whose = (own if letter.is_of_unit else towns), subject_of(letter)
            if letter.city_id != city or matrix is None or whose not in matrix.names:
                continue
            months = {}
            for share in sorted(shares):
                listed = []
                for month in period.months():
                    terms = matrix.terms(whose, month)
                    done, of = terms[NUMERATOR], terms[DENOMINATOR]
                    if done is None or of is None or done != int(done) or of != int(of):
                        continue
                    name = f"{code}/{letter.unit_id}/{month}/{share.normalize():f}"
                    facts[name] = Facts(month.last_day, None)
                    listed.append(Month(int(done), int(of), name))
                months[f"{share.normalize():f}"] = (share, listed)
            found[letter.unit_id] = Work((), months)
    return found


# --- files -----------------------------------------------------------------------------------------------------------------
def _files(first: date, facts: dict[str, Facts]) -> tuple[list[Laid], dict[str, str]]:
    """Files that units laid down as evidence since ``first``, and the signs of those opened now: a picture is opened once."""
    since = datetime.combine(first, datetime.min.time(), tzinfo=clock.ZONE)
    signs = dict(PictureSigns.objects.values_list("row", "signs"))
    found: list[Laid] = []
    opened: dict[str, str] = {}
    orders = OrderFile.objects.filter(stored_at__gte=since).values_list("pk", "order__unit_id", "order_id", "digest", "media_type", "stored_at")
    proofs = AssessmentEvidence.objects.filter(kind=EvidenceKind.FILE, withdrawn_at=None, at__gte=since).values_list(
        "pk", "assessment__unit_id", "assessment_id", "digest", "media_type", "at"
    )
    answers = PatternFile.objects.filter(stored_at__gte=since).values_list("pk", "question__unit_id", "question_id", "digest", "media_type", "stored_at")
    for kind, rows in (("order", orders), ("assessment", proofs), ("question", answers)):
        for pk, unit, matter, digest, media, at in rows:
            name = f"{kind}/{pk}"
            facts[name] = Facts(None, at)
            if media in PICTURES and name not in signs:
                signs[name] = opened[name] = _signs(kind, pk)
            text = signs.get(name, "") if media in PICTURES else ""
            found.append(Laid(name, unit, kind, str(matter), digest, int(text, 16) if text else None))
    return found, opened


def _signs(kind: str, pk: Any) -> str:
    model: Any = {"order": OrderFile, "assessment": AssessmentEvidence, "question": PatternFile}[kind]
    try:
        data = base64.b64decode(model.objects.get(pk=pk).content or "")
    except (binascii.Error, ValueError):
        return ""
    signs = signs_of(data)
    return "" if signs is None else f"{signs:064x}"

