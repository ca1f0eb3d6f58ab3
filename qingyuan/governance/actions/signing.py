"""Filing the page that was signed on paper. A click is never a signature: only a matched scan makes a letter signed."""

from __future__ import annotations

import hashlib
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.casework.enums import ScanMatch
from qingyuan.documents.page_code import ScanRefused, codes_on, media_type_of
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

    The letter becomes signed; the scan is stored encrypted with its digest. Raises ScanRefused with the reason, NotAllowed.
    """
    require(may_file_signature(by, letter, clock.today()))
    media_type = media_type_of(data)
    _refuse_unfit(letter, signed_on)
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
