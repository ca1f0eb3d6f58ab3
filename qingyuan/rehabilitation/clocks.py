"""Which statutory clocks a measure and an isolation period run, from the columns of their rows alone. Pure.

社区戒毒: report (D20), agreement (D21, 及时), term (D22), refusals and absences (D24, D25, counted while it is carried out),
notice of the discharge (D30). 社区康复: report (D50), term (D51), notice (D52). 强制隔离戒毒: term (D40), notice before the
release (D46). What only one province has (D31, D48, D122, D123, D125, D128) is not run: no text of this place says it.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from qingyuan.casework.clocks.wanted import Said, Wanted
from qingyuan.reference import measure_terms
from qingyuan.reference.packs import NATIONAL, get_pack
from qingyuan.rehabilitation.enums import MeasureKind

#: Which word of a clock comes from which column.
MEASURE_COLUMNS: Final = {
    "D20": {"received": "served_on", "reported": "reported_on", "revoked": "ended_on"},
    "D21": {"start": "reported_on", "done": "agreement_on"},
    "D22": {"reported": "reported_on", "discharged": "ended_on", "imprisoned": "ended_on", "isolated": "ended_on"},
    "D30": {"start": "ended_on"},
    "D50": {"received": "served_on", "reported": "reported_on"},
    "D51": {"reported": "reported_on", "discharged": "ended_on", "ended": "ended_on"},
    "D52": {"start": "ended_on"},
}
ISOLATION_COLUMNS: Final = {
    "D40": {"decided": "decided_on", "discharged": "released_on"},
    "D46": {"start": "ends_on"},
}
# 戒毒条例第二十四条: what ends the term, by the reason the row gives; the other reasons the clock has no word for.
_ENDS: Final = {
    "CD": {"discharged": "discharged", "terminated": "imprisoned", "to_labour": "imprisoned", "converted": "isolated"},
    "CR": {"discharged": "discharged", "terminated": "ended", "to_labour": "ended", "converted": "ended"},
}


def of_measure(row: Any, pack: str = NATIONAL) -> list[Wanted]:
    """``row``: a measure, or anything with its columns."""
    if row.kind == MeasureKind.COMMUNITY_DETOX:
        return _detox(row)
    return _rehabilitation(row, pack) if row.kind == MeasureKind.COMMUNITY_REHABILITATION else []


def of_isolation(row: Any, _pack: str = NATIONAL) -> list[Wanted]:
    """``row``: an isolation period, or anything with its columns."""
    said = [Said("decided", "decided_on", row.decided_on)]
    if row.released_on:
        said.append(Said("discharged", "released_on", row.released_on))
    found = [Wanted("D40", tuple(said), printed_on=row.ends_on)]
    if row.ends_on:
        notice = (Said("start", "ends_on", row.ends_on),)
        found.append(Wanted("D46", notice, closed_on=row.released_on, answered=False))
    return found


def _detox(row: Any) -> list[Wanted]:
    found = [_report("D20", row)]
    if row.reported_on is None:
        return found
    found += [_agreement(row), _term("D22", row, _said_of_term("CD", row)), *_counted(row)]
    return found + _notice("D30", row)


def _rehabilitation(row: Any, pack: str) -> list[Wanted]:
    found = [_report("D50", row)]
    term = _length(row.reported_on, row.ends_on, pack)
    if term:
        found.append(_term("D51", row, _said_of_term("CR", row, term)))
    return found + _notice("D52", row)


def _report(code: str, row: Any) -> Wanted:
    """Counted from receiving the decision; while no receipt is on file, from the decision, and the page says so."""
    column = "served_on" if row.served_on else "decided_on"
    said = [Said("received", column, row.served_on or row.decided_on)]
    if row.reported_on:
        said.append(Said("reported", "reported_on", row.reported_on))
    elif code == "D20" and row.end_reason == "revoked":
        said.append(Said("revoked", "ended_on", row.ended_on))
    return Wanted(code, tuple(said), closed_on=row.ended_on)


def _agreement(row: Any) -> Wanted:
    said = [Said("start", "reported_on", row.reported_on)]
    if row.agreement_on:
        said.append(Said("done", "agreement_on", row.agreement_on))
    return Wanted("D21", tuple(said), closed_on=row.ended_on)


def _term(code: str, row: Any, said: tuple[Said, ...]) -> Wanted:
    return Wanted(code, said, closed_on=row.ended_on, printed_on=row.ends_on)


def _said_of_term(kind: str, row: Any, term: str = "") -> tuple[Said, ...]:
    said = [Said("reported", "reported_on", row.reported_on, term=term)]
    word = _ENDS[kind].get(row.end_reason or "", "")
    if word and row.ended_on:
        said.append(Said(word, "ended_on", row.ended_on))
    return tuple(said)


def _counted(row: Any) -> list[Wanted]:
    """Refusals and absences are counted while the measure is carried out; a person records each."""
    return [Wanted(code, closed_on=row.ended_on) for code in ("D24", "D25")]


def _notice(code: str, row: Any) -> list[Wanted]:
    if row.end_reason != "discharged":
        return []
    return [Wanted(code, (Said("start", "ended_on", row.ended_on),), answered=False)]


def _length(reported_on: date | None, ends_on: date | None, pack: str) -> str:
    """The length a decision of 社区康复 must have set for its term to end on its printed day: whole months where they fit."""
    if reported_on is None or ends_on is None or ends_on < reported_on:
        return ""
    guess = (ends_on.year - reported_on.year) * 12 + ends_on.month - reported_on.month
    for months in (guess, guess + 1):
        if 1 <= months <= measure_terms.CR_MONTHS_MAX:
            term = measure_terms.measure_term("CR", reported_on, months, pack)
            if term.last_day == ends_on:
                return f"{months} month"
    start_counts = get_pack(pack).require("term.last_day", reported_on).value == "day_before"
    days = (ends_on - reported_on).days + (1 if start_counts else 0)
    longest = measure_terms.measure_term("CR", reported_on, months=measure_terms.CR_MONTHS_MAX, pack=pack)
    return f"{days} day" if 0 < days and ends_on <= longest.last_day else ""
