"""The assessment on paper: the three things PIPL 56 asks for, then every field, flow and risk as a table."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from qingyuan.documents.model import Align, Block, DocumentKind, Heading, OfficialDocument, Paragraph, Table
from qingyuan.governance.impact.content import Assessment
from qingyuan.reference.statutes import cite


def report(
    *, content: Assessment, place: str, issuer: str, on: date, changes: tuple[str, ...], signed: Any | None
) -> OfficialDocument:
    """A 报告 of ``content``; ``signed``: the sign-off it was signed with, or None for the state of today."""
    sensitive = sum(1 for line in content.fields if line.sensitivity == "敏感个人信息")
    body: list[Block] = [
        Paragraph.of(
            _("依据%(why)s和%(what)s,对%(place)s禁毒工作平台处理个人信息的情况评估如下。")
            % {"why": cite("PIPL55").label, "what": cite("PIPL56").label, "place": place}
        ),
        Heading(1, _("处理目的、处理方式是否合法、正当、必要")),
        Paragraph.of(
            _("平台共处理个人信息字段 %(all)d 项,其中敏感个人信息 %(sensitive)d 项。每一项的目的、依据、保存期限和可以看到的人见附表一,由程序的声明生成。")
            % {"all": len(content.fields), "sensitive": sensitive}
        ),
        Paragraph.of(_("平台不对个人打分、不预测个人、不作只凭自动化的决定;不收集民族、宗教、籍贯、人脸、定位。")),
        Heading(1, _("对个人权益的影响及安全风险")),
        *(
            Paragraph.of(_("%(code)s %(risk)s。受影响的人:%(who)s。程度:%(grave)s。") % {
                "code": line.code, "risk": line.risk, "who": line.who_is_harmed, "grave": line.grave,
            })
            for line in content.risks
        ),
        Heading(1, _("所采取的保护措施是否合法、有效并与风险程度相适应")),
        *(
            Paragraph.of(_("%(code)s %(measure)s。") % {"code": line.code, "measure": line.measure})
            for line in content.risks
        ),
        Heading(1, _("自上次签认以来的变化")),
        Paragraph.of("；".join(changes) + "。" if changes else _("没有变化。") if signed else _("尚未签认过。")),
    ]
    if signed is not None:
        body += [
            Heading(1, _("结论")),
            Paragraph.of(signed.conclusion),
            Paragraph.of(_("签认:%(name)s,%(day)s。") % {"name": signed.signed_by_name, "day": signed.signed_on.isoformat()}),
        ]
    body.append(Paragraph.of(_("内容校验值:%(digest)s") % {"digest": content.digest}))
    body += [Heading(1, _("附表一 个人信息字段")), _fields(content), Heading(1, _("附表二 流向")), _flows(content)]
    body += [Heading(1, _("附表三 证明措施有效的测试")), _tests(content)]
    return OfficialDocument(
        kind=DocumentKind.REPORT,
        title=_("%(place)s禁毒工作平台个人信息保护影响评估报告") % {"place": place},
        body=tuple(body),
        signer=issuer,
        date=on,
        notice=_("演示城市 · 虚构数据") if settings.QINGYUAN_DEMO else "",
        printed_by=issuer,
        printed_on=on,
    )


def _fields(content: Assessment) -> Table:
    return Table(
        headers=(_("字段"), _("级别与分区"), _("目的与依据"), _("保存期限"), _("谁能看")),
        rows=tuple(
            (
                line.what,
                f"{line.sensitivity},{line.compartment},{_('加密') if line.encrypted else _('不加密')}",
                f"{line.purpose}。{line.basis}",
                line.retention,
                "；".join(line.readers),
            )
            for line in content.fields
        ),
        widths=(1.1, 0.9, 1.7, 1.1, 1.4),
        align=(Align.LEFT,) * 5,
    )


def _tests(content: Assessment) -> Table:
    return Table(
        headers=(_("风险"), _("测试")),
        rows=tuple((line.code, line.holds_by) for line in content.risks),
        widths=(0.3, 3.0),
        align=(Align.LEFT,) * 2,
    )


def _flows(content: Assessment) -> Table:
    return Table(
        headers=(_("方式"), _("是什么"), _("带出什么"), _("到哪里"), _("限制")),
        rows=tuple((line.kind, line.what, line.carries, line.to, line.bounds) for line in content.flows),
        widths=(0.7, 1.2, 1.5, 1.2, 1.4),
        align=(Align.LEFT,) * 5,
    )
