"""Is this the original? Scans and files matched to the paper they belong to, and kept with it."""

from __future__ import annotations

import base64
import hashlib
import os
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.casework.actions.paper_records import write_audit, write_step
from qingyuan.casework.enums import PaperMove, ScanMatch
from qingyuan.casework.models import Paper, PaperScan
from qingyuan.casework.papers import queries as reads
from qingyuan.casework.papers.permissions import may_take, require
from qingyuan.casework.papers.rules import ScanRefused, after, match_page, media_type_of
from qingyuan.documents.qr import UnreadableScan, read_qr
from qingyuan.documents.scans import clean_scan
from qingyuan.foundation import clock
from qingyuan.foundation.crypto import encrypt_text
from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.actor import Actor

FOLDER: Final = "papers"


def check_copy(*, paper: Paper, data: bytes, typed_code: str = "") -> ScanMatch:
    """Whether a file (PDF, PNG, JPEG) is this paper: by square code, or by the typed code. Raises ScanRefused."""
    media_type_of(data)
    _require_intact(paper)
    return _match(paper, data, typed_code)


def file_scan(*, paper: Paper, data: bytes, file_name: str, by: Actor, typed_code: str = "") -> PaperScan:
    """Keep the sealed copy with its paper, drawn anew and encrypted. Raises ScanRefused, PaperRefused, NotAllowed."""
    today = clock.today()
    require(may_take(by, paper, PaperMove.FILE_SCAN, today))
    after(PaperMove.FILE_SCAN, paper.state)
    media_type = media_type_of(data)
    _require_intact(paper)
    data = _clean(data)
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
        write_step(paper, PaperMove.FILE_SCAN, paper.state, by)
        write_audit(paper, PaperMove.FILE_SCAN, by, {}, {"scan_digest": digest, "matched_by": str(how)}, summary=digest)
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


def _require_intact(paper: Paper) -> None:
    if problems := reads.verify(paper).problems:
        raise ScanRefused("".join(problems) + _("请先报告安全管理员核查。"))


def _clean(data: bytes) -> bytes:
    try:
        return clean_scan(data)
    except UnreadableScan as error:
        raise ScanRefused(str(error)) from error


def _match(paper: Paper, data: bytes, typed_code: str) -> ScanMatch:
    try:
        codes = read_qr(data)
    except UnreadableScan as error:
        raise ScanRefused(str(error)) from error
    by_code = match_page(codes, typed_code, paper_id=paper.pk, content_hash=paper.issue.content_hash)
    return ScanMatch.SQUARE_CODE if by_code else ScanMatch.TYPED_CODE
