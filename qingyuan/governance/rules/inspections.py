"""Pure rules of joint inspections: what is drawn from what, when a checklist is full, where a visit stands, what its row holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from qingyuan.casework.procedures.rules import StepRefused, clean_text
from qingyuan.foundation import draws
from qingyuan.governance.enums import Answer, Department, VisitState
from qingyuan.indicators.disclosure import SMALLEST
from qingyuan.reference.inspection_items import FILE, STATION, InspectionItem

#: Subjects of the policy table.
ROUNDS: Final = "inspection-rounds"
PARTS: Final = "inspection-parts"
VISITS: Final = "inspection-visits"
ALL_KINDS: Final = "*"
"""The stratum of a town whose kinds are not told apart, and of kinds with too few files to stand alone."""
MOST_TOWNS: Final = 60
MOST_FILES: Final = 400
LONGEST: Final = 500
USUAL_DAYS: Final = 30
"""Days to mend where nobody says otherwise: the practice of inspections, no term of law."""

Strata = Mapping[str, Sequence[str]]
Frame = Mapping[str, Strata]


def strata_of(kinds: Strata, *, by_kind: bool, smallest: int = SMALLEST) -> dict[str, list[str]]:
    """The files of one town by stratum. A kind with fewer than ``smallest`` files does not stand alone, so that no list says how few
    they are: it is drawn together with the other small ones, and where these are still too few with the smallest of the large."""
    whole = sorted(lot for lots in kinds.values() for lot in lots)
    if not by_kind:
        return {ALL_KINDS: whole} if whole else {}
    large = {kind: sorted(lots) for kind, lots in kinds.items() if len(lots) >= smallest}
    small = sorted(lot for kind, lots in kinds.items() if kind not in large for lot in lots)
    if not small:
        return large
    if len(small) < smallest and large:
        taken = min(large, key=lambda kind: (len(large[kind]), kind))
        small = sorted(small + large.pop(taken))
    return large | {ALL_KINDS: small}


def frame_of(files: Mapping[str, Strata], *, by_kind: bool, smallest: int = SMALLEST) -> tuple[dict[str, dict[str, list[str]]], list[str]]:
    """The towns from which is drawn, by code, and the codes of those with too few files (``smallest``), which are not drawn from."""
    frame = {code: strata_of(kinds, by_kind=by_kind, smallest=smallest) for code, kinds in sorted(files.items()) if size_of(kinds) >= smallest}
    return frame, [code for code in sorted(files) if code not in frame]


def size_of(strata: Strata) -> int:
    return sum(len(lots) for lots in strata.values())


def frame_hash(frame: Frame) -> str:
    """The frozen frame as one hash: of each town's code and the hash of its strata (``draws.strata_hash``)."""
    return draws.list_hash(f"{code}\t{draws.strata_hash(strata)}" for code, strata in frame.items())


def draw_round(seed: str, frame: Frame, *, towns: int, files: int) -> dict[str, dict[str, list[str]]]:
    """The towns drawn and the files drawn in them, by stratum: one seed, proportional shares that add up to ``files``.

    Every town drawn gives at least one file; where all of them together have fewer than ``files``, all are looked at. Raises BadDraw.
    """
    chosen = draws.draw(seed, sorted(frame), towns)
    sizes = {code: size_of(frame[code]) for code in sorted(chosen)}
    shares = draws.apportion(sizes, min(files, sum(sizes.values())), least=1)
    drawn = {}
    for code in chosen:
        inside = draws.apportion({name: len(lots) for name, lots in frame[code].items()}, shares[code])
        drawn[code] = {name: list(lots) for name, lots in draws.draw_strata(seed, frame[code], inside).items()}
    return drawn


def check_plan(*, starts_on: date, ends_on: date, towns: int, files: int, on: date) -> None:
    """Raises StepRefused with the field that is wrong."""
    if starts_on < on:
        raise StepRefused(_("开始日期已经过去,请选今天或以后的日子。"), "starts_on")
    if ends_on < starts_on:
        raise StepRefused(_("结束日期早于开始日期,请核对。"), "ends_on")
    if (ends_on - starts_on).days > 92:
        raise StepRefused(_("一次检查不超过一个季度,请把结束日期提前。"), "ends_on")
    if not 1 <= towns <= MOST_TOWNS:
        raise StepRefused(_("抽取乡镇数要在 1 到 %(most)s 之间。") % {"most": MOST_TOWNS}, "towns")
    if not towns <= files <= MOST_FILES:
        raise StepRefused(_("抽查档案总数不能少于乡镇数,也不能超过 %(most)s。") % {"most": MOST_FILES}, "files")


def check_finding(answer: str, finding: str) -> str:
    """The words of a finding as they are kept. What does not hold is said; nobody's number stands in it. Raises StepRefused."""
    if answer not in Answer.values:
        raise StepRefused(_("请选“符合”“不符合”或“不适用”。"), "answer")
    clean = clean_text(finding, LONGEST, _("发现的问题"), "finding")
    if answer == Answer.NO and not clean:
        raise StepRefused(_("不符合的,请写明发现了什么:只写事,不写人。"), "finding")
    return clean


@dataclass(frozen=True)
class Seen:
    """One item answered: at the station (``lot`` empty) or in a file."""

    item: str
    lot: str
    answer: str
    finding: str = ""
    mended: bool | None = None


def asked(items: Sequence[InspectionItem], lots: Sequence[str]) -> list[tuple[str, str]]:
    """Every (item, lot) a visit has to answer, the station first, then file by file."""
    station = [(one.code, "") for one in items if one.part == STATION]
    return station + [(one.code, lot) for lot in lots for one in items if one.part == FILE]


@dataclass(frozen=True)
class Tally:
    """What the answers add up to: ``wanted`` must be answered, ``checked`` were looked at (not applicable left out), ``failed`` of them do not hold."""

    wanted: int
    answered: int
    checked: int
    failed: int
    mended: int
    judged: int

    @property
    def full(self) -> bool:
        return self.answered == self.wanted


def tally(wanted: Iterable[tuple[str, str]], seen: Iterable[Seen]) -> Tally:
    places = set(wanted)
    found = [one for one in seen if (one.item, one.lot) in places]
    failed = [one for one in found if one.answer == Answer.NO]
    return Tally(
        wanted=len(places),
        answered=len(found),
        checked=sum(one.answer != Answer.NONE for one in found),
        failed=len(failed),
        mended=sum(one.mended is True for one in failed),
        judged=sum(one.mended is not None for one in failed),
    )


def state_of(*, here: bool, full: bool, final: bool, failed: int, ordered: bool, passed: bool | None) -> VisitState:
    """``here``: somebody signed in; ``full``: nothing is unanswered; ``final``: all four signed; ``ordered``: a supervision order is out."""
    if not final:
        return VisitState.DRAWN if not here else VisitState.SIGNING if full else VisitState.LOOKING
    if not failed:
        return VisitState.CLEAN
    if passed is not None:
        return VisitState.MENDED if passed else VisitState.AGAIN
    return VisitState.MENDING if ordered else VisitState.TO_ORDER


def unsigned(departments: Iterable[str]) -> list[Department]:
    """The departments of the four that have not signed yet."""
    signed = set(departments)
    return [one for one in Department if one not in signed]


def row_values(*, on: date, document: str, present: Iterable[str], files: int, counted: Tally, problems: Sequence[str], mend_by: date | None) -> dict[str, Any]:
    """The columns of the ledger's row. ``problems``: one sentence an item that failed."""
    there = set(present)
    return {
        "inspected_on": on,
        "document": document,
        **{one.value: one in there for one in Department},
        "files_drawn": files,
        "items_checked": counted.checked,
        "items_failed": counted.failed,
        "problems": "\n".join(problems)[:4000],
        "mend_by": mend_by if counted.failed else None,
        "rechecked_on": None,
        "recheck_passed": None,
    }


def problems_of(items: Sequence[InspectionItem], seen: Sequence[Seen]) -> list[str]:
    """One sentence for every item that failed anywhere: in how many files, and what was found; in the order of the checklist."""
    found = []
    for item in items:
        failed = [one for one in seen if one.item == item.code and one.answer == Answer.NO]
        if not failed:
            continue
        words = ";".join(dict.fromkeys(one.finding.rstrip("。;；") for one in failed if one.finding))
        where = f"({len(failed)}份)" if item.part == FILE else ""
        found.append(f"{item.name_zh}:不符合{where},{words}。")
    return found
