"""Reads of an office's own Word templates, and Word files set in them."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from qingyuan.casework.enums import PaperKind
from qingyuan.casework.models import Paper, PaperTemplate
from qingyuan.casework.models.paper_template import PaperTemplateQuerySet
from qingyuan.casework.papers.document import KINDS, red_head
from qingyuan.casework.papers.permissions import TEMPLATES
from qingyuan.documents.model import OfficialDocument
from qingyuan.documents.office_fill import fill_template, sample, starter
from qingyuan.documents.office_template import Template, read_template, unplaced
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.kept_files import read_file
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Unit
from qingyuan.organisation.scope import visible_to

TEMPLATE_PLACE: Final = "casework.PaperTemplate.content"


def templates_visible(actor: Actor, on: date) -> PaperTemplateQuerySet:
    """The templates of one's own unit."""
    rows: Any = PaperTemplate.objects.filter(unit_id=actor.unit_id or 0).select_related("unit")
    found: Any = visible_to(actor, rows, compartment=Compartment.INTERNAL, ledger=TEMPLATES, on=on)
    return found  # type: ignore[no-any-return]


def live_template(unit_id: int, kind: str) -> PaperTemplate | None:
    return PaperTemplate.objects.live().filter(unit_id=unit_id, kind=kind).first()


def template_of(paper: Paper) -> PaperTemplate | None:
    """The template a paper is set in: of an issued one that of its day, of a draft the one in use now."""
    issue = getattr(paper, "issue", None)
    return issue.template if issue is not None else live_template(paper.unit_id, paper.kind)


def opened(template: PaperTemplate) -> Template:
    """The file, checked again as on the day it came. Raises FileDamaged, BadTemplate."""
    return read_template(read_file(template.path, template.digest, TEMPLATE_PLACE), KINDS[template.kind])


def filled(template: PaperTemplate, document: OfficialDocument) -> bytes:
    """A document set in the template. Raises FileDamaged."""
    return fill_template(opened(template), document)


def lost_words(template: PaperTemplate, document: OfficialDocument) -> str:
    """What of a document the template would leave out, in words; empty when nothing."""
    lost = unplaced(opened(template), document)
    if not lost:
        return ""
    words = _("在用的模板(第 %(version)d 版)没有%(marks)s的位置,印出来会漏;请在模板里补上占位符,或改用系统版式。")
    return words % {"version": template.version, "marks": "、".join(f"«{name}»" for name in lost)}


def sample_of(template: PaperTemplate) -> bytes:
    """The template filled with sample text."""
    unit = template.unit
    head = red_head(template.kind, unit.name)
    return filled(template, sample(KINDS[template.kind], unit.name, head))


def starter_of(unit: Unit, kind: str) -> bytes:
    """The built-in form of a kind with placeholders in it, to be changed in Word."""
    return starter(KINDS[PaperKind(kind)], unit.name, red_head(kind, unit.name))
