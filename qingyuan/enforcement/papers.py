"""The receipts of what the police serve on a person in a case or on the family, from the row of the party and what the officer fills in, and
the answer to who asks about the own records. Pure.

The decisions themselves are made in the police's own system; here their service is proved. 强制隔离戒毒决定书: the notice to the
family runs from its service (禁毒法第四十条). 行政处罚决定书: seven days where the person is not there when it is announced
(行政案件程序规定第三十六条). 拘留通知书、逮捕通知书: within a day to the family (刑事诉讼法第八十五、九十三条); their
clocks ask for more than that (送看守所, 讯问), so that an officer ends them, not a receipt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from qingyuan.casework.serving.answers import answer_form
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


def is_detained(row: Any) -> bool:
    return bool(row.outcome == "detained")


def is_arrested(row: Any) -> bool:
    return bool(row.outcome == "arrested")


def receipt_of(paper: str) -> Callable[[Any, Mapping[str, str]], ReceiptLines]:
    def lines(_row: Any, answers: Mapping[str, str]) -> ReceiptLines:
        return ReceiptLines(paper, answers["number"], answers["organ"])

    return lines


def _form(
    code: str, paper: str, articles: str, offered: Callable[[Any], bool], *, regime: str = "police", **more: Any
) -> PaperForm:
    return PaperForm(
        code=code,
        version=1,
        ledger="parties",
        title=f"{paper}送达回证",
        regime=regime,
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
    _form("isolation-receipt", "强制隔离戒毒决定书", "NL40", is_caught, says=(("D41", "start"),)),
    _form("detention-notice", "拘留通知书", "CPL85", is_detained, regime="criminal", within=1),
    _form("arrest-notice", "逮捕通知书", "CPL93", is_arrested, regime="criminal", within=1),
    answer_form("answer-party", "parties", regime="police", name=name_of),
)
