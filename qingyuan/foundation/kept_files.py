"""Files kept encrypted in the upload folder, handed out only as they came."""

from __future__ import annotations

import base64
import hashlib
import os
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from qingyuan.foundation.crypto import decrypt_text, encrypt_text
from qingyuan.foundation.enums import Compartment


class FileDamaged(ValueError):
    """A stored file is gone or is not what was uploaded."""


def path_of(relative: str) -> Path:
    return Path(settings.QINGYUAN_UPLOADS) / relative


def store_file(relative: str, data: bytes, place: str, compartment: Compartment = Compartment.INTERNAL) -> str:
    """Write an encrypted file before the database knows of it: a file too many is harmless, a row without file is not.

    ``place`` binds the ciphertext to the column that names it; ``compartment``: whose key. Returns ``relative``.
    """
    target = path_of(relative)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    hidden = target.with_suffix(".part")
    hidden.write_text(encrypt_text(compartment, base64.b64encode(data).decode(), place), encoding="ascii")
    hidden.chmod(0o600)
    os.replace(hidden, target)
    return relative


def read_file(relative: str, digest: str, place: str, compartment: Compartment = Compartment.INTERNAL) -> bytes:
    """A file stored by ``store_file``. Raises FileDamaged when it is gone or altered."""
    try:
        sealed = path_of(relative).read_text(encoding="ascii")
    except FileNotFoundError:
        raise FileDamaged(_("文件不在存储中,请联系管理员从备份恢复。")) from None
    data = base64.b64decode(decrypt_text(compartment, sealed, place))
    if hashlib.sha256(data).hexdigest() != digest:
        raise FileDamaged(_("文件与入库时的校验值不符,请停止使用并报告安全管理员。"))
    return data
