"""What a person can read in a response, whatever its type: pages, workbooks, papers, data."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from email.header import decode_header
from urllib.parse import unquote

import pypdfium2
from django.http import HttpResponseBase

from qingyuan.foundation.identity import mask_name
from tests.security.planted import MORE_ROLES, SERIALS, Planted, Secret

ZIP, PDF = b"PK\x03\x04", b"%PDF"
UNKNOWN_TYPE = "a body that the walk cannot read"
TEXT_TYPES = ("text/", "application/yaml", "application/javascript", "application/xml", "image/svg+xml")
PICTURES = ("image/png", "image/jpeg")
HEADERS = ("Content-Disposition", "Location", "HX-Redirect", "HX-Push-Url")


def body_of(response: HttpResponseBase) -> bytes:
    if response.streaming:
        return b"".join(response.streaming_content)  # type: ignore[attr-defined]
    return bytes(response.content)  # type: ignore[attr-defined]


def readable(response: HttpResponseBase) -> str:
    """Everything a person could read in ``response``, headers that carry words included."""
    kind = str(response.get("Content-Type", "")).split(";")[0]
    heads = " ".join(_head(str(response.get(name, ""))) for name in HEADERS)
    return heads + "\n" + text_of(body_of(response), kind)


def _head(value: str) -> str:
    """A header as a person reads it: encoded words and percent signs undone."""
    parts = (part.decode(charset or "utf-8") if isinstance(part, bytes) else part for part, charset in decode_header(value))
    return unquote("".join(parts))


def text_of(body: bytes, kind: str = "") -> str:
    if body.startswith(ZIP):
        return "\n".join(_members(body))
    if body.startswith(PDF):
        return _pdf(body)
    if "json" in kind:
        return json.dumps(json.loads(body or b"null"), ensure_ascii=False)
    if kind in PICTURES:
        return ""
    if body and not kind.startswith(TEXT_TYPES):
        return UNKNOWN_TYPE
    return html.unescape(body.decode("utf-8"))


def _members(body: bytes) -> Iterator[str]:
    """Every part of a workbook or a Word file, its markup removed so that a name split into runs is whole again."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels", ".vml")):
                text = html.unescape(archive.read(name).decode("utf-8"))
                yield text
                yield re.sub(r"<[^>]+>", "", text)


def _pdf(body: bytes) -> str:
    document = pypdfium2.PdfDocument(body)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def leaks(text: str, secrets: Iterable[Secret], *, own_words: str = "") -> list[str]:
    """The secrets that ``text`` tells. ``own_words``: what the reader typed into the address, which may be echoed.

    Blanks do not hide a word: what stands in ``text`` as it is stands in it without them too. Most words have a character
    that is nowhere in an answer, and then need not be looked for: a walk looks for hundreds of them in each of thousands.
    """
    plain = "".join(text.split())
    there = frozenset(plain)
    return [
        f"{secret.what} «{secret.text}»"
        for secret in secrets
        if (word := "".join(secret.text.split())) and there.issuperset(word) and word in plain and secret.text not in own_words
    ]


def masks_seen(text: str, names: Iterable[str] = SERIALS) -> dict[str, set[str]]:
    """How each planted person's name is written in ``text``: a form other than the whole name or the one mask is odd."""
    found: dict[str, set[str]] = {}
    for name in names:
        for match in re.finditer(re.escape(name[0]) + r"[^\s<>\"'&,;。、()()]{0,2}", text):
            written = match.group()
            form = next((form for form in (name, mask_name(name)) if written.startswith(form[: len(written)]) and len(written) >= len(form)), written)
            found.setdefault(name, set()).add(form)
    return found


def everyone(planted: Planted) -> list[str]:
    """Every account of the city: one role each, strangers and near colleagues among them."""
    assert set(MORE_ROLES) <= set(planted.accounts)
    return list(planted.accounts)


def said(findings: list[str]) -> str:
    """The first findings, to be read in a test's failure."""
    return "\n".join([f"{len(findings)} findings", *(finding[:300] for finding in findings[:15])])

