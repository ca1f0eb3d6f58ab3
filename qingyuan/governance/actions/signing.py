"""Filing the page that was signed on paper. A click is never a signature: only a matched scan makes a letter signed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.casework.enums import ScanMatch
from qingyuan.documents.page_code import ScanRefused, codes_on, drawn_anew, media_type_of
from qingyuan.foundation import audit, clock
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.kept_files import store_file
from qingyuan.governance.actions.publishing import publish_letter
from qingyuan.governance.enums import LetterState
from qingyuan.governance.models import Letter, LetterScan
from qingyuan.governance.permissions import may_file_signature, require
from qingyuan.governance.queries.letters import SCAN_PLACE, verify
from qingyuan.governance.rules.letters import PAGE
from qingyuan.organisation.actor import Actor

FOLDER = "letters"


def file_signed_page(
    *, letter: Letter, data: bytes, file_name: str, signed_on: date, by: Actor, typed_code: str = ""
) -> LetterScan:
    """Match a scan (PDF, PNG, JPEG) to its letter by square code, or by the typed code where none is readable.

    The letter becomes signed; the scan is stored drawn anew (``documents.scans``) and encrypted, with its digest.
    Raises ScanRefused with the reason, NotAllowed.
    """
    require(may_file_signature(by, letter, clock.today()))
    media_type = media_type_of(data)
    _refuse_unfit(letter, signed_on)
    data = drawn_anew(data)
    by_code = PAGE.match(codes_on(data), typed_code, paper_id=letter.pk, content_hash=letter.content_hash)
    digest = hashlib.sha256(data).hexdigest()
    path = store_file(f"{FOLDER}/{letter.pk.hex}-{digest[:16]}.q1", data, SCAN_PLACE)
    with transaction.atomic():
        moved = Letter.objects.filter(pk=letter.pk, state=LetterState.ISSUED).update(
            state=LetterState.SIGNED, signed_at=clock.now(), signed_on=signed_on
        )
        if not moved:
            raise ScanRefused(_("这份责任书刚刚已经签订或作废，请刷新后查看。"))
        scan = LetterScan.objects.create(
            letter=letter,
            digest=digest,
            media_type=media_type,
            size=len(data),
            path=path,
            file_name=file_name[:120],
            matched_by=ScanMatch.SQUARE_CODE if by_code else ScanMatch.TYPED_CODE,
            uploaded_at=clock.now(),
            uploaded_by_id=by.account_id,
            uploaded_by_name=by.name,
        )
        _audit(letter, scan, signed_on, by)
        letter.refresh_from_db()
        publish_letter(letter)
    return scan


@dataclass(frozen=True)
class ScanOutcome:
    """What became of one file of many: ``letter`` where it was matched (and ``filed``), else ``why`` with what to do."""

    file_name: str
    letter: Letter | None = None
    why: str = ""

    @property
    def filed(self) -> bool:
        return self.letter is not None and not self.why


def file_signed_pages(
    *, letters: Sequence[Letter], scans: Sequence[tuple[str, bytes]], signed_on: date, by: Actor
) -> list[ScanOutcome]:
    """Many scans (file name, content) matched to these letters by their square codes alone, in the order they came.

    Each stands for itself: one that is refused keeps none of the others back. Raises NotAllowed where the first letter that is
    matched may not be signed by ``by``.
    """
    by_id = {letter.pk: letter for letter in letters}
    outcomes = []
    for name, data in scans:
        try:
            outcomes.append(ScanOutcome(name, _file_one(by_id, name, data, signed_on, by)))
        except _NotFiled as refusal:
            outcomes.append(ScanOutcome(name, refusal.letter, str(refusal)))
        except ScanRefused as refusal:
            outcomes.append(ScanOutcome(name, None, str(refusal)))
    return outcomes


class _NotFiled(ScanRefused):
    """Matched to a letter and refused all the same."""

    def __init__(self, letter: Letter, why: str) -> None:
        self.letter = letter
        super().__init__(why)


def _file_one(by_id: Mapping[UUID, Letter], name: str, data: bytes, signed_on: date, by: Actor) -> Letter:
    media_type_of(data)
    marks = [mark for mark in map(PAGE.read_payload, codes_on(data)) if mark is not None]
    named = {mark.paper_id for mark in marks}
    if not named:
        raise ScanRefused(_("没有读到二维码。请重新扫描,或打开那份责任书,照纸上录入核验码归入。"))
    if len(named) > 1:
        raise ScanRefused(_("一个文件里有几份责任书的页,请一份存一个文件再传。"))
    letter = by_id.get(named.pop())
    if letter is None:
        raise ScanRefused(_("纸上的二维码不是这一年这里的责任书,或已被补充责任书替代,请核对后到那一年的页面上传。"))
    try:
        file_signed_page(letter=letter, data=data, file_name=name, signed_on=signed_on, by=by)
    except ScanRefused as refusal:
        raise _NotFiled(letter, str(refusal)) from refusal
    return letter


def _refuse_unfit(letter: Letter, signed_on: date) -> None:
    if letter.state != LetterState.ISSUED:
        words = _("这份责任书现在是“%(state)s”，不能再归入签字页。")
        raise ScanRefused(words % {"state": LetterState(letter.state).label})
    if not letter.issued_on <= signed_on <= clock.today():
        raise ScanRefused(_("签订日期应在制发日期与今天之间，请核对。"))
    if problems := verify(letter).problems:
        raise ScanRefused("".join(problems) + _("请先报告安全管理员核查。"))


def _audit(letter: Letter, scan: LetterScan, signed_on: date, by: Actor) -> None:
    audit.record_write(
        by=by,
        act="letters.sign",
        ledger="letters",
        rows=[
            audit.RowDelta(
                row_id=letter.pk,
                compartment=Compartment.INTERNAL,
                before={"state": str(LetterState.ISSUED)},
                after={
                    "state": str(LetterState.SIGNED),
                    "signed_on": signed_on.isoformat(),
                    "scan_digest": scan.digest,
                    "matched_by": str(scan.matched_by),
                },
            )
        ],
        division_id=letter.division_id,
        summary=scan.digest,
    )
