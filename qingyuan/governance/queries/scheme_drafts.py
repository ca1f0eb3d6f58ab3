"""A sheet on the desk as its writers see it: what is wrong with it, what is open, what is held out, who edited what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from qingyuan.governance.models import PublishedScheme, SchemeDraft
from qingyuan.governance.queries.known import known_inputs
from qingyuan.governance.scoring import drafting
from qingyuan.governance.scoring.catalogue import KnownInput
from qingyuan.governance.scoring.check import check, held_out_clauses, questions
from qingyuan.governance.scoring.drafting import Content
from qingyuan.governance.scoring.problems import Problem
from qingyuan.governance.scoring.scheme import Scheme


@dataclass(frozen=True)
class Checked:
    """``problems`` stand in the way of publishing, ``open_texts`` too until a reading is chosen; ``held_out`` do not."""

    scheme: Scheme
    known: Mapping[str, KnownInput]
    problems: tuple[Problem, ...]
    open_texts: tuple[Problem, ...]
    held_out: tuple[Problem, ...]

    @property
    def ready(self) -> bool:
        return not self.problems and not self.open_texts


def content_of(draft: SchemeDraft) -> Content:
    return drafting.from_text(draft.content)


def checked(content: Content) -> Checked:
    """The sheet looked at as it would be at publishing. Raises SchemeUnreadable."""
    known, scheme = known_inputs(), drafting.scheme_of(content)
    problems = check(scheme, known)
    if not scheme.groups:
        problems = [Problem("全文", _("还没有一组条款,请先加一组。"))]
    if PublishedScheme.objects.filter(code=scheme.id, year=scheme.valid_from.year, version=scheme.version).exists():
        problems.append(Problem("全文", _("第 %(version)s 版已经发布,请改版次。") % {"version": scheme.version}))
    return Checked(scheme, known, tuple(problems), tuple(questions(scheme)), tuple(held_out_clauses(scheme, known)))
