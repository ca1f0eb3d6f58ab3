"""What a document's content hashes to, and the short code of it that fits on paper.

The hash covers everything that is printed except the verification mark itself (code, square code, hint): those are
derived from the hash and could not be inside it.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace

from qingyuan.documents.codec import canonical, encode
from qingyuan.documents.model import OfficialDocument, Verification

# Crockford base 32: no I, L, O, U, so that a code read aloud or copied by hand survives.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0"})
_CODE_BITS = 80


def content_hash(document: OfficialDocument) -> str:
    """SHA-256 of the canonical JSON, as 64 hexadecimal digits. Equal content gives an equal hash, everywhere."""
    return hashlib.sha256(canonical(encode(replace(document, verification=Verification())))).hexdigest()


def short_code(content: str) -> str:
    """The first 80 bits of a content hash as four groups of four characters, e.g. 7Q2M-…"""
    bits = int(content, 16) >> (256 - _CODE_BITS)
    marks = [_ALPHABET[(bits >> shift) & 31] for shift in range(_CODE_BITS - 5, -1, -5)]
    return "-".join("".join(marks[start : start + 4]) for start in range(0, 16, 4))


def normalise_code(text: str) -> str:
    """A code as typed by hand, in the form it is printed; empty when it cannot be one."""
    wide = {ord(full): half for full, half in zip("－—–　", "----", strict=True)}
    marks = [mark for mark in text.translate(wide).upper().translate(_LOOKALIKES) if mark not in "- \t\r\n"]
    if len(marks) != _CODE_BITS // 5 or any(mark not in _ALPHABET for mark in marks):
        return ""
    return "-".join("".join(marks[start : start + 4]) for start in range(0, 16, 4))


def verify(document: OfficialDocument, printed: str) -> bool:
    """Whether a printed short code (or a whole hash of 64 digits) belongs to this content."""
    content = content_hash(document)
    given = printed.strip()
    if len(given) == len(content):
        return hmac.compare_digest(given.lower().encode(), content.encode())
    return hmac.compare_digest(normalise_code(given).encode(), short_code(content).encode())


def with_verification(document: OfficialDocument, *, qr: str, hint: str = "") -> OfficialDocument:
    """The document with its mark: `{hash}` and `{code}` in `qr` are filled in from its own content."""
    content = content_hash(document)
    code = short_code(content)
    payload = qr.replace("{hash}", content).replace("{code}", code)
    return replace(document, verification=Verification(code=code, qr=payload, hint=hint))
