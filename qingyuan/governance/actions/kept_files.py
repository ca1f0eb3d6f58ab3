"""Files that come with a step of a procedure: looked at, a picture drawn anew, encrypted in their column, each only once."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from qingyuan.casework.actions.procedures import Taking
from qingyuan.casework.models import ProcedureStep
from qingyuan.casework.procedures.rules import StepRefused
from qingyuan.documents.scans import clean_scan

MOST_BYTES: Final = 10 * 1024 * 1024
SCANS: Final = ("application/pdf", "image/png", "image/jpeg")


@dataclass(frozen=True)
class Evidence:
    """A file as it came in; what kind it is was found out at the door."""

    name: str
    media_type: str
    data: bytes


def keep_files(case: Any, procedure: str, taking: Taking) -> None:
    """Keep the ``evidence`` given with a step in the case's own ``files``. Raises StepRefused: too large, damaged, sent before."""
    position = ProcedureStep.objects.filter(procedure=procedure, subject_id=case.pk).count() + 1
    for one in taking.given.get("evidence") or ():
        if len(one.data) > MOST_BYTES:
            raise StepRefused(_("“%(name)s”超过 10 MB,请缩小后再传。") % {"name": one.name[:40]}, "evidence")
        data = _cleaned(one)
        digest = hashlib.sha256(data).hexdigest()
        if case.files.filter(digest=digest).exists():
            raise StepRefused(_("“%(name)s”已经传过,不用再传。") % {"name": one.name[:40]}, "evidence")
        case.files.create(
            position=position,
            digest=digest,
            size=len(data),
            media_type=one.media_type[:80],
            content=base64.b64encode(data).decode(),
            file_name=one.name[:120],
            stored_at=taking.at,
            by_name=taking.by.name[:40],
        )


def _cleaned(one: Evidence) -> bytes:
    """Drawn anew, so that nothing else it carried comes along; an office file as it is."""
    if one.media_type not in SCANS:
        return one.data
    try:
        return clean_scan(one.data)
    except ValueError as error:
        raise StepRefused(str(error), "evidence") from error
