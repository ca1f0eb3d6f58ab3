"""The only writers of papers. A number is taken at issue, inside the transaction, and is never used again."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from qingyuan.casework.enums import Openness, PaperKind, PaperMove, ReceiptWay, ScanMatch, Urgency
from qingyuan.casework.models import (
    Paper,
    PaperDelivery,
    PaperFigure,
    PaperIssue,
    PaperScan,
    PaperSeries,
    PaperStep,
)
from qingyuan.casework.models.paper import OUT
from qingyuan.casework.papers import queries as reads
from qingyuan.casework.papers.document import build, secret_words, slips_of
from qingyuan.casework.papers.permissions import (
    PAPERS,
    may_draft,
    may_enter_receipt,
    may_receive,
    may_take,
    require,
    signs_as_leader,
)
from qingyuan.casework.papers.rules import (
    SECRET_GRADES,
    PaperRefused,
    ScanRefused,
    after,
    answer_by,
    check_word,
    hash_of,
    match_page,
    media_type_of,
    number_text,
)
from qingyuan.casework.papers.text import Slip, secret_mark
from qingyuan.documents.codec import encode
from qingyuan.documents.glyphs import unprintable
from qingyuan.documents.model import BadDocument
from qingyuan.documents.qr import UnreadableScan, read_qr
from qingyuan.foundation import audit, clock
from qingyuan.foundation.crypto import encrypt_text
from qingyuan.foundation.enums import Compartment, Zone
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Unit
from qingyuan.reference.periods import Period

FOLDER: Final = "papers"
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
    """A figure as a draft cites it; ``line`` is the generated line (from 0) in which it stands."""

    indicator: str
    division_id: int
    period: Period
    text: str
    line: int
    part: str = "value"
    breakdown: str = ""
    slice: str = ""


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
    clean = _clean(values)
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
        _write_figures(paper, source.figures, on or clock.today())
    _step(paper, PaperMove.CREATE, "", by)
    _audit(
        paper, PaperMove.CREATE, by, None, {"kind": str(paper.kind), "title": paper.title, "state": str(paper.state)}
    )
    return paper


@transaction.atomic
def change(*, paper: Paper, kind: str, values: Mapping[str, Any], version: int, by: Actor) -> Paper:
    """Write in a draft. ``version`` is the one that was open. Raises PaperRefused, PaperMoved, NotAllowed."""
    held = _held(paper, PaperMove.CHANGE, by)
    if held.version != version:
        raise PaperMoved
    before = {name: getattr(held, name) for name in (*FIELDS, "kind", "urgency", "openness", "dated")}
    for name, value in {**_clean(values), "kind": _kind(kind)}.items():
        setattr(held, name, value)
    held.word = check_word(held.word)
    after_ = {name: getattr(held, name) for name in before}
    changed = [name for name in before if before[name] != after_[name]]
    if not changed:
        return held
    held.version += 1
    held.save()
    _step(held, PaperMove.CHANGE, held.state, by)
    _audit(held, PaperMove.CHANGE, by, {n: _plain(before[n]) for n in changed}, {n: _plain(after_[n]) for n in changed})
    return held


@transaction.atomic
def refresh_figures(*, paper: Paper, body: str, source: Source, known_on: date, by: Actor, reason: str = "") -> Paper:
    """Put the figures of today into a draft: its new body, and the figures it cites from now on."""
    held = _held(paper, PaperMove.REFRESH, by)
    held.body = body
    held.generated = json.dumps(list(source.lines), ensure_ascii=False)
    held.version += 1
    held.save()
    held.figures.all().delete()
    _write_figures(held, source.figures, known_on)
    _step(held, PaperMove.REFRESH, held.state, by, reason)
    _audit(held, PaperMove.REFRESH, by, {}, {"figures": len(source.figures), "known_on": known_on}, reason)
    return held


@transaction.atomic
def submit(*, paper: Paper, by: Actor) -> Paper:
    """Hand a draft up for signature. Raises SlipsLeft, PaperRefused, NotAllowed."""
    held = _held(paper, PaperMove.SUBMIT, by)
    _require_whole(held)
    return _moved(held, PaperMove.SUBMIT, by)


@transaction.atomic
def send_back(*, paper: Paper, reason: str, by: Actor) -> Paper:
    """Back to the drafter, with the reason; a signature already given falls away."""
    held = _held(paper, PaperMove.SEND_BACK, by)
    if not reason.strip():
        raise PaperRefused(_("请写明退回的原因,拟稿人要照它改。"))
    held.approver_name, held.approved_on, held.approver_id = "", None, None
    return _moved(held, PaperMove.SEND_BACK, by, reason)


@transaction.atomic
def sign(*, paper: Paper, by: Actor, signer_name: str = "", signed_on: date | None = None) -> Paper:
    """签发. A leader signs in his own name; where the unit has none here, the name signed on paper is entered."""
    held = _held(paper, PaperMove.SIGN, by)
    _require_whole(held)
    today = clock.today()
    day = signed_on or today
    if day > today:
        raise PaperRefused(_("签发日期在今天之后,请核对。"))
    name = by.name if signs_as_leader(by, held, today) else signer_name.strip()
    if not name:
        raise PaperRefused(_("请照发文稿纸录入签发人姓名。"))
    held.approver_name, held.approved_on, held.approver_id = name[:40], day, by.account_id
    return _moved(held, PaperMove.SIGN, by, "" if name == by.name else _("照纸质发文稿纸录入签发人"))


@transaction.atomic
def issue(*, paper: Paper, by: Actor, on: date | None = None) -> Paper:
    """Give the number and freeze the text. Refused, and no number taken, when a character cannot be printed.

    Raises SlipsLeft, PaperRefused, NotAllowed.
    """
    held = _held(paper, PaperMove.ISSUE, by)
    _require_whole(held)
    day = on or clock.today()
    if held.approved_on is not None and day < held.approved_on:
        raise PaperRefused(_("印发日期早于签发日期,请核对。"))
    if day > clock.today():
        raise PaperRefused(_("印发日期在今天之后,请核对。"))
    serial = next_serial(held.unit_id, held.word, day.year)
    number = number_text(held.word, day.year, serial)
    try:
        document = build(held, number=number, on=day)
    except BadDocument as wrong:
        raise PaperRefused(str(wrong)) from wrong
    if lost := unprintable(document):
        raise SlipsLeft([Slip(0, one.words) for one in lost])
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
    )
    made.content_hash = hash_of(reads.covered(made, content))
    made.save()
    return _moved(held, PaperMove.ISSUE, by, after_={"number": number}, summary=made.content_hash)


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


@transaction.atomic
def serve(*, paper: Paper, unit_ids: Collection[int], by: Actor, on: date | None = None) -> list[PaperDelivery]:
    """Serve an issued paper on units; those already served are left as they are. Raises PaperRefused, NotAllowed."""
    held = _held(paper, PaperMove.SERVE, by)
    day = on or clock.today()
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
    words = _("送 %(count)d 个单位") % {"count": len(made)}
    _moved(held, PaperMove.SERVE, by, words, after_={"units": len(made)})
    return made


@transaction.atomic
def receive(*, delivery: PaperDelivery, by: Actor, on: date | None = None) -> PaperDelivery:
    """签收 by the receiving unit, in the actor's own name. Raises PaperRefused, NotAllowed."""
    require(may_receive(by, delivery, clock.today()))
    return _received(delivery, by.name, ReceiptWay.HERE, on or clock.today(), by)


@transaction.atomic
def enter_receipt(*, delivery: PaperDelivery, name: str, on: date, by: Actor) -> PaperDelivery:
    """Enter a receipt signed on paper, by the unit that sent the paper. Raises PaperRefused, NotAllowed."""
    require(may_enter_receipt(by, delivery, clock.today()))
    if not name.strip():
        raise PaperRefused(_("请录入回执上的签收人姓名。"))
    return _received(delivery, name.strip()[:40], ReceiptWay.BY_HAND, on, by)


@transaction.atomic
def archive(*, paper: Paper, by: Actor) -> Paper:
    """归档: the paper stays readable to everyone who had it; nothing more is served."""
    held = _held(paper, PaperMove.ARCHIVE, by)
    return _moved(held, PaperMove.ARCHIVE, by)


@transaction.atomic
def void(*, paper: Paper, reason: str, by: Actor) -> Paper:
    """作废. A number once given stays with the void paper and is not used again. Raises PaperRefused, NotAllowed."""
    held = _held(paper, PaperMove.VOID, by)
    if not reason.strip():
        raise PaperRefused(_("请写明作废原因;收到过这份公文的单位会看到。"))
    held.closed_reason = reason.strip()[:200]
    return _moved(held, PaperMove.VOID, by, reason)


def check_copy(*, paper: Paper, data: bytes, typed_code: str = "") -> ScanMatch:
    """Whether a file (PDF, PNG, JPEG) is this paper: by square code, or by the typed code. Raises ScanRefused."""
    media_type_of(data)
    _require_intact(paper)
    return _match(paper, data, typed_code)


def file_scan(*, paper: Paper, data: bytes, file_name: str, by: Actor, typed_code: str = "") -> PaperScan:
    """Keep the sealed copy with its paper, encrypted. Raises ScanRefused, PaperRefused, NotAllowed."""
    today = clock.today()
    require(may_take(by, paper, PaperMove.FILE_SCAN, today))
    after(PaperMove.FILE_SCAN, paper.state)
    media_type = media_type_of(data)
    _require_intact(paper)
    how = _match(paper, data, typed_code)
    digest = hashlib.sha256(data).hexdigest()
    if paper.scans.filter(digest=digest).exists():
        raise ScanRefused(_("这个文件已经归入过。"))
    path = store_file(f"{FOLDER}/{paper.pk.hex}-{digest[:16]}.q1", data, reads.SCAN_PLACE)
    with transaction.atomic():
        scan = PaperScan.objects.create(
            paper=paper,
            digest=digest,
            media_type=media_type,
            size=len(data),
            path=path,
            file_name=file_name[:120],
            matched_by=how,
            uploaded_at=clock.now(),
            uploaded_by_id=by.account_id,
            uploaded_by_name=by.name,
        )
        _step(paper, PaperMove.FILE_SCAN, paper.state, by)
        _audit(paper, PaperMove.FILE_SCAN, by, {}, {"scan_digest": digest, "matched_by": str(how)}, summary=digest)
    return scan


def store_file(relative: str, data: bytes, place: str) -> str:
    """Write an encrypted file before the database knows of it: a file too many is harmless, a row without file is not."""
    target = Path(settings.QINGYUAN_UPLOADS) / relative
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    hidden = target.with_suffix(".part")
    hidden.write_text(encrypt_text(Compartment.INTERNAL, base64.b64encode(data).decode(), place), encoding="ascii")
    hidden.chmod(0o600)
    os.replace(hidden, target)
    return relative


def _held(paper: Paper, move: PaperMove, by: Actor) -> Paper:
    """The paper under a lock, with the step checked against its state now. Raises PaperRefused, NotAllowed."""
    held = Paper.objects.select_for_update(of=("self",)).select_related("unit__division").get(pk=paper.pk)
    after(move, held.state)
    require(may_take(by, held, move, clock.today()))
    return held


def _moved(
    held: Paper,
    move: PaperMove,
    by: Actor,
    reason: str = "",
    *,
    after_: Mapping[str, Any] | None = None,
    summary: str = "",
) -> Paper:
    before = str(held.state)
    held.state = after(move, held.state)
    held.version += 1
    held.save()
    _step(held, move, before, by, reason)
    _audit(held, move, by, {"state": before}, {"state": str(held.state), **(after_ or {})}, reason, summary)
    return held


def _received(delivery: PaperDelivery, name: str, way: ReceiptWay, on: date, by: Actor) -> PaperDelivery:
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
    _step(held.paper, PaperMove.RECEIVE, held.paper.state, by, f"{Unit.objects.get(pk=held.unit_id).label} {name}")
    _audit(
        held.paper,
        PaperMove.RECEIVE,
        by,
        {},
        {"unit": held.unit_id, "received_on": on, "way": str(way)},
        division_id=held.division_id,
    )
    return held


def _require_whole(paper: Paper) -> None:
    slips = slips_of(paper, clock.today())
    if slips:
        raise SlipsLeft(slips)


def _require_intact(paper: Paper) -> None:
    if problems := reads.verify(paper).problems:
        raise ScanRefused("".join(problems) + _("请先报告安全管理员核查。"))


def _match(paper: Paper, data: bytes, typed_code: str) -> ScanMatch:
    try:
        codes = read_qr(data)
    except UnreadableScan as error:
        raise ScanRefused(str(error)) from error
    by_code = match_page(codes, typed_code, paper_id=paper.pk, content_hash=paper.issue.content_hash)
    return ScanMatch.SQUARE_CODE if by_code else ScanMatch.TYPED_CODE


def _write_figures(paper: Paper, cited: Sequence[Cited], known_on: date) -> None:
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
            known_on=known_on,
        )
        for position, one in enumerate(cited, start=first)
    )


def _kind(kind: str) -> str:
    if kind not in PaperKind.values:
        raise PaperRefused(_("没有这种文种,请在列出的几种里选。"))
    return kind


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
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


def _step(paper: Paper, move: PaperMove, before: str, by: Actor, reason: str = "") -> None:
    PaperStep.objects.create(
        paper=paper,
        move=move,
        from_state=before,
        to_state=paper.state,
        by_id=by.account_id,
        by_name=by.name,
        by_unit=by.unit_name,
        at=clock.now(),
        reason=reason.strip()[:300],
    )


def _audit(
    paper: Paper,
    move: PaperMove,
    by: Actor,
    before: Mapping[str, Any] | None,
    after_: Mapping[str, Any],
    reason: str = "",
    summary: str = "",
    division_id: int | None = None,
) -> None:
    delta = audit.RowDelta(
        row_id=paper.pk,
        compartment=Compartment.INTERNAL,
        before=before,
        after=after_,
        personal=frozenset({"body"}) & (set(before or {}) | set(after_)),
    )
    audit.record_write(
        by=by,
        act=f"{PAPERS}.{move.value}",
        ledger=PAPERS,
        rows=[delta],
        division_id=division_id or paper.division_id,
        reason=reason.strip()[:200],
        summary=summary,
    )
