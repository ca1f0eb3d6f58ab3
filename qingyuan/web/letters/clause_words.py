"""The words of a clause: what was counted, by which rule, given by whom, on what basis."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from qingyuan.foundation.words import said
from qingyuan.governance.queries.score import Drill, ExplainedClause
from qingyuan.governance.scoring.numbers import SourceKind, plain
from qingyuan.governance.scoring.tree import ClauseState, InputUsed
from qingyuan.reference.period_words import period_label
from qingyuan.web.letters.manual import Given
from qingyuan.web.letters.phrases import graded, phrased
from qingyuan.web.letters.words import points_text


def anchor_of(clause_id: str) -> str:
    return "clause-" + clause_id.replace(".", "-")


def number_head(item: InputUsed, drill: Drill) -> str:
    """What stands over a number: the indicator or the return it is."""
    if drill.source == "return":
        return _("数字 · 报表 %(code)s") % {"code": drill.code}
    return _("数字 · 指标 %(code)s %(label)s") % {"code": drill.code, "label": phrased(item.label)}


def number_note(item: InputUsed, drill: Drill) -> str:
    notes = []
    if item.amount is not None and item.part == "value" and item.numerator is not None:
        notes.append(f"{plain(item.amount, 2)}{said(item.unit)}")
    if item.people:
        notes.append(_("涉及 %(count)s 人") % {"count": item.people})
    if item.kind is SourceKind.RETURN:
        notes.append(_("上报数,出自锁定的报表"))
    notes.append(period_label(drill.period))
    return " · ".join(notes)


def facts(clause: ExplainedClause, given: Sequence[Given], *, brief: bool = False) -> str:
    """The grey line: what was counted and the rule; for a number given by hand what was given and by whom."""
    if clause.hidden:
        return _("涉及人数少于 5,用等级表示 · %(rule)s") % {"rule": phrased(clause.rule)}
    if clause.state is ClauseState.NOT_APPLICABLE:
        return _("不适用:%(why)s") % {"why": " · ".join(map(phrased, clause.lines)) or _("当期没有应办的事项")}
    if given:
        found = " · ".join(_given_words(one, said(clause.title)) for one in given)
    else:
        found = " · ".join(map(phrased, clause.lines))
    rule = phrased(clause.rule)
    return found if brief or not rule else _("%(found)s；%(rule)s") % {"found": found, "rule": rule} if found else rule


def _given_words(one: Given, title: str) -> str:
    name = "" if one.name == title else one.name
    if one.entry is None:
        return " ".join((name, _("尚未认定"))).strip()
    if one.entry.reviewed_at is None:
        words = _("%(value)s,待第二人复核") % {"value": one.value}
    else:
        words = _("%(value)s,%(who)s认定") % {"value": one.value, "who": one.entry.by_name}
    return f"{name} {words}".strip()


def bar_words(clause: ExplainedClause) -> str:
    if clause.hidden:
        return _("%(title)s:%(word)s") % {"title": said(clause.title), "word": graded(clause.word)}
    points = points_text(clause.points or Decimal(0))
    return _("%(title)s:%(of)s 分得 %(points)s 分") % {
        "title": said(clause.title),
        "of": points_text(clause.of),
        "points": points,
    }


def basis(clause: ExplainedClause) -> str:
    parts = []
    if clause.evidence:
        parts.append(_("佐证:%(what)s") % {"what": said(clause.evidence)})
    if clause.verification:
        parts.append(_("核查:%(how)s") % {"how": said(clause.verification)})
    if clause.source:
        parts.append(_("依据:%(source)s") % {"source": said(clause.source)})
    return " · ".join(parts)
