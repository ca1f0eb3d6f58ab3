"""The only writers of papers. A number is taken at issue, inside the transaction, and is never used again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qingyuan.casework.actions.paper_records import held_for, moved, write_audit, write_step
from qingyuan.casework.enums import Openness, PaperKind, PaperMove, Urgency
from qingyuan.casework.models import (
    Paper,
    PaperFigure,
    PaperIssue,
    PaperSeries,
    PaperTemplate,
)
from qingyuan.casework.papers import queries as reads
from qingyuan.casework.papers.document import build, secret_words, slips_of
from qingyuan.casework.papers.permissions import (
    may_draft,
    require,
    signs_as_leader,
)
from qingyuan.casework.papers.rules import (
    SECRET_GRADES,
    PaperRefused,
    check_word,
    number_text,
)
from qingyuan.casework.papers.templates import live_template, lost_words
from qingyuan.casework.papers.text import Slip, secret_mark
from qingyuan.documents.codec import encode
from qingyuan.documents.glyphs import unprintable
from qingyuan.documents.model import BadDocument, OfficialDocument
from qingyuan.documents.office_template import BadTemplate
from qingyuan.documents.page_code import hash_of
from qingyuan.foundation import clock
from qingyuan.foundation.kept_files import FileDamaged
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Unit
from qingyuan.reference.periods import Period

#: Columns a person fills in, with how many characters each takes.
FIELDS: Final[Mapping[str, int]] = {
    "title": 120,
    "addressee": 300,
    "body": 20_000,
    "attachments": 1000,
    "copies_to": 300,
    "remark": 120,
    "word": 20,
}


class SlipsLeft(PaperRefused):
    """The paper cannot be handed up: ``slips`` say what to mend and where."""

    def __init__(self, slips: Sequence[Slip]) -> None:
        self.slips = tuple(slips)
        super().__init__("".join(slip.message for slip in slips[:3]))


class PaperMoved(PaperRefused):
    """Somebody else changed the paper in the meantime."""

    def __init__(self) -> None:
        super().__init__(_("这份公文在您打开以后被别人改过,请刷新页面核对后重新提交。"))


@dataclass(frozen=True)
class Cited:
    """A figure as a draft cites it; ``line`` is the generated line (from 0) in which it stands.

    ``known_on``: the day it was known as; None = the day the draft says for all its figures.
    """

    indicator: str
    division_id: int
    period: Period
    text: str
    line: int
    part: str = "value"
    breakdown: str = ""
    slice: str = ""
    known_on: date | None = None

    @property
    def key(self) -> tuple[str, str, str, str, int, str]:
        """Which number it is, whatever it says."""
        return (self.indicator, self.part, self.breakdown, self.slice, self.division_id, str(self.period))


@dataclass(frozen=True)
class Source:
    """What a draft was made from: ``kind`` (situation, meeting) and its id; ``lines`` as generated, with their figures."""

    kind: str
    id: str
    lines: tuple[str, ...] = ()
    figures: tuple[Cited, ...] = ()


@transaction.atomic
def draft(
    *, kind: str, values: Mapping[str, Any], by: Actor, source: Source | None = None, on: date | None = None
) -> Paper:
    """A new draft of the actor's own unit.

    ``values``: title, addressee, body, attachments, copies_to, remark, word, urgency, openness, dated. Raises PaperRefused, NotAllowed.
    """
    require(may_draft(by, clock.today()))
    unit = Unit.objects.select_related("division").get(pk=by.unit_id or 0)
    clean = clean_values(values)
    paper = Paper(
        unit=unit,
        division_id=unit.division_id,
        kind=_kind(kind),
        drafter_id=by.account_id,
        drafter_name=by.name,
        created_at=clock.now(),
        **clean,
    )
    paper.word = check_word(paper.word)
    if source is not None:
        paper.source, paper.source_id = source.kind, source.id
        paper.generated = json.dumps(list(source.lines), ensure_ascii=False)
    paper.save()
    if source is not None:
        write_figures(paper, source.figures, on or clock.today())
    write_step(paper, PaperMove.CREATE, "", by)
    write_audit(
        paper, PaperMove.CREATE, by, None, {"kind": str(paper.kind), "title": paper.title, "state": str(paper.state)}
    )
    return paper


@transaction.atomic
def change(*, paper: Paper, kind: str, values: Mapping[str, Any], version: int, by: Actor) -> Paper:
    """Write in a draft. ``version`` is the one that was open. Raises PaperRefused, PaperMoved, NotAllowed."""
    held = held_for(paper, PaperMove.CHANGE, by)
    if held.version != version:
        raise PaperMoved
    before = {name: getattr(held, name) for name in (*FIELDS, "kind", "urgency", "openness", "dated")}
    for name, value in {**clean_values(values), "kind": _kind(kind)}.items():
        setattr(held, name, value)
    held.word = check_word(held.word)
    after_ = {name: getattr(held, name) for name in before}
    changed = [name for name in before if before[name] != after_[name]]
    if not changed:
        return held
    held.version += 1
    held.save()
    write_step(held, PaperMove.CHANGE, held.state, by)
    write_audit(
        held, PaperMove.CHANGE, by, {n: _plain(before[n]) for n in changed}, {n: _plain(after_[n]) for n in changed}
    )
    return held


@transaction.atomic
def refresh_figures(*, paper: Paper, body: str, source: Source, known_on: date, by: Actor, reason: str = "") -> Paper:
    """Put the figures of today into a draft: its new body, and the figures it cites from now on."""
    held = held_for(paper, PaperMove.REFRESH, by)
    held.body = body
    held.generated = json.dumps(list(source.lines), ensure_ascii=False)
    held.version += 1
    held.save()
    held.figures.all().delete()
    write_figures(held, source.figures, known_on)
    write_step(held, PaperMove.REFRESH, held.state, by, reason)
    write_audit(held, PaperMove.REFRESH, by, {}, {"figures": len(source.figures), "known_on": known_on}, reason)
    return held


@transaction.atomic
def submit(*, paper: Paper, by: Actor) -> Paper:
    """Hand a draft up for signature. Raises SlipsLeft, PaperRefused, NotAllowed."""
    held = held_for(paper, PaperMove.SUBMIT, by)
    require_whole(held)
    return moved(held, PaperMove.SUBMIT, by)


@transaction.atomic
def send_back(*, paper: Paper, reason: str, by: Actor) -> Paper:
    """Back to the drafter, with the reason; a signature already given falls away."""
    held = held_for(paper, PaperMove.SEND_BACK, by)
    if not reason.strip():
        raise PaperRefused(_("请写明退回的原因,拟稿人要照它改。"))
    held.approver_name, held.approved_on, held.approver_id = "", None, None
    return moved(held, PaperMove.SEND_BACK, by, reason)


@transaction.atomic
def sign(*, paper: Paper, by: Actor, signer_name: str = "", signed_on: date | None = None) -> Paper:
    """签发. A leader signs in his own name; where the unit has none here, the name signed on paper is entered."""
    held = held_for(paper, PaperMove.SIGN, by)
    require_whole(held)
    today = clock.today()
    day = signed_on or today
    if day > today:
        raise PaperRefused(_("签发日期在今天之后,请核对。"))
    name = by.name if signs_as_leader(by, held, today) else signer_name.strip()
    if not name:
        raise PaperRefused(_("请照发文稿纸录入签发人姓名。"))
    held.approver_name, held.approved_on, held.approver_id = name[:40], day, by.account_id
    return moved(held, PaperMove.SIGN, by, "" if name == by.name else gettext_noop("照纸质发文稿纸录入签发人"))


@transaction.atomic
def issue(*, paper: Paper, by: Actor, on: date | None = None, note: str = "") -> Paper:
    """Give the number and freeze the text. Refused, and no number taken, when a character cannot be printed.

    ``note`` is written beside the step (that older figures were kept on purpose).

    Raises SlipsLeft, PaperRefused, NotAllowed.
    """
    held = held_for(paper, PaperMove.ISSUE, by)
    return number_and_freeze(held, by, on or clock.today(), note)


def number_and_freeze(held: Paper, by: Actor, day: date, note: str = "") -> Paper:
    """Take the next number and freeze the text of a signed paper that is held under its lock. Raises SlipsLeft, PaperRefused."""
    require_whole(held)
    if held.approved_on is not None and day < held.approved_on:
        raise PaperRefused(_("印发日期早于签发日期,请核对。"))
    if day > clock.today():
        raise PaperRefused(_("印发日期在今天之后,请核对。"))
    serial = next_serial(held.unit_id, held.word, day.year)
    _require_order(held.word, day)
    number = number_text(held.word, day.year, serial)
    try:
        document = build(held, number=number, on=day)
    except BadDocument as wrong:
        raise PaperRefused(str(wrong)) from wrong
    if lost := unprintable(document):
        raise SlipsLeft([Slip(0, one.words) for one in lost])
    template = _fitting_template(held, document)
    content = {"document": encode(document), "figures": reads.figures_as_data(held)}
    made = PaperIssue(
        paper=held,
        number=number,
        word=held.word,
        year=day.year,
        serial=serial,
        content=json.dumps(content, ensure_ascii=False),
        issued_on=day,
        issued_at=clock.now(),
        issued_by_id=by.account_id,
        issued_by_name=by.name,
        template=template,
    )
    made.content_hash = hash_of(reads.covered(made, content))
    made.save()
    return moved(held, PaperMove.ISSUE, by, note, after_={"number": number}, summary=made.content_hash)


def _fitting_template(paper: Paper, document: OfficialDocument) -> PaperTemplate | None:
    """The unit's own template where one is in use, provided that nothing of the paper is lost in it. Raises PaperRefused."""
    template = live_template(paper.unit_id, paper.kind)
    if template is None:
        return None
    try:
        lost = lost_words(template, document)
    except (FileDamaged, BadTemplate) as damage:
        raise PaperRefused(_("在用的模板打不开,请重新上传或改用系统版式。") + str(damage)) from damage
    if lost:
        raise PaperRefused(lost)
    return template


def next_serial(unit_id: int, word: str, year: int) -> int:
    """The next number, under a lock held until the paper is committed: none is skipped, none given twice.

    Raises PaperRefused where the word belongs to another unit this year.
    """
    PaperSeries.objects.get_or_create(word=word, year=year, defaults={"unit_id": unit_id})
    series = PaperSeries.objects.select_for_update().select_related(None).get(word=word, year=year)
    if series.unit_id != unit_id:
        owner = Unit.objects.get(pk=series.unit_id)
        words = _("机关代字“%(word)s”今年已由%(unit)s使用,两个单位同用一个代字会重号;请换一个代字。")
        raise PaperRefused(words % {"word": word, "unit": owner.label})
    series.last += 1
    series.save(update_fields=["last"])
    return series.last


def _require_order(word: str, day: date) -> None:
    """A later number never bears an earlier day. Raises PaperRefused."""
    last = PaperIssue.objects.filter(word=word, year=day.year).order_by("-serial").first()
    if last is not None and day < last.issued_on:
        words = _("印发日期早于上一号 %(number)s 的 %(day)s,后面的号不能排在前面的日子;请改用之后的日期。")
        raise PaperRefused(words % {"number": last.number, "day": last.issued_on.isoformat()})


@transaction.atomic
def archive(*, paper: Paper, by: Actor) -> Paper:
    """归档: the paper stays readable to everyone who had it; nothing more is served."""
    held = held_for(paper, PaperMove.ARCHIVE, by)
    return moved(held, PaperMove.ARCHIVE, by)


@transaction.atomic
def void(*, paper: Paper, reason: str, by: Actor) -> Paper:
    """作废. A number once given stays with the void paper and is not used again. Raises PaperRefused, NotAllowed."""
    held = held_for(paper, PaperMove.VOID, by)
    if not reason.strip():
        raise PaperRefused(_("请写明作废原因;收到过这份公文的单位会看到。"))
    held.closed_reason = reason.strip()[:200]
    return moved(held, PaperMove.VOID, by, reason)


def require_whole(paper: Paper) -> None:
    slips = slips_of(paper, clock.today())
    if slips:
        raise SlipsLeft(slips)


def write_figures(paper: Paper, cited: Sequence[Cited], known_on: date) -> None:
    first = (paper.figures.aggregate(last=Max("position"))["last"] or 0) + 1
    PaperFigure.objects.bulk_create(
        PaperFigure(
            paper=paper,
            position=position,
            line=one.line,
            indicator=one.indicator,
            part=one.part,
            breakdown=one.breakdown,
            slice=one.slice,
            division_id=one.division_id,
            period=str(one.period),
            starts=one.period.start,
            ends=one.period.end,
            text=one.text[:60],
            known_on=one.known_on or known_on,
        )
        for position, one in enumerate(cited, start=first)
    )


def _kind(kind: str) -> str:
    if kind not in PaperKind.values:
        raise PaperRefused(_("没有这种文种,请在列出的几种里选。"))
    return kind


def clean_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a person typed, checked for length and for secrets. Raises PaperRefused; nothing is kept then."""
    clean: dict[str, Any] = {}
    for name, most in FIELDS.items():
        text = str(values.get(name) or "").replace("\r\n", "\n").replace("\r", "\n").strip("\n ")
        if len(text) > most:
            words = _("%(field)s最多 %(most)d 字,现有 %(now)d 字。")
            label = Paper._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            raise PaperRefused(words % {"field": label, "most": most, "now": len(text)})
        clean[name] = text
    if not clean["title"]:
        raise PaperRefused(_("请先填标题。"))
    if str(values.get("openness") or "") in SECRET_GRADES:
        raise PaperRefused(secret_words(str(values["openness"])))
    if mark := secret_mark(*clean.values()):
        raise PaperRefused(secret_words(mark))
    clean["urgency"] = _choice(values.get("urgency"), Urgency.values, Urgency.PLAIN)
    clean["openness"] = _choice(values.get("openness"), Openness.values, Openness.INTERNAL)
    clean["dated"] = values.get("dated") or None
    return clean


def _choice(value: object, known: Sequence[str], otherwise: str) -> str:
    text = str(value or otherwise)
    if text not in known:
        raise PaperRefused(_("“%(value)s”不在选项里,请重新选择。") % {"value": text[:20]})
    return text


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value
