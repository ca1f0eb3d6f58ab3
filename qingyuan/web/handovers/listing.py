"""The tabs of the list, and the number beside its entry."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.casework.handovers import queries
from qingyuan.casework.models.handover import HandOverQuerySet
from qingyuan.foundation.counting import how_much
from qingyuan.organisation.actor import Actor
from qingyuan.web import shapes
from qingyuan.web.navigation import Count

WAITING, GIVEN, PAST = "waiting", "given", "past"


def narrowed(actor: Actor, on: date, show: str) -> HandOverQuerySet:
    return {
        WAITING: lambda: queries.waiting_for(actor, on).order_by("answer_by", "pk"),
        GIVEN: lambda: queries.given(actor, on).offered().order_by("answer_by", "pk"),
        PAST: lambda: queries.seen(actor, on).exclude(state="offered").order_by("-answered_at", "-pk"),
    }[show]()


def tabs(actor: Actor, on: date, chosen: str) -> list[dict[str, object]]:
    labels = {WAITING: _("等我方答复"), GIVEN: _("我方移出、等对方"), PAST: _("已了结")}
    here = reverse("web:handovers")
    told = how_much([narrowed(actor, on, show) for show in labels])
    return [
        {"label": label, "href": f"{here}?show={show}", "current": show == chosen, "note": shapes.much(much)}
        for (show, label), much in zip(labels.items(), told, strict=True)
    ]


def empty(show: str) -> shapes.Empty:
    words = {
        WAITING: (_("没有等您答复的移交"), _("别的单位或者同事移交过来的,会列在这里,也在“今天”里。")),
        GIVEN: (_("没有等对方答复的移交"), _("移出以后、对方签收以前,仍由您这一方负责。")),
        PAST: (_("还没有了结的移交"), _("接收、拒收、撤回的移交都留在这里。")),
    }
    return shapes.Empty(*words[show])


def badge(actor: Actor, on: date) -> Count | None:
    """How many wait for this person's answer, and whether one of them is late."""
    waiting = queries.waiting_for(actor, on)
    number = waiting.order_by().count()
    return Count(number, late=waiting.filter(answer_by__lte=on).exists()) if number else None
