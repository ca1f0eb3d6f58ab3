"""Which statutory clocks a measure and an isolation period run, from the columns of their rows alone. Pure.

社区戒毒: report (D20), agreement (D21, 及时), term (D22), refusals and absences (D24, D25, counted while it is carried out),
notice of the discharge (D30). 社区康复: report (D50), term (D51), notice (D52). 强制隔离戒毒: term (D40), notice before the
release (D46). 变更执行地: report at the new place (D27), papers sent on (D28). 动态管控: three years (D53). Rows beside a measure
(pauses, absences, moves, credited days) speak to its clocks too. What only one province has (D31, D48, D122, D123, D125, D128)
is not run: no text of this place says it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
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
MOVE_COLUMNS: Final = {
    "D27": {"start": "moved_on", "reported": "arrived_on"},
    "D28": {"start": "moved_on", "done": "papers_on"},
}
CONTROL_COLUMNS: Final = {"D53": {"start": "starts_on", "relapsed": "relapsed_on", "ended": "ended_on"}}
# 戒毒条例第二十四条: what ends the term, by the reason the row gives; the other reasons the clock has no word for.
_ENDS: Final = {
    "CD": {"discharged": "discharged", "terminated": "imprisoned", "to_labour": "imprisoned", "converted": "isolated"},
    "CR": {"discharged": "discharged", "terminated": "ended", "to_labour": "ended", "converted": "ended"},
}


@dataclass(frozen=True)
class Beside:
    """Rows of other ledgers that speak to the clocks of a measure, each in the order of their days."""

    suspensions: tuple[Any, ...] = ()
    absences: tuple[Any, ...] = ()
    moves: tuple[Any, ...] = ()
    credits: tuple[Any, ...] = ()


_ALONE: Final = Beside()


def of_move(row: Any, _pack: str = NATIONAL) -> list[Wanted]:
    """``row``: a change of place, or anything with its columns."""
    report = [Said("start", "moved_on", row.moved_on)]
    papers = list(report)
    if row.arrived_on:
        report.append(Said("reported", "arrived_on", row.arrived_on))
    if row.papers_on:
        papers.append(Said("done", "papers_on", row.papers_on))
    return [Wanted("D27", tuple(report)), Wanted("D28", tuple(papers))]


def of_control(row: Any, _pack: str = NATIONAL) -> list[Wanted]:
    """``row``: dynamic control of a person, or anything with its columns."""
    said = [Said("start", "starts_on", row.starts_on)]
    if row.relapsed_on:
        said.append(Said("relapsed", "relapsed_on", row.relapsed_on))
    if row.ended_on:
        said.append(Said("ended", "ended_on", row.ended_on))
    return [Wanted("D53", tuple(said))]


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
    received = row.served_on or row.decided_on
    said = [Said("received", column, received), *_pauses(row, "custody", received, row.reported_on)]
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
    # 禁毒法第四十八条第二款: rehabilitation is carried out as detox is, so it stands still on the same days.
    said += _pauses(row, "detained", row.reported_on)
    if kind == "CD":
        said += _credited(row)
    said += [Said("moved", _from("moved_on", one), one.moved_on) for one in _beside(row).moves if one.moved_on >= row.reported_on]
    word = _ENDS[kind].get(row.end_reason or "", "")
    if word and row.ended_on:
        said.append(Said(word, "ended_on", row.ended_on))
    return tuple(said)


def _counted(row: Any) -> list[Wanted]:
    """Refusals and absences are counted while the measure is carried out; a person records each refusal, an absence is a row."""
    away = tuple(said for one in _beside(row).absences for said in _away(one))
    return [Wanted("D24", closed_on=row.ended_on), Wanted("D25", away, closed_on=row.ended_on)]


def _away(row: Any) -> list[Said]:
    """What nobody has judged yet counts neither way. The day of return is no day away: the text leaves it open, so it is read
    in the person's favour."""
    if row.lawful is None:
        return []
    last = max(row.left_on, row.back_on - timedelta(days=1)) if row.back_on else None
    if row.lawful:
        last = last or max(row.left_on, row.until_on or row.left_on)
    return [Said("lawful" if row.lawful else "left", _from("left_on", row), row.left_on, until=last)]


def _beside(row: Any) -> Beside:
    found: Beside = getattr(row, "beside", _ALONE)
    return found


def _from(column: str, row: Any) -> str:
    """The column of a row beside: its id's end tells the rows of one ledger apart."""
    return f"{column}#{row.pk.hex[-8:]}"


def _pauses(row: Any, word: str, since: date, before: date | None = None) -> list[Said]:
    """The days on which the measure stood still, after ``since`` and begun before ``before``; each end a word of its own. A pause
    that began earlier and went on counts from ``since``."""
    found = []
    for one in _beside(row).suspensions:
        first = max(one.stopped_on, since)
        if (one.resumed_on and one.resumed_on <= first) or (before and first >= before):
            continue
        found.append(Said(word, _from("stopped_on", one), first, paper=one.document_number))
        if one.resumed_on and (before is None or one.resumed_on <= before):
            found.append(Said("released", _from("resumed_on", one), one.resumed_on))
    return found


def _credited(row: Any) -> list[Said]:
    """Credited days count from the report on, whatever day the decision has."""
    return [
        Said("credited", _from("credited_on", one), max(one.credited_on, row.reported_on), days=one.days, paper=one.document_number)
        for one in _beside(row).credits
    ]


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
