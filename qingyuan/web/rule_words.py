"""A line of the policy table in the words of an office: which rows, what may be done, what stands masked, and why."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.words import said
from qingyuan.ledgers import registry
from qingyuan.organisation.enums import Action, Look
from qingyuan.organisation.policy import Rule
from qingyuan.reference import statutes

#: What is no ledger of a room and has a line of its own all the same.
OTHERS: Final[dict[str, Promise]] = {
    "audit": gettext_lazy("审计日志"),
    "accounts": gettext_lazy("账号与授权"),
    "policy": gettext_lazy("权限总表"),
    "emergency": gettext_lazy("紧急查阅"),
    "retention": gettext_lazy("到期处理"),
    "data-requests": gettext_lazy("个人信息权利请求"),
    "data-request-answers": gettext_lazy("答复个人信息请求"),
    "letters": gettext_lazy("责任书"),
    "returns": gettext_lazy("报表"),
    "targets": gettext_lazy("年度指标"),
    "target-bids": gettext_lazy("对分解数的意见"),
    "programmes": gettext_lazy("几年的行动计划"),
    "unit_needs": gettext_lazy("需要配合的事"),
    "need-answers": gettext_lazy("配合别的单位"),
    "schemes": gettext_lazy("考核办法"),
    "papers": gettext_lazy("公文"),
    "paper-templates": gettext_lazy("公文模板"),
    "paper-receipts": gettext_lazy("收文"),
    "order-issuing": gettext_lazy("发出督办单"),
    "order-answers": gettext_lazy("承办督办单"),
    "assessment-rounds": gettext_lazy("组织考核评审"),
    "assessment-answers": gettext_lazy("自评和异议"),
    "pattern_questions": gettext_lazy("数据问询"),
    "question-asking": gettext_lazy("决定数据问询"),
    "question-answers": gettext_lazy("说明数据问询"),
    "assessment-reviews": gettext_lazy("评审考核条款"),
    "consequences": gettext_lazy("奖惩事项"),
    "consequence-replies": gettext_lazy("奖惩事项的陈述、异议和整改"),
    "foreign_forms": gettext_lazy("来表"),
    "figure_requests": gettext_lazy("要数"),
    "figure_answers": gettext_lazy("要数的答复"),
    "closings": gettext_lazy("关账"),
    "test-dues": gettext_lazy("应做的检测"),
    "hand-overs": gettext_lazy("移交"),
    "hand-over-offers": gettext_lazy("移交来的"),
    "hand-over-alarms": gettext_lazy("逾期没有答复的移交"),
    "gate-signing": gettext_lazy("依法移交的签字"),
    "inspection-rounds": gettext_lazy("组织联合检查"),
    "inspection-parts": gettext_lazy("参加联合检查"),
    "own-requests": gettext_lazy("本人提出的申请"),
    "absence-reasons": gettext_lazy("离开的事由"),
    "referrals": gettext_lazy("帮扶转介"),
    "referral-inbox": gettext_lazy("转介来的帮扶"),
    "support-reviews": gettext_lazy("帮扶评估"),
    "care-plan-approval": gettext_lazy("个案计划的同意和退回"),
    "campaigns": gettext_lazy("普查"),
    "gate-inbox": gettext_lazy("依法移交的收件"),
}
STATES: Final[dict[str, Promise]] = {
    "draft": gettext_lazy("填报中"),
    "sent_back": gettext_lazy("已退回"),
    "submitted": gettext_lazy("已报送"),
    "approved": gettext_lazy("已审定"),
    "signed": gettext_lazy("已签发"),
    "locked": gettext_lazy("已锁定(另出更正)"),
}


def title(code: str) -> str:
    """The title of a ledger, or of what else the table speaks about."""
    try:
        return said(registry.get(code).title)
    except registry.UnknownLedger:
        return str(OTHERS.get(code, code))


def what(rule: Rule) -> str:
    """Which ledgers a rule is about."""
    if rule.ledgers:
        return "、".join(title(code) for code in sorted(rule.ledgers))
    words = _("%(compartment)s的全部台账") % {"compartment": Compartment(rule.compartment).label}
    if rule.but:
        return _("%(all)s,%(but)s除外") % {"all": words, "but": "、".join(title(code) for code in sorted(rule.but))}
    return words


def acts(rule: Rule) -> str:
    return "、".join(str(action.label) for action in Action if action in rule.actions)


def masks(rule: Rule) -> str:
    """What of a person stands open, and what only by a logged look."""
    if not rule.clear:
        return _("个人信息遮盖")
    looks = "、".join(str(look.label) for look in Look if look in rule.looks)
    return _("姓名不遮盖;%(looks)s逐次显示、记入日志") % {"looks": looks} if looks else _("姓名不遮盖,号码遮盖")


def states(rule: Rule) -> str:
    """In which states of a row an action holds; empty when in every one."""
    return ";".join(
        _("%(states)s时可%(act)s")
        % {"act": action.label, "states": "、".join(str(STATES.get(s, s)) for s in sorted(held))}
        for action, held in rule.states.items()
    )


def emergency(rule: Rule) -> str:
    return _("可按人紧急查阅") if rule.emergency else ""


def source(rule: Rule) -> str:
    return statutes.describe(rule.source)
