"""Looking for clear words in bytes, however they are written down: «the grep»."""

from __future__ import annotations

import base64
import gzip
import io
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import quote

import pyarrow.parquet as pq

from tests.security.bodies import PDF, ZIP, text_of

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
SHORTEST_BASE64 = 7  # a shorter run would stand in any ciphertext by chance
GZIP, PARQUET, SQLITE = b"\x1f\x8b", b"PAR1", b"SQLite format 3\0"
DEEPEST = 4
_SIGNED = re.compile(rb"^(\.?)([A-Za-z0-9_-]+):[A-Za-z0-9_-]+:[A-Za-z0-9_-]+$")


@cache
def forms(word: str) -> dict[str, bytes]:
    """How ``word`` may stand in bytes: by encoding, in base64 at each of its three places, escaped, in hexadecimal."""
    found: dict[str, bytes] = {}
    for encoding in ENCODINGS:
        plain = word.encode(encoding)
        found[encoding] = plain
        for place in range(3):
            # Without what depends on the neighbours.
            whole = base64.b64encode(b"\0" * place + plain)
            first = (0, 2, 3)[place]
            last = len(whole) - (0, 3, 2)[(place + len(plain)) % 3] if (place + len(plain)) % 3 else len(whole)
            core = whole[first:last]
            if len(core) >= SHORTEST_BASE64:
                found[f"base64 of {encoding} at {place}"] = core
                found[f"url-safe base64 of {encoding} at {place}"] = core.translate(bytes.maketrans(b"+/", b"-_"))
    plain = word.encode()
    found |= {"hex": plain.hex().encode(), "HEX": plain.hex().upper().encode()}
    if not word.isascii():
        found["percent"] = quote(word).encode()
        found["json"] = b"".join(f"\\u{ord(letter):04x}".encode() for letter in word)
        found["entities"] = b"".join(f"&#{ord(letter)};".encode() for letter in word)
    return found


def told_by(data: bytes, words: Iterable[str]) -> list[str]:
    """Which of ``words`` can be read out of ``data``, and how."""
    readings = list(readings_of(data))
    return [f"«{word}» as {how} in {where}" for word in words for how, form in forms(word).items() for where, text in readings if form in text]


def readings_of(data: bytes, where: str = "bytes", depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """``data`` as it is, and unpacked as often as it is packed."""
    yield where, data
    if depth > DEEPEST:
        return
    if data.startswith(ZIP):
        yield from _members(data, where, depth)
    elif data.startswith(PDF):
        yield f"{where} > pdf", text_of(data).encode()
    elif data.startswith(GZIP):
        yield from readings_of(gzip.decompress(data), f"{where} > gzip", depth + 1)
    elif data.startswith(PARQUET):
        yield f"{where} > parquet", repr(pq.read_table(io.BytesIO(data)).to_pylist()).encode()
    elif packed := _signed(data):
        yield f"{where} > signed", packed


def _members(data: bytes, where: str, depth: int) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            yield f"{where} > {name}", name.encode()
            yield from readings_of(archive.read(name), f"{where} > {name}", depth + 1)
    yield f"{where} > text", text_of(data).encode()


def _signed(data: bytes) -> bytes:
    """A session or a message as Django signs it: base64, with a dot before what is packed."""
    found = _SIGNED.match(data)
    if not found:
        return b""
    try:
        body = base64.urlsafe_b64decode(found[2] + b"=" * (-len(found[2]) % 4))
        return zlib.decompress(body) if found[1] else body
    except (ValueError, zlib.error):
        return b""


def values_of(database: Path) -> Iterator[tuple[str, bytes]]:
    """Every text and blob of every table, for a value may lie torn over several pages of the file."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        for table in tables:
            cursor = connection.execute(f'select * from "{table}"')
            columns = [column[0] for column in cursor.description]
            for row in cursor:
                for column, value in zip(columns, row, strict=True):
                    if isinstance(value, str | bytes):
                        yield f"{table}.{column}", value if isinstance(value, bytes) else value.encode()
    finally:
        connection.close()


def search(folder: Path, words: Iterable[str]) -> list[str]:
    """Every file below ``folder``, its name too; of a database also every value."""
    wanted, found = list(words), []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data, name = path.read_bytes(), str(path.relative_to(folder))
        found += [f"{name}: {one}" for one in told_by(data, wanted)]
        found += [f"the name {name}: {one}" for one in told_by(name.encode(), wanted)]
        if data.startswith(SQLITE):
            for where, value in values_of(path):
                found += [f"{name} {where}: {one}" for one in told_by(value, wanted)]
    return found
