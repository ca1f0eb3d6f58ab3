"""Letters by number, place or unit; returns by form, unit and month; official papers by number or title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.casework.papers.permissions import papers_visible
from qingyuan.foundation.sealed_words import holding
from qingyuan.foundation.words import said
from qingyuan.governance.forms.catalogue import ReturnForm, all_forms, get_form
from qingyuan.governance.models import Letter, Return
from qingyuan.governance.permissions import letters_visible, returns_visible
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Unit
from qingyuan.web.search.matching import Text, why, why_said
from qingyuan.web.search.shapes import MOST, Found

_MONTH: Final = re.compile(r"(20\d\d)(?:-|年|\.)(\d{1,2})月?")


def letters(asked: Text, actor: Actor, on: date) -> list[Found]:
    """Letters the actor may read, the newest first."""
    text = asked.asked
    named = Q(number__icontains=text) | Q(division__name__icontains=text) | Q(unit__in=_units(asked))
    found = letters_visible(actor, on).filter(named).order_by("-year", "serial")[:MOST]
    return [_letter(asked, letter) for letter in found]


def _units(asked: Text) -> list[int]:
    """Units whose name or short name answers to the text, also by pinyin or written with other characters."""
    named = Unit.objects.values_list("pk", "name", "short_name")
    return [pk for pk, name, short in named if why(asked, name) or (short and why(asked, short))]


def _letter(asked: Text, letter: Letter) -> Found:
    by_number = asked.folded in letter.number.casefold()
    reason = (_("文号里有“%(asked)s”") if by_number else _("责任单位里有“%(asked)s”")) % {"asked": asked.asked}
    if not by_number and asked.folded not in f"{letter.unit}{letter.unit.label}{letter.division}".casefold():
        reason = why(asked, letter.unit.name) or why(asked, letter.unit.label) or reason
    note = f"{letter.unit.label} · {letter.get_state_display()}"
    href = reverse("web:letter-score", args=(letter.pk,))
    return Found(letter.number, note, href, reason)


def returns(asked: Text, actor: Actor, on: date) -> list[Found]:
    """Returns the actor may read: every word must name a form, a month or a unit, and one of them a form."""
    rows = returns_visible(actor, on).current()
    reasons: list[str] = []
    for word in asked.asked.split():
        month = _MONTH.fullmatch(word)
        forms, reason = _forms(Text(word))
        if month:
            rows = rows.filter(period=f"{month[1]}-{int(month[2]):02d}")
        elif forms:
            rows = rows.filter(form__in=[form.code for form in forms])
            reasons.append(reason)
        else:
            rows = rows.filter(unit__in=_units(Text(word)))
    if not reasons:
        return []
    found = rows.order_by("-period", "form", "unit__code")[:MOST]
    return [_return(filed, reasons[0]) for filed in found]


def _forms(word: Text) -> tuple[Sequence[ReturnForm], str]:
    found = [(form, reason) for form in all_forms() if (reason := why_said(word, form.title, form.code))]
    return [form for form, _reason in found], found[0][1] if found else ""


def _return(filed: Return, reason: str) -> Found:
    form = get_form(filed.form)
    note = f"{filed.unit.label} · {filed.period} · {filed.get_state_display()}"
    return Found(f"{form.code} {said(form.title)}", note, reverse("web:return", args=(filed.pk,)), reason)


def official(asked: Text, actor: Actor, on: date) -> list[Found]:
    """Papers the actor may read, the newest first."""
    text = asked.asked
    within = papers_visible(actor, on).order_by("-created_at")
    rows = within.filter(Q(issue__number__icontains=text) | Q(pk__in=holding(within, ("title",), text)))[:MOST]
    found = []
    for paper in rows:
        by_number = bool(paper.number) and asked.folded in paper.number.casefold()
        reason = _("文号里有“%(asked)s”") if by_number else _("标题里有“%(asked)s”")
        note = " · ".join(part for part in (paper.number, paper.unit.label, paper.get_state_display()) if part)
        found.append(Found(paper.title, note, reverse("web:paper", args=(paper.pk,)), reason % {"asked": text}))
    return found
