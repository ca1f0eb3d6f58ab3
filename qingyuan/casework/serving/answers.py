"""The answer to a request for one's own information as a paper about a row, alike in every room that holds rows about people.

A room declares one for each of its ledgers by which a person is found; ``journeys/desk`` numbers the answer of a request about the latest
such row, so that the paper is as open as that row and kept under the key of its compartment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from qingyuan.casework.serving.declared import PaperForm, Printed, Question, ReceiptLines
from qingyuan.documents.model import Block, Paragraph

ARTICLES: Final = "PIPL45;PIPL50"
TITLE: Final = "个人信息请求答复书"
_PRINTED: Final = "个人信息权利请求答复书"
QUESTIONS: Final = (
    Question("request", "请求编号", most=36),
    Question("addressee", "收件人", most=40),
    Question("received", "请求", most=400, long=True),
    Question("decided", "决定", most=4000, long=True),
    Question("remedy", "救济", most=200, long=True),
)


def printed(_row: Any, answers: Mapping[str, str], _unit: str) -> Printed:
    """What was decided about a request for one's own information; the copy of the records goes with it and is kept nowhere."""
    body: tuple[Block, ...] = (
        Paragraph.of(answers["received"]),
        *(Paragraph.of(line) for line in answers["decided"].splitlines() if line.strip()),
        Paragraph.of(answers["remedy"]),
    )
    return Printed(_PRINTED, body, addressee=answers["addressee"])


def answer_form(code: str, ledger: str, *, regime: str, name: Callable[[Any], str], offered: Callable[[Any], bool] = lambda _row: True) -> PaperForm:
    """``regime``: by whose rules the unit serves its papers; ``name``: of the person of a row."""
    return PaperForm(
        code=code,
        version=1,
        ledger=ledger,
        title=TITLE,
        regime=regime,
        articles=ARTICLES,
        offered=offered,
        printed=printed,
        receipt=lambda _row, _answers: ReceiptLines(f"{_PRINTED}（附副本）"),
        name=name,
        questions=QUESTIONS,
        by_hand=False,
    )
