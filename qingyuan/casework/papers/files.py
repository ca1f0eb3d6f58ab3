"""Files kept encrypted in the upload folder, handed out only as they came."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from qingyuan.foundation.crypto import decrypt_text
from qingyuan.foundation.enums import Compartment


class FileDamaged(ValueError):
    """A stored file is gone or is not what was uploaded."""


def read_file(relative: str, digest: str, place: str) -> bytes:
    """A file stored encrypted in the upload folder. Raises FileDamaged when it is gone or altered."""
    try:
        sealed = (Path(settings.QINGYUAN_UPLOADS) / relative).read_text(encoding="ascii")
    except FileNotFoundError:
        raise FileDamaged(_("文件不在存储中,请联系管理员从备份恢复。")) from None
    data = base64.b64decode(decrypt_text(Compartment.INTERNAL, sealed, place))
    if hashlib.sha256(data).hexdigest() != digest:
        raise FileDamaged(_("文件与入库时的校验值不符,请停止使用并报告安全管理员。"))
    return data
