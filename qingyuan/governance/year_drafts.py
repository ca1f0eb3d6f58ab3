"""The city's plan and summary of a year as papers to be signed: one act makes the draft from the rows of the year."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from qingyuan.casework.actions import papers as writers
from qingyuan.casework.actions.papers import Source
from qingyuan.casework.enums import PaperKind
from qingyuan.casework.models import Paper
from qingyuan.casework.papers.queries import same_source, usual_base
from qingyuan.casework.papers.rules import PaperRefused, usual_word
from qingyuan.casework.papers.text import LONGEST_BODY, as_typed
from qingyuan.governance import year_papers
from qingyuan.governance.queries.year_book import YearBook
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division, Unit


class Of(StrEnum):
    """Which paper of the year."""

    PLAN = "plan"
    SUMMARY = "summary"


_SOURCES: Final = {Of.PLAN: "year_plan", Of.SUMMARY: "year_summary"}
_KINDS: Final = {Of.PLAN: PaperKind.NOTICE, Of.SUMMARY: PaperKind.REPORT}


def made_of(of: Of, city: Division, year: int, unit_id: int | None) -> Paper | None:
    """The paper a unit has made of a year's plan or summary, void ones left out."""
    found = list(same_source(_SOURCES[of], _key(city, year), unit_id)) if unit_id is not None else []
    return found[0] if found else None


def draft(*, of: Of, book: YearBook, by: Actor, on: date) -> Paper:
    """Draft the paper from the rows as they stand; what it says from then on is the drafter's to mend.

    Raises PaperRefused where the unit has made it already or no row of the year is there, NotAllowed.
    """
    if made := made_of(of, book.city, book.year, by.unit_id):
        words = _("这一年的已经起草(%(what)s),请打开那一份;要重写的,先作废。")
        raise PaperRefused(words % {"what": made.number or made.get_state_display()})
    if not book.units and not book.targets:
        raise PaperRefused(_("%(year)s 年还没有成员单位的计划,也没有指标,没有可以汇总的内容。") % {"year": book.year})
    if of is Of.SUMMARY and on.year < book.year:
        raise PaperRefused(_("%(year)s 年还没有开始,不能总结。") % {"year": book.year})
    unit = Unit.objects.select_related("division").get(pk=by.unit_id or 0)
    with override(settings.LANGUAGE_CODE):
        values = _plan(book) if of is Of.PLAN else _summary(book)
    values["word"] = usual_word(usual_base(unit), _KINDS[of])
    return writers.draft(kind=_KINDS[of], values=values, by=by, source=Source(_SOURCES[of], _key(book.city, book.year)))


def _plan(book: YearBook) -> dict[str, str]:
    body = as_typed(year_papers.plan_body(book))
    lists = ""
    if len(body) > LONGEST_BODY:
        body, lists = as_typed(year_papers.plan_body(book, brief=True)), f"{book.city.name}{book.year}年成员单位禁毒任务清单"
    return {
        "title": f"关于印发{book.city.name}{book.year}年禁毒工作计划的通知",
        "addressee": f"各乡镇人民政府(街道办事处),{book.city.name}禁毒委员会各成员单位",
        "body": body,
        "attachments": lists,
    }


def _summary(book: YearBook) -> dict[str, str]:
    return {
        "title": f"关于{book.city.name}{book.year}年禁毒工作情况的报告",
        "addressee": f"{book.city.name}禁毒委员会",
        "body": as_typed(year_papers.summary_body(book)),
    }


def _key(city: Division, year: int) -> str:
    return f"{city.code}-{year}"
