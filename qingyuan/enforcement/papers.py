"""The receipts of what the police serve on a person in a case, from the row of the party and what the officer fills in. Pure.

The decisions themselves are made in the police's own system; here their service is proved. 强制隔离戒毒决定书: the notice to the
family runs from its service (禁毒法第四十条). 行政处罚决定书: seven days where the person is not there when it is announced
(行政案件程序规定第三十六条).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from qingyuan.casework.serving.declared import PaperForm, Question, ReceiptLines

_WITHIN: Final = 7
_NUMBER: Final = Question("number", "文书号", "照原件填写")
_ORGAN: Final = Question("organ", "作出决定的公安机关", "全称,如“云岭市公安局”")


def name_of(row: Any) -> str:
    return str(row.name)


def is_caught(row: Any) -> bool:
    """Somebody the police have in hand, with no judge's word on him yet."""
    return row.caught_on is not None and row.outcome in ("", "penalised", "released", "not_prosecuted")


def is_penalised(row: Any) -> bool:
    return bool(row.outcome == "penalised")


def receipt_of(paper: str) -> Callable[[Any, Mapping[str, str]], ReceiptLines]:
    def lines(_row: Any, answers: Mapping[str, str]) -> ReceiptLines:
        return ReceiptLines(paper, answers["number"], answers["organ"])

    return lines


def _form(code: str, paper: str, articles: str, offered: Callable[[Any], bool], **more: Any) -> PaperForm:
    return PaperForm(
        code=code,
        version=1,
        ledger="parties",
        title=f"{paper}送达回证",
        regime="police",
        articles=articles,
        offered=offered,
        printed=None,
        receipt=receipt_of(paper),
        name=name_of,
        questions=(_NUMBER, _ORGAN),
        **more,
    )


FORMS: Final = (
    _form("penalty-receipt", "行政处罚决定书", "MPSADM19-36", is_penalised, within=_WITHIN),
    _form("detox-receipt", "责令社区戒毒决定书", "NL33;DR13", is_caught),
    _form("isolation-receipt", "强制隔离戒毒决定书", "NL40", is_caught, starts=(("D41", "start"),)),
)
