"""Reads of papers: what is printed, whether it still says what was issued, who has it, who cited a figure."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from qingyuan.casework.enums import PaperKind, PaperMove, PaperState
from qingyuan.casework.models import Paper, PaperDelivery, PaperFigure, PaperIssue, PaperScan
from qingyuan.casework.models.paper import OUT, PaperDeliveryQuerySet, PaperQuerySet
from qingyuan.casework.papers.document import build
from qingyuan.casework.papers.permissions import deliveries_visible, may_take, papers_visible
from qingyuan.casework.papers.rules import PAGE, steps_from
from qingyuan.casework.papers.templates import filled, template_of
from qingyuan.casework.procedures.loading import all_procedures
from qingyuan.documents.codec import decode
from qingyuan.documents.hashing import short_code
from qingyuan.documents.model import OfficialDocument, Verification
from qingyuan.documents.page_code import hash_of
from qingyuan.documents.pdf import render_pdf
from qingyuan.documents.word import render_docx
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.foundation.enums import Zone
from qingyuan.foundation.kept_files import read_file
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Division, Unit
from qingyuan.reference.periods import Period

SCAN_PLACE: Final = "casework.PaperScan.content"
ISSUED: Final = "papers.issue"
#: Kinds numbered under a word of their own.
APART: Final = (PaperKind.LETTER, PaperKind.MINUTES)
HINT: Final = "在平台“公文”中打开本件并上传，可核对是否为印发的原稿。"


@dataclass(frozen=True)
class PaperCheck:
    """Whether a paper still is what was issued; ``problems`` say what differs, for people."""

    paper: Paper
    problems: tuple[str, ...]

    @property
    def intact(self) -> bool:
        return not self.problems


@dataclass(frozen=True)
class Citing:
    """A paper in force that cites a figure: which one, and the words in which it was printed."""

    paper: Paper
    figures: tuple[PaperFigure, ...]


def content_of(issue: PaperIssue) -> dict[str, Any]:
    """The stored content: ``document`` and ``figures``."""
    loaded: dict[str, Any] = json.loads(issue.content or "{}")
    return loaded


def covered(issue: PaperIssue, content: dict[str, Any]) -> dict[str, Any]:
    """Everything the content hash covers; changing any of it is found by ``verify``."""
    paper = issue.paper
    return {
        "id": str(paper.pk),
        "number": issue.number,
        "word": issue.word,
        "year": issue.year,
        "serial": issue.serial,
        "unit": paper.unit_id,
        "kind": str(paper.kind),
        "approver": paper.approver_name,
        "approved_on": paper.approved_on.isoformat() if paper.approved_on else "",
        "issued_on": issue.issued_on.isoformat(),
        "template": issue.template.digest if issue.template is not None else "",
        "content": content,
    }


def figures_as_data(paper: Paper) -> list[dict[str, str]]:
    """The figures a paper cites, as its hash covers them."""
    return [
        {
            "indicator": one.indicator,
            "part": one.part,
            "breakdown": one.breakdown,
            "slice": one.slice,
            "division": one.division.code,
            "period": one.period,
            "text": one.text,
            "known_on": one.known_on.isoformat(),
        }
        for one in paper.figures.select_related("division").order_by("position")
    ]


def verify(paper: Paper) -> PaperCheck:
    """Recompute the hash from what is stored now; compare it with the stored one, the audit's entry and the figures."""
    issue, problems = paper.issue, []
    content = content_of(issue)
    if hash_of(covered(issue, content)) != issue.content_hash:
        problems.append(_("%(number)s 的内容与校验值不符:印发后被改动过。") % {"number": issue.number})
    recorded = WriteEntry.objects.filter(act=ISSUED, row_id=paper.pk).values_list("summary", flat=True).first()
    if recorded != issue.content_hash:
        problems.append(_("%(number)s 的校验值与审计记录中印发时的不符。") % {"number": issue.number})
    if content.get("figures") != figures_as_data(paper):
        problems.append(_("%(number)s 所引数字的登记与印发时的不符。") % {"number": issue.number})
    return PaperCheck(paper, tuple(problems))


def code_of(paper: Paper) -> str:
    """The short code printed on the paper."""
    return short_code(paper.issue.content_hash)


def document_of(paper: Paper, on: date) -> OfficialDocument:
    """As issued, with its square code; before issue as it would be printed on day ``on``, without number and code.

    Raises BadDocument for a draft that cannot be put on paper.
    """
    issue = getattr(paper, "issue", None)
    if issue is None:
        return build(paper, on=on)
    document = decode(content_of(issue)["document"])
    mark = Verification(code=code_of(paper), qr=PAGE.payload(paper.pk, issue.content_hash), hint=HINT)
    return replace(document, verification=mark)


def pdf_of(paper: Paper, on: date) -> bytes:
    return render_pdf(document_of(paper, on))


def docx_of(paper: Paper, on: date) -> bytes:
    """In the unit's own template where one is in use. Raises FileDamaged, BadDocument."""
    template = template_of(paper)
    document = document_of(paper, on)
    return render_docx(document) if template is None else filled(template, document)


def read_scan(scan: PaperScan) -> bytes:
    """The sealed page as uploaded. Raises FileDamaged."""
    return read_file(scan.path, scan.digest, SCAN_PLACE)


def moves_open_to(actor: Actor, paper: Paper, on: date) -> list[PaperMove]:
    """The steps that this person may take now."""
    return [move for move in steps_from(paper.state) if may_take(actor, paper, move, on).allowed]


def inbox(actor: Actor, on: date) -> PaperDeliveryQuerySet:
    """Papers served on one's own unit, the newest first."""
    found = deliveries_visible(actor, on).filter(paper__state__in=(*OUT, PaperState.VOID))
    return found.select_related("paper__unit", "paper__issue").order_by("-served_on", "-paper__created_at")


def to_receive(actor: Actor, on: date) -> PaperDeliveryQuerySet:
    """Those that nobody of one's unit has signed for, and that one may sign for."""
    found = deliveries_visible(actor, on, action=Action.CHANGE).waiting()
    return found.select_related("paper__unit", "paper__issue").order_by("answer_by", "paper__created_at")


def not_received(actor: Actor, on: date) -> PaperDeliveryQuerySet:
    """Deliveries of one's own unit's papers that others have not signed for."""
    mine = papers_visible(actor, on).filter(unit_id=actor.unit_id or 0)
    found = PaperDelivery.objects.filter(paper__in=mine.values("pk")).waiting()
    return found.select_related("paper__issue", "unit").order_by("answer_by", "unit__code")


def own(actor: Actor, on: date) -> PaperQuerySet:
    """One's own unit's papers."""
    return papers_visible(actor, on).filter(unit_id=actor.unit_id or 0)


def receivers(paper: Paper, on: date) -> dict[str, list[Unit]]:
    """Units a paper can be served on, in groups: «towns» under the sender's division, «members» and «others».

    Units of the health network stand apart: nothing is served on them from here.
    """
    below = Division.objects.under(paper.division_id, on)
    units = (
        Unit.objects.filter(closed_on=None, division_id__in=below.values("pk"))
        .exclude(pk=paper.unit_id)
        .exclude(zone=Zone.HEALTH)
        .exclude(pk__in=paper.deliveries.values("unit_id"))
        .select_related("division")
        .order_by("division__code", "code")
    )
    groups: dict[str, list[Unit]] = {"towns": [], "members": [], "others": []}
    for unit in units:
        if unit.division_id != paper.division_id:
            groups["towns"].append(unit)
        else:
            groups["members" if unit.is_member else "others"].append(unit)
    if unit_above := paper.unit.superior:
        groups["others"] += [] if paper.deliveries.filter(unit=unit_above).exists() else [unit_above]
    return groups


def papers_citing(
    *,
    indicator: str = "",
    division_ids: Collection[int] = (),
    period: Period | None = None,
    reader: Actor | None = None,
    on: date | None = None,
) -> list[Citing]:
    """Issued papers in force that cite a figure, of ``indicator`` or ("") of any, the oldest number first.

    ``division_ids`` empty = of any place; ``period`` = figures whose period shares a month with it (a closed October is
    cited by "January to October" too). ``reader`` with ``on`` narrows to the papers that person may read.
    """
    figures = PaperFigure.objects.of(indicator) if indicator else PaperFigure.objects.all()
    figures = figures.filter(paper__state__in=OUT)
    if division_ids:
        figures = figures.filter(division_id__in=list(division_ids))
    if period is not None:
        figures = figures.touching(period.start, period.end)
    if reader is not None and on is not None:
        figures = figures.filter(paper__in=papers_visible(reader, on).values("pk"))
    found: dict[Any, list[PaperFigure]] = {}
    ordered = figures.select_related("division").order_by("paper__issue__issued_at", "position")
    for figure in ordered:
        found.setdefault(figure.paper_id, []).append(figure)
    papers = Paper.objects.select_related("unit", "division", "issue").in_bulk(list(found))
    return [Citing(papers[key], tuple(rows)) for key, rows in found.items()]


def usual_base(unit: Unit) -> str:
    """机关代字 of a unit: what it used last for a file, or the first character of the place and its short name."""
    last = Paper.objects.filter(unit=unit).exclude(word="").exclude(kind__in=APART).order_by("-created_at")
    last = last.exclude(source__in=all_procedures())  # papers of a procedure are numbered under a word of its own
    used = last.values_list("word", flat=True).first()
    return used or _first_base(unit)


def _first_base(unit: Unit) -> str:
    """«云禁毒办» for 云岭市's 市禁毒办; «龙洞镇» keeps its own name. Anyone can write another on the form."""
    name, place = unit.label, unit.division.name
    if name.startswith("市"):
        return f"{place[0]}{name[1:]}"[:12]
    return name.removesuffix("人民政府").removesuffix("办事处")[:12]


def same_source(source: str, source_id: str, unit_id: int) -> Sequence[Paper]:
    """Papers of a unit made from the same thing (a meeting), void ones left out."""
    found = Paper.objects.filter(source=source, source_id=source_id, unit_id=unit_id).exclude(state=PaperState.VOID)
    return list(found.select_related("issue").order_by("created_at"))
