"""Hand-overs on «today»: what waits for an answer, what nobody answered in time, people left with nobody, for whom one acts.

No name stands here: a line says between whom and how many; its page shows the rest to those it is for.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from qingyuan.casework.handovers import queries
from qingyuan.casework.handovers.permissions import may_reassign
from qingyuan.casework.models import HandOver
from qingyuan.casework.models.handover import HandOverQuerySet
from qingyuan.governance.queries import orders as order_reads
from qingyuan.journeys import caseload
from qingyuan.journeys.todo.job import Job, page, until
from qingyuan.journeys.todo.tally import Tally
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import Substitution

BY_NAME = (Role.CASEWORKER, Role.TOWN_SUPERVISOR)


def jobs(actor: Actor, on: date) -> list[Job]:
    if actor.has_role(*queries.OVERSEERS):
        return [*_late_below(actor, on), *_unattended(actor, on), *_acting(actor, on)]
    if not actor.has_role(*BY_NAME):
        return _acting(actor, on)
    return [*_to_answer(actor, on), *_late_given(actor, on), *_orphans(actor, on), *_acting(actor, on)]


def pressing(actor: Actor, on: date) -> Iterable[Tally | int]:
    if actor.has_role(*queries.OVERSEERS):
        yield len(_not_ordered(actor, on))
        yield Tally(caseload.unattended(actor, on))
    elif actor.has_role(*BY_NAME):
        yield Tally(_answerable(actor, on).filter(answer_by__lte=on))
        yield Tally(queries.given(actor, on).late_on(on))
        if may_reassign(actor, actor.unit_id or 0, on).allowed:
            yield Tally(caseload.orphans(actor, on), most=1)


def _answerable(actor: Actor, on: date) -> HandOverQuerySet:
    return queries.waiting_for(actor, on).exclude(offered_by_id=actor.account_id)


def _to_answer(actor: Actor, on: date) -> list[Job]:
    return [
        Job(
            _("移交待接收:%(giver)s 移来 %(count)s 人") % {"giver": one.unit.label, "count": _people(one)},
            _("签收以前仍由移出方负责 · %(basis)s") % {"basis": one.basis},
            until(one.answer_by, on) if one.answer_by else None,
            _("去答复"),
            page("handover", one.pk),
            one.unit.label,
        )
        for one in _answerable(actor, on)
    ]


def _late_given(actor: Actor, on: date) -> list[Job]:
    return [
        Job(
            _("移交逾期没有答复:%(taker)s") % {"taker": one.to_unit.label},
            _("%(count)s 人仍由您这一方负责;催对方签收,或者撤回") % {"count": _people(one)},
            until(one.answer_by, on) if one.answer_by else None,
            _("打开"),
            page("handover", one.pk),
            one.to_unit.label,
        )
        for one in queries.given(actor, on).late_on(on)
    ]


def _people(one: HandOver) -> int:
    return one.rows.filter(ledger=one.keeper).count()


def _late_below(actor: Actor, on: date) -> list[Job]:
    """One line for each pair of units, without how many people; gone once an order asks the receiver for it."""
    orders = order_reads.may_give(actor, on)
    return [
        Job(
            _("移交逾期没有答复:%(giver)s 移交 %(taker)s") % {"giver": one.unit.label, "taker": one.to_unit.label},
            _("仍由移出单位负责;请督促接收单位签收或者写明理由拒收"),
            until(one.answer_by, on) if one.answer_by else None,
            _("督办") if orders else _("看哪里卡住"),
            page("order-new", query=urlencode({"from": "handover", "id": one.pk})) if orders else page("handovers"),
            one.to_unit.label,
        )
        for one in _not_ordered(actor, on)
    ]


def _not_ordered(actor: Actor, on: date) -> list[HandOver]:
    late = list(queries.late_below(actor, on))
    asked = order_reads.asked_about([one.pk for one in late], actor, on)
    return [one for one in late if str(one.pk) not in asked]


def _orphans(actor: Actor, on: date) -> list[Job]:
    if not may_reassign(actor, actor.unit_id or 0, on).allowed:
        return []
    count = caseload.orphans(actor, on).count()
    if not count:
        return []
    title = _("无人负责:%(count)s 人的社工已经不在岗") % {"count": count}
    note = _("账号已停用或者角色已到期,名下还有人;重新分派以前由您负责")
    return [Job(title, note, until(on, on), _("重新分派"), page("handover-reassign"), weight=count)]


def _unattended(actor: Actor, on: date) -> list[Job]:
    return [
        Job(
            _("无人负责:%(unit)s没有禁毒专干账号") % {"unit": unit.label},
            _("名下还有服务对象,没有人能接收移交、登记检测;请安全管理员开通账号"),
            until(on, on),
            _("查看"),
            page("handovers"),
            unit.label,
        )
        for unit in caseload.unattended(actor, on)
    ]


def _acting(actor: Actor, on: date) -> list[Job]:
    """For whom one acts and until when; it ends by itself."""
    if not actor.stands_in:
        return []
    ids = [one.substitution_id for one in actor.stands_in]
    return [
        Job(
            _("您正在代办:%(name)s") % {"name": one.absent.name},
            _("到 %(day)s 为止;名下的人和事都在您的名单里,每次查看、登记都记明代谁") % {
                "day": (one.end - timedelta(days=1)).isoformat()
            },
            None,
            _("查看"),
            page("handover-away"),
        )
        for one in Substitution.objects.filter(pk__in=ids).select_related("absent")
    ]
