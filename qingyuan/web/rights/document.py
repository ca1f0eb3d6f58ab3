"""The policy table on paper, for the file of the yearly review."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from qingyuan.documents.model import Align, Block, DocumentKind, Heading, OfficialDocument, Paragraph, Table
from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.enums import Role, Rows
from qingyuan.organisation.scope import rules_of
from qingyuan.web import rule_words
from qingyuan.web.rights.presenters import Review


def in_groups(text: str) -> str:
    """A check value in groups of eight, so that it can be read out and no line breaks it with a hyphen."""
    return " ".join(text[start : start + 8] for start in range(0, len(text), 8))


def paper(*, review: Review, issuer: str, printed_by: str, on: date) -> OfficialDocument:
    """A report with one table for each role, the check value of the file and who signed which one last."""
    body: list[Block] = [
        Paragraph.of(
            _(
                "本表是平台唯一的权限依据:没有写着的,看不到、不能办。治疗、帮扶、举报人、纪检和封存的记录任何人不能紧急查阅;作废的记录不在任何列表和数字里,只在审计日志留着。"
            )
        ),
        Paragraph.of(_("校验值:%(hash)s。") % {"hash": in_groups(review.digest)}),
        Paragraph.of(
            _("上次复核:%(said)s。%(state)s。") % {"said": review.signed or _("还没有"), "state": review.state}
        ),
    ]
    for role in Role:
        body.append(Heading(1, str(role.label)))
        rules = rules_of(role)
        if not rules:
            body.append(Paragraph.of(_("没有任何一行:看不到任何记录。")))
            continue
        rows = tuple(
            (
                f"{Compartment(rule.compartment).label}:{rule_words.what(rule)}",
                str(Rows(rule.rows).label),
                rule_words.acts(rule) + (f"({rule_words.states(rule)})" if rule.states else ""),
                rule_words.masks(rule) + (f";{rule_words.emergency(rule)}" if rule.emergency else ""),
                f"{rule.reason}。{rule_words.source(rule)}",
            )
            for rule in rules
        )
        titles = (_("台账"), _("哪些行"), _("可以"), _("个人信息"), _("理由与依据"))
        body.append(Table(titles, rows, widths=(2.2, 1.1, 1.5, 1.6, 2.4), align=(Align.LEFT,) * 5))
    return OfficialDocument(
        kind=DocumentKind.REPORT,
        title=_("权限总表"),
        body=tuple(body),
        signer=issuer,
        date=on,
        notice=_("演示城市 · 虚构数据") if settings.QINGYUAN_DEMO else "",
        printed_by=printed_by,
        printed_on=on,
    )
