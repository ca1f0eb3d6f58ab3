"""Is this the original? Scans and files matched to the paper they belong to, and kept with it."""

from __future__ import annotations

import hashlib
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.casework.actions.paper_records import write_audit, write_step
from qingyuan.casework.enums import PaperMove, ScanMatch
from qingyuan.casework.models import Paper, PaperScan
from qingyuan.casework.papers import queries as reads
from qingyuan.casework.papers.permissions import may_take, require
from qingyuan.casework.papers.rules import PAGE, after
from qingyuan.documents.page_code import ScanRefused, codes_on, media_type_of
from qingyuan.foundation import clock
from qingyuan.foundation.kept_files import store_file
from qingyuan.organisation.actor import Actor

FOLDER: Final = "papers"


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
        write_step(paper, PaperMove.FILE_SCAN, paper.state, by)
        write_audit(paper, PaperMove.FILE_SCAN, by, {}, {"scan_digest": digest, "matched_by": str(how)}, summary=digest)
    return scan


def _require_intact(paper: Paper) -> None:
    if problems := reads.verify(paper).problems:
        raise ScanRefused("".join(problems) + _("请先报告安全管理员核查。"))


def _match(paper: Paper, data: bytes, typed_code: str) -> ScanMatch:
    by_code = PAGE.match(codes_on(data), typed_code, paper_id=paper.pk, content_hash=paper.issue.content_hash)
    return ScanMatch.SQUARE_CODE if by_code else ScanMatch.TYPED_CODE
