"""What every paper of this room says alike: whose it is, what the measure is called, how a day is printed, how it is served."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from qingyuan.casework.serving.declared import PaperForm, Printed, Question, ReceiptLines
from qingyuan.rehabilitation.enums import MeasureKind

NAMES: Final = {MeasureKind.COMMUNITY_DETOX: "社区戒毒", MeasureKind.COMMUNITY_REHABILITATION: "社区康复"}
CONTACT: Final = Question("contact", "联系人、电话", "乡镇的工作电话", most=40)
REPORT_AT: Final = Question("place", "报到地点", "写到门牌和房间", most=60)
CONTACT_AT: Final = Question("place", "联系地点", "写到门牌和房间", most=60)


def name_of(row: Any) -> str:
    return str(row.client.name)


def measure_name(row: Any) -> str:
    """社区戒毒 or 社区康复, as the paper calls the measure."""
    return NAMES.get(row.kind, "社区戒毒")


def day_words(day: date | None) -> str:
    """A day as papers print it; room to write it in where there is none."""
    return f"{day.year}年{day.month}月{day.day}日" if day else "　　　　年　　月　　日"


def titled(pattern: str) -> dict[str, Any]:
    """The names a form takes from the measure of its row."""
    return {"titled": lambda row: pattern % measure_name(row), "titles": tuple(pattern % name for name in NAMES.values())}


def town_form(
    code: str,
    ledger: str,
    title: str,
    articles: str,
    *,
    offered: Callable[[Any], bool],
    printed: Callable[[Any, Mapping[str, str], str], Printed],
    questions: tuple[Question, ...] = (),
    after_measure: bool = False,
    **more: Any,
) -> PaperForm:
    """A paper the town makes and serves by its own rules; its receipt bears the paper's own number. ``after_measure``: the name of the
    row's measure stands before its title."""

    def receipt(row: Any, _answers: Mapping[str, str]) -> ReceiptLines:
        return ReceiptLines(f"{measure_name(row)}{title}" if after_measure else title)

    fixed: dict[str, Any] = {"version": 1, "receipt": receipt} | (titled(f"%s{title}") if after_measure else {}) | more
    return PaperForm(
        code=code, ledger=ledger, title=title, regime="town", articles=articles, offered=offered, printed=printed, name=name_of,
        questions=questions, **fixed,
    )  # fmt: skip
