"""Serving a paper on units, and their signing for it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qingyuan.casework.actions.paper_records import held_for, moved, write_audit, write_step
from qingyuan.casework.enums import PaperMove, ReceiptWay
from qingyuan.casework.models import Paper, PaperDelivery
from qingyuan.casework.models.paper import OUT
from qingyuan.casework.papers import queries as reads
from qingyuan.casework.papers.permissions import may_enter_receipt, may_receive, require
from qingyuan.casework.papers.rules import PaperRefused, answer_by
from qingyuan.foundation import clock
from qingyuan.foundation.enums import Zone
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Unit


@transaction.atomic
def serve(*, paper: Paper, unit_ids: Collection[int], by: Actor, on: date | None = None) -> list[PaperDelivery]:
    """Serve an issued paper on units; those already served are left as they are. Raises PaperRefused, NotAllowed."""
    return serve_held(held_for(paper, PaperMove.SERVE, by), unit_ids, by, on or clock.today())


def serve_held(held: Paper, unit_ids: Collection[int], by: Actor, day: date) -> list[PaperDelivery]:
    """Serve an issued paper that is held under its lock. Raises PaperRefused."""
    offered = {unit.pk: unit for group in reads.receivers(held, clock.today()).values() for unit in group}
    chosen = [offered[pk] for pk in dict.fromkeys(unit_ids) if pk in offered]
    if not chosen:
        raise PaperRefused(_("没有选中可以送达的单位;已经送过的单位不重复送。"))
    if any(unit.zone == Zone.HEALTH for unit in chosen):
        raise PaperRefused(_("医疗机构在另一张网,公文不从这里送达,请纸质寄送。"))
    made = PaperDelivery.objects.bulk_create(
        PaperDelivery(paper=held, unit=unit, division_id=unit.division_id, served_on=day, answer_by=answer_by(day))
        for unit in chosen
    )
    words = gettext_noop("送 %(count)d 个单位") % {"count": len(made)}
    moved(held, PaperMove.SERVE, by, words, after_={"units": len(made)})
    return made


@transaction.atomic
def receive(*, delivery: PaperDelivery, by: Actor, on: date | None = None) -> PaperDelivery:
    """签收 by the receiving unit, in the actor's own name. Raises PaperRefused, NotAllowed."""
    require(may_receive(by, delivery, clock.today()))
    return receipt_of(delivery, by.name, ReceiptWay.HERE, on or clock.today(), by)


@transaction.atomic
def enter_receipt(*, delivery: PaperDelivery, name: str, on: date, by: Actor) -> PaperDelivery:
    """Enter a receipt signed on paper, by the unit that sent the paper. Raises PaperRefused, NotAllowed."""
    require(may_enter_receipt(by, delivery, clock.today()))
    if not name.strip():
        raise PaperRefused(_("请录入回执上的签收人姓名。"))
    return receipt_of(delivery, name.strip()[:40], ReceiptWay.BY_HAND, on, by)


def receipt_of(delivery: PaperDelivery, name: str, way: ReceiptWay, on: date, by: Actor) -> PaperDelivery:
    """Write down who signed for a paper, once. Raises PaperRefused."""
    held = PaperDelivery.objects.select_for_update(of=("self",)).select_related("paper__unit").get(pk=delivery.pk)
    if held.paper.state not in OUT:
        raise PaperRefused(_("这份公文已经作废,不用签收。"))
    if held.received_on is not None:
        words = _("这份公文已由%(who)s于 %(day)s 签收。")
        raise PaperRefused(words % {"who": held.received_by_name, "day": held.received_on.isoformat()})
    if not held.served_on <= on <= clock.today():
        raise PaperRefused(_("签收日期应在送达日期与今天之间,请核对。"))
    held.received_on, held.received_by_id, held.received_by_name, held.way = on, by.account_id, name, way
    held.save()
    write_step(held.paper, PaperMove.RECEIVE, held.paper.state, by, f"{Unit.objects.get(pk=held.unit_id).label} {name}")
    write_audit(
        held.paper,
        PaperMove.RECEIVE,
        by,
        {},
        {"unit": held.unit_id, "received_on": on, "way": str(way)},
        division_id=held.division_id,
    )
    return held
