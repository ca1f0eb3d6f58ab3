"""Pure rules of letters: number, and how a page of one is known."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from qingyuan.documents.page_code import PageKind

PAGE: Final = PageKind(
    mark="QY1",
    of_another=_("扫描件上的二维码属于另一份责任书，请核对后上传到对应的那一份。"),
    of_other_content=_("扫描件的核验码与本责任书内容不符：纸上签的不是现在这一稿，请重新打印签订。"),
    mistyped=_("录入的核验码与本责任书不符，请照纸上核对(共四组，每组四位)。"),
)


def number_text(head: str, year: int, serial: int) -> str:
    """«云禁责〔2022〕9号» (GB/T 9704: full year in hexagonal brackets, no leading zeros)."""
    return f"{head}〔{year}〕{serial}号"
