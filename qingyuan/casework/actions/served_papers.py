"""The only writers of papers to persons: drafted from a row, numbered without a gap, served with proof, withdrawn with reason.

How a paper was served is a chain of statements, each replacing the one before; what stands at its end decides whether the paper
is served, fills the day in the ledger where the form names a column, and starts the clocks that run from service.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qingyuan.casework.actions import clocks
from qingyuan.casework.actions.papers import next_serial
from qingyuan.casework.enums import ScanMatch, ServedState
from qingyuan.casework.models import PaperService, ServedPaper, ServiceProof
from qingyuan.casework.models.served_paper import HANDED_OVER, compartment_column
from qingyuan.casework.papers.permissions import NotAllowed
from qingyuan.casework.papers.rules import PaperRefused, check_word, number_text
from qingyuan.casework.serving import queries as reads
from qingyuan.casework.serving.declared import PaperForm, UnknownForm, form_called
from qingyuan.casework.serving.document import build
from qingyuan.casework.serving.rules import PAGE, Judged, ServiceRefused, Told, judge
from qingyuan.documents.codec import encode
from qingyuan.documents.glyphs import unprintable
from qingyuan.documents.model import BadDocument
from qingyuan.documents.page_code import ScanRefused, codes_on, drawn_anew, hash_of, media_type_of
from qingyuan.foundation import audit, clock
from qingyuan.foundation.kept_files import store_file
from qingyuan.foundation.words import Problem
from qingyuan.ledgers import entering, registry
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.ledgers.writing import DuplicateRow, RowChanged
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Unit

FOLDER = "served"


@dataclass(frozen=True)
class Scan:
    """A file that is said to be the signed receipt; ``typed_code`` where its square code cannot be read."""

    data: bytes
    typed_code: str = ""


class SomebodyWasFaster(PaperRefused):
    """Another person has moved the paper since the page was opened."""

    def __init__(self) -> None:
        super().__init__(_("这份文书在您打开以后被别人办过,请刷新页面看最新情况。"))


# --- the paper -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def draft(*, form: PaperForm, row: Any, answers: Mapping[str, str], by: Actor) -> ServedPaper:
    """A draft of one's own unit about a row that one may change. Raises PaperRefused, ServiceRefused, NotAllowed."""
    _require_row(form.ledger, row, by)
    if not form.offered(row):
        raise PaperRefused(_("按这条记录现在的情况,不出这种文书;请先核对记录。"))
    unit = Unit.objects.select_related("division").get(pk=by.unit_id or 0)
    paper = ServedPaper(
        form=form.code,
        form_version=form.version,
        regime=form.regime,
        ledger=form.ledger,
        subject_id=row.pk,
        unit=unit,
        division_id=row.division_id,
        word=reads.usual_word(unit),
        drafted_at=clock.now(),
        drafted_by_id=by.account_id,
        drafted_by_name=by.name[:40],
    )
    paper.seal({"answers": clean_answers(form, answers)}, reads.compartment_of(paper))
    paper.save()
    _told(paper, "draft", by, None, {"form": form.code, "state": str(paper.state)})
    return paper


@transaction.atomic
def change_draft(*, paper: ServedPaper, answers: Mapping[str, str], word: str, version: int, by: Actor) -> ServedPaper:
    """Other answers, or another series word. Raises PaperRefused, ServiceRefused, NotAllowed."""
    held, form = _held(paper, version, by)
    if held.state != ServedState.DRAFT:
        raise PaperRefused(_("已经编号的文书不能修改;需要改的,撤回后另出一份。"))
    held.seal({"answers": clean_answers(form, answers)}, reads.compartment_of(held))
    held.word = check_word(word or held.word)
    held.form_version = form.version
    return _saved(held, "change", by, {}, {"word": held.word})


@transaction.atomic
def issue(*, paper: ServedPaper, version: int, by: Actor, on: date | None = None) -> ServedPaper:
    """Take the next number and freeze what is printed. Raises PaperRefused, NotAllowed."""
    held, form = _held(paper, version, by)
    if held.state != ServedState.DRAFT:
        raise PaperRefused(_("这份文书已经编过号。"))
    day = on or clock.today()
    if day > clock.today():
        raise PaperRefused(_("编号日期在今天之后,请核对。"))
    row = reads.row_of(held)
    held.year, held.form_version, held.issued_on = day.year, form.version, day
    held.serial = next_serial(held.unit_id, check_word(held.word), day.year)
    _require_order(held, day)
    held.number = number_text(held.word, day.year, held.serial)
    held.serve_by = day + timedelta(days=form.within) if form.within else None
    try:
        document = build(form, row, held.answers, held.unit.name, number=held.number, on=day)
    except BadDocument as wrong:
        raise PaperRefused(str(wrong)) from wrong
    if lost := unprintable(document):
        raise PaperRefused(_("字体印不出%(what)s,请改用标准字。") % {"what": lost[0].words})
    encoded = encode(document)
    held.seal({"answers": held.answers, "document": encoded}, reads.compartment_of(held))
    held.content_hash = hash_of(reads.covered(held, encoded))
    held.state = ServedState.ISSUED
    return _saved(held, "issue", by, {}, {"number": held.number}, summary=held.content_hash)


@transaction.atomic
def withdraw(*, paper: ServedPaper, reason: str, version: int, by: Actor) -> ServedPaper:
    """Take a paper back; its number stays with it. A served one has its service taken back first. Raises PaperRefused, NotAllowed."""
    held, _form = _held(paper, version, by)
    if held.state == ServedState.WITHDRAWN:
        raise PaperRefused(_("这份文书已经撤回。"))
    if held.state == ServedState.SERVED:
        raise PaperRefused(_("已送达的文书先撤销送达记录,再撤回。"))
    if not reason.strip():
        raise PaperRefused(_("请写明撤回的原因。"))
    held.state, held.closed_reason = ServedState.WITHDRAWN, reason.strip()[:200]
    return _saved(held, "withdraw", by, {}, {"number": held.number}, reason=reason)


@transaction.atomic
def keep_numbers_only(*, form: str, subject_ids: Iterable[UUID]) -> int:
    """The papers of this form about these rows are with their persons alone from now on: of each only number and hash are kept.
    Called by the room whose row is closed, whose audit entry says so. Returns how many there were."""
    text = json.dumps(HANDED_OVER)
    found = ServedPaper._base_manager.filter(form=form, subject_id__in=list(subject_ids)).exclude(number="")
    kept = 0
    for paper in found.select_for_update(of=("self",)):
        column = compartment_column(reads.compartment_of(paper))
        kept += ServedPaper._base_manager.filter(pk=paper.pk).update(**{column: text}, version=paper.version + 1)
    return kept


# --- its service ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def serve(*, paper: ServedPaper, told: Told, version: int, by: Actor, scan: Scan | None = None) -> PaperService:
    """Say how a paper is served, or say it anew while no proof is on file; with ``scan`` the receipt is filed at once.

    Raises ServiceRefused, PaperRefused, ScanRefused, NotAllowed.
    """
    held, _form = _held(paper, version, by)
    if held.state != ServedState.ISSUED:
        raise PaperRefused(_("只有已编号、还没有送达的文书可以登记送达。"))
    judged = _judged(held, told)
    proof = _file(held, scan, judged, by) if scan is not None else None
    return _say(held, told, judged, proof, by, "serve")


@transaction.atomic
def correct(*, paper: ServedPaper, told: Told, reason: str, version: int, by: Actor) -> PaperService:
    """Another day or other words about a service whose proof is on file; what follows from it is reckoned anew. Raises as ``serve``."""
    held, _form = _held(paper, version, by)
    before = reads.standing(held)
    if before is None or before.proof is None:
        raise PaperRefused(_("还没有回证的,直接重新登记送达。"))
    _require_reason(reason)
    judged = _judged(held, told)
    if judged.received_on is None:
        raise ServiceRefused(Problem("received_on", "", "", _("已有回证的,要有送达日期。")))
    return _say(held, told, judged, before.proof, by, "correct", reason)


@transaction.atomic
def take_back(*, paper: ServedPaper, reason: str, version: int, by: Actor) -> PaperService:
    """Say that the service never was; the paper waits to be served again and what it had started falls away. Raises PaperRefused."""
    held, _form = _held(paper, version, by)
    before = reads.standing(held)
    if before is None:
        raise PaperRefused(_("没有送达记录可以撤销。"))
    _require_reason(reason)
    gone = _copied(before, by)
    gone.corrects, gone.withdrawn, gone.proof, gone.received_on = before, True, None, None
    return _stand(held, gone, by, "take_back", reason)


def _say(
    held: ServedPaper, told: Told, judged: Judged, proof: ServiceProof | None, by: Actor, act: str, reason: str = ""
) -> PaperService:
    said = PaperService(
        paper=held,
        way=told.way,
        sent_on=told.sent_on,
        received_on=judged.received_on,
        receiver=judged.receiver,
        refused=judged.refused,
        until=judged.until,
        articles=judged.rule.articles,
        proof=proof,
        corrects=reads.last_said(held),
        recorded_at=clock.now(),
        recorded_by_id=by.account_id,
        recorded_by_name=by.name[:40],
    )
    said.seal(judged.words, reads.compartment_of(held))
    return _stand(held, said, by, act, reason)


def _stand(held: ServedPaper, said: PaperService, by: Actor, act: str, reason: str) -> PaperService:
    """Add the statement to the chain, and let the paper, the ledger and the clocks follow what stands now."""
    try:
        with transaction.atomic():
            said.save()
    except IntegrityError as error:
        raise SomebodyWasFaster from error
    before = {"state": str(held.state), "served_on": _iso(held.served_on)}
    earlier = held.served_on
    proved = not said.withdrawn and said.proof_id is not None
    held.state = ServedState.SERVED if proved else ServedState.ISSUED
    held.served_on = said.received_on if proved else None
    held.way, held.refused = ("", False) if said.withdrawn else (said.way, said.refused)
    held.sent_on, held.until = (None, None) if said.withdrawn else (said.sent_on, said.until)
    after = {"way": held.way, "received_on": _iso(said.received_on), "proved": proved}
    _saved(held, act, by, before, after, reason=reason)
    if held.served_on != earlier:
        _carry_over(held, earlier, by, reason)
    return said


def _carry_over(held: ServedPaper, earlier: date | None, by: Actor, reason: str) -> None:
    """The day of service into the row's own column, and onto the clocks that run from it."""
    form, ledger = form_called(held.form), registry.get(held.ledger)
    row = reads.row_of(held)
    if form.fills and row.voided_at is None:
        _fill(ledger, row, form, held, earlier, by, reason)
    if form.says and row.voided_at is None:
        clocks.follow(ledger=held.ledger, rows=[row], by=by)


def _fill(ledger: Any, row: Any, form: PaperForm, held: ServedPaper, earlier: date | None, by: Actor, reason: str) -> None:
    """Write the day as any change of the row is written. A day somebody typed otherwise meanwhile is left as it is.

    Raises PaperRefused with what the ledger says against the day.
    """
    column = form.fills
    now = getattr(row, ledger.column(column).where)
    if now not in (None, earlier):
        if held.served_on is None:
            return
        words = _("台账的“%(column)s”写的是 %(day)s,与回证不一致。请先在台账里改正,再归入回证。")
        raise PaperRefused(words % {"column": ledger.column(column).header, "day": now.isoformat()})
    changed: dict[str, Any] = {column: held.served_on}
    if form.numbers:
        changed[form.numbers] = held.number if held.served_on is not None else ""
    values = {one.name: _plain(one.stored_value_of(row) if one.stored else one.value_of(row)) for one in ledger.columns}
    change = Draft(
        number=1,
        values=values | changed,
        division_id=row.division_id,
        unit_id=row.unit_id,
        target_id=row.pk,
    )
    why = reason or gettext_noop("文书 %(number)s 送达") % {"number": held.number}
    writing = Writing(by=by, on=clock.today(), reason=why[:200])
    if ledger.prepare is not None:
        ledger.prepare([change], writing)
    problems = [*change.problems, *(ledger.check(change.values) if ledger.check is not None else ())]
    if problems:
        raise PaperRefused("".join(problem.message for problem in problems))
    try:
        entering.change(ledger, row, change, writing)
    except (DuplicateRow, RowChanged) as error:
        raise PaperRefused(str(error)) from error


def _file(held: ServedPaper, scan: Scan, judged: Judged, by: Actor) -> ServiceProof:
    """Keep the signed receipt, drawn anew and encrypted, once it is this paper's. Raises ScanRefused, ServiceRefused."""
    if judged.until is not None and judged.received_on is None:
        words = _("公告到 %(day)s 才满,满了以后再归入公告的照片或者剪报。")
        raise ServiceRefused(Problem("scan", "", "", words % {"day": judged.until.isoformat()}))
    if judged.received_on is None:
        raise ServiceRefused(Problem("received_on", "", "", _("归入回证要写明签收日期。")))
    if problems := reads.problems_of(held):
        raise ScanRefused("".join(problems) + _("请先报告安全管理员核查。"))
    media_type = media_type_of(scan.data)
    data = drawn_anew(scan.data)
    by_code = PAGE.match(codes_on(data), scan.typed_code, paper_id=held.pk, content_hash=held.content_hash)
    digest = hashlib.sha256(data).hexdigest()
    kept = held.proofs.filter(digest=digest).first()
    if kept is not None:
        return kept
    path = store_file(f"{FOLDER}/{held.pk.hex}-{digest[:16]}.q1", data, reads.PROOF_PLACE, reads.compartment_of(held))
    return ServiceProof.objects.create(
        paper=held,
        digest=digest,
        media_type=media_type,
        size=len(data),
        path=path,
        matched_by=ScanMatch.SQUARE_CODE if by_code else ScanMatch.TYPED_CODE,
        uploaded_at=clock.now(),
        uploaded_by_id=by.account_id,
        uploaded_by_name=by.name[:40],
    )


# --- what all of them share ----------------------------------------------------------------------------------------------
def clean_answers(form: PaperForm, answers: Mapping[str, str]) -> dict[str, str]:
    """What was filled in, checked for length. Raises ServiceRefused."""
    clean, problems = {}, []
    for asked in form.questions:
        text = str(answers.get(asked.name) or "").replace("\r\n", "\n").replace("\x00", "").strip()
        if asked.required and not text:
            problems.append(Problem(asked.name, "", "", _("请填“%(label)s”。") % {"label": asked.label}))
        if len(text) > asked.most:
            problems.append(Problem(asked.name, "", "", _("最多 %(most)d 字。") % {"most": asked.most}))
        clean[asked.name] = text
    if problems:
        raise ServiceRefused(*problems)
    return clean


def _held(paper: ServedPaper, version: int, by: Actor) -> tuple[ServedPaper, PaperForm]:
    """The paper under a lock with its form. Raises SomebodyWasFaster, PaperRefused, NotAllowed."""
    held = ServedPaper.objects.select_for_update(of=("self",)).select_related("unit__division").get(pk=paper.pk)
    if held.version != version:
        raise SomebodyWasFaster
    try:
        form = form_called(held.form)
    except UnknownForm as gone:
        raise PaperRefused(_("本平台已经不出这种文书,只能查阅。")) from gone
    _require_row(held.ledger, reads.row_of(held), by)
    return held, form


def _require_row(ledger: str, row: Any, by: Actor) -> None:
    """Whoever may change the row makes and serves its papers. Raises NotAllowed."""
    decision = entering.allowed(registry.get(ledger), by, Action.CHANGE, clock.today(), row)
    if not decision.allowed:
        raise NotAllowed(decision.reason)
    if by.unit_id is None:
        raise NotAllowed(_("账号没有单位,不能出文书。"))


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise PaperRefused(_("请写明原因。"))


def _require_order(held: ServedPaper, day: date) -> None:
    """A later number never bears an earlier day. Raises PaperRefused."""
    last = ServedPaper.objects.filter(word=held.word, year=day.year, serial__isnull=False).order_by("-serial").first()
    if last is not None and last.issued_on is not None and day < last.issued_on:
        words = _("编号日期早于上一号 %(number)s 的 %(day)s,后面的号不能排在前面的日子。")
        raise PaperRefused(words % {"number": last.number, "day": last.issued_on.isoformat()})


def _judged(held: ServedPaper, told: Told) -> Judged:
    assert held.issued_on is not None, "a paper that is served has a number"
    return judge(told, regime=held.regime, issued_on=held.issued_on, today=clock.today())


def _copied(said: PaperService, by: Actor) -> PaperService:
    names = ("paper_id", "way", "sent_on", "receiver", "refused", "until", "articles", "community", "enforcement", "treatment")
    gone = PaperService(**{name: getattr(said, name) for name in names})
    gone.recorded_at, gone.recorded_by_id, gone.recorded_by_name = clock.now(), by.account_id, by.name[:40]
    return gone


def _saved(
    held: ServedPaper,
    act: str,
    by: Actor,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    reason: str = "",
    summary: str = "",
) -> ServedPaper:
    held.version += 1
    held.save()
    _told(held, act, by, before, {"state": str(held.state), **after}, reason, summary)
    return held


def _told(
    paper: ServedPaper,
    act: str,
    by: Actor,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    reason: str = "",
    summary: str = "",
) -> None:
    delta = audit.RowDelta(
        row_id=paper.pk, compartment=reads.compartment_of(paper), before=before, after=after, personal=frozenset()
    )
    audit.record_write(
        by=by,
        act=f"{reads.LEDGER}.{act}",
        ledger=reads.LEDGER,
        rows=[delta],
        division_id=paper.division_id,
        reason=reason.strip()[:200],
        summary=summary,
    )


def _plain(value: Any) -> Any:
    return value.pk if hasattr(value, "pk") else value


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
