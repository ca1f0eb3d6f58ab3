"""A copy of one city to be put away, and the way back: both databases and the uploads, under the city's own keys.

What is put away: the main database, the audit of reads, the uploaded files (encrypted already), and a list of them with
their digests. What is not: the keys, which go to another place, and the facts, which are made again from the rows. The
databases are sealed whole, so that somebody who finds the copy reads nothing of it, not even the names of offices.

PostgreSQL is copied by its own tools, through a pipe (``database_copies``).

The main database is copied first: every look at a row that is in it stands in the copy of the audit, which is taken after.
Uploads are copied before and after it, for a file is stored before its row and removed after it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from qingyuan.foundation import clock
from qingyuan.foundation.crypto import Undecipherable, decrypt_bytes, encrypt_bytes, keyring
from qingyuan.foundation.crypto.ring import MARKER_FILE
from qingyuan.foundation.database_copies import CHUNK, Copier, CopyRefused, copier
from qingyuan.foundation.enums import Compartment

LIST: Final = "backup.json"
DATABASES: Final = ("default", "audit")
SECRET_FILE: Final = "secret-key"
UPLOADS: Final = "uploads"
SEALED: Final = ".q1"
FORMAT: Final = 1
_LENGTH_BYTES: Final = 4


class BackupRefused(RuntimeError):
    """It is not done; the message says why and what to do."""


@dataclass(frozen=True)
class Saved:
    """Where it lies, how many files and bytes."""

    folder: Path
    files: int
    size: int


def save(into: Path) -> Saved:
    """Put a copy of this city into a new folder below ``into``. Raises BackupRefused."""
    copiers = _copiers()
    home = Path(settings.QINGYUAN_CITY_HOME)
    if _within(into, home):
        raise BackupRefused(_("备份不能放在城市自己的目录里:请换一个目录,最好在另一块盘上。"))
    moment = clock.now()
    folder = into / f"{settings.QINGYUAN_CITY}-{moment:%Y%m%d-%H%M%S}"
    try:
        folder.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        raise BackupRefused(_("%(folder)s 已经在了:请稍后再备份一次。") % {"folder": folder}) from None
    _copy_uploads(folder)
    try:
        for alias, one in copiers.items():
            _seal_database(alias, one, folder)
    except BackupRefused:
        shutil.rmtree(folder)
        raise
    _copy_uploads(folder)
    digests = {str(path.relative_to(folder)): _digest(path) for path in _files(folder)}
    _write_list(folder, moment, digests)
    return Saved(folder, len(digests), sum(path.stat().st_size for path in _files(folder)))


def save_keys(into: Path, beside: Path) -> None:
    """Copy the keys and the session secret to ``into``, which may not be where the copy ``beside`` lies.

    Raises BackupRefused.
    """
    if _within(into, beside) or _within(beside, into):
        raise BackupRefused(_("密钥不能和备份放在一起:拿到备份的人就能打开它。请为密钥换一个目录,最好换一块盘。"))
    if into.exists() and any(into.iterdir()):
        raise BackupRefused(_("%(folder)s 里已有文件:密钥不覆盖,请换一个空目录。") % {"folder": into})
    keyring()
    home, keys = Path(settings.QINGYUAN_CITY_HOME), Path(settings.QINGYUAN_KEYS)
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copytree(keys, into / "keys", copy_function=_copy_private, ignore=shutil.ignore_patterns("*.lock"))
    (into / "keys").chmod(0o700)
    for name in (MARKER_FILE, SECRET_FILE):
        if (home / name).exists():
            _copy_private(home / name, into / name)


def restore(saved: Path, keys: Path | None = None) -> Saved:
    """Bring a copy back into this city's folder, which may hold no database yet. Facts are to be made anew afterwards.

    Everything is unsealed and checked before anything takes its place. Raises BackupRefused.
    """
    copiers = _copiers()
    stored = _read_list(saved)
    for name, digest in stored["files"].items():
        if not (saved / name).is_file() or _digest(saved / name) != digest:
            raise BackupRefused(_("备份里的 %(name)s 缺失或被改动:请换一份备份。") % {"name": name})
    for alias, one in copiers.items():
        if not (saved / _sealed_name(alias, one)).is_file():
            raise BackupRefused(_("这份备份出自另一种数据库:SQLite 的备份恢复到 SQLite,PostgreSQL 的恢复到 PostgreSQL。"))
        if not one.is_empty():
            raise BackupRefused(_("%(file)s 已经在了:恢复不覆盖现有数据,请先把它移走或换一个城市目录。") % {"file": one.place()})
    if keys is not None:
        _bring_keys(keys)
    if (Path(settings.QINGYUAN_CITY_HOME) / MARKER_FILE).exists() and keyring().ring_id != stored["ring"]:
        raise BackupRefused(_("这份备份用的是另一套密钥:请用 --keys 指明当时另存的密钥目录。"))
    try:
        for step in ("check", "bring"):
            for alias, one in copiers.items():
                getattr(one, step)(_unsealed(saved / _sealed_name(alias, one), stored["id"], alias))
    except CopyRefused as refusal:
        raise BackupRefused(str(refusal)) from refusal
    _bring_uploads(saved)
    return Saved(saved, len(stored["files"]), sum((saved / name).stat().st_size for name in stored["files"]))


def _copiers() -> dict[str, Copier]:
    """How each database is copied. Raises BackupRefused when a tool is missing."""
    found = {alias: copier(alias) for alias in DATABASES}
    try:
        for one in found.values():
            one.require()
    except CopyRefused as refusal:
        raise BackupRefused(str(refusal)) from refusal
    return found


def _seal_database(alias: str, one: Copier, folder: Path) -> None:
    try:
        with open(folder / _sealed_name(alias, one), "xb", opener=_owner_only) as file:
            for piece in _sealed(one.copy(), folder.name, alias):
                file.write(piece)
    except CopyRefused as refusal:
        raise BackupRefused(str(refusal)) from refusal


def _sealed_name(alias: str, one: Copier) -> str:
    return f"{alias}.{one.suffix}{SEALED}"


def _sealed(pieces: Iterator[bytes], backup_id: str, alias: str) -> Iterator[bytes]:
    """Each piece is bound to its copy, its database, its place and whether it is the last: none can be left out or moved."""
    number, piece = 0, next(pieces, b"")
    while True:
        following = next(pieces, b"")
        body = encrypt_bytes(Compartment.INTERNAL, piece, _place(backup_id, alias, number, last=not following))
        yield len(body).to_bytes(_LENGTH_BYTES, "big") + body
        if not following:
            return
        number, piece = number + 1, following


def _unsealed(sealed: Path, backup_id: str, alias: str) -> Iterator[bytes]:
    """Raises BackupRefused at the first piece that was changed, left out or moved, or whose key is not there."""
    size, number = sealed.stat().st_size, 0
    with sealed.open("rb") as file:
        while True:
            length = int.from_bytes(file.read(_LENGTH_BYTES), "big")
            body = file.read(length)
            last = file.tell() >= size
            try:
                piece = decrypt_bytes(Compartment.INTERNAL, body, _place(backup_id, alias, number, last=last))
            except (Undecipherable, LookupError) as error:
                raise BackupRefused(
                    _("备份打不开:密钥不对,或者文件被截断、调换过。请换一份备份,或用 --keys 指明密钥目录。")
                ) from error
            yield piece
            if last:
                return
            number += 1


def _place(backup_id: str, alias: str, number: int, *, last: bool) -> str:
    return f"backup/{backup_id}/{alias}/{number}/{'last' if last else 'more'}"


def _copy_uploads(folder: Path) -> None:
    source = Path(settings.QINGYUAN_UPLOADS)
    if not source.is_dir():
        return
    for path in sorted(source.rglob("*")):
        target = folder / UPLOADS / path.relative_to(source)
        if path.is_file() and path.suffix != ".part" and not target.exists():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                _copy_private(path, target)
            except FileNotFoundError:
                continue  # an import ended meanwhile; its row says so


def _bring_uploads(saved: Path) -> None:
    for path in sorted((saved / UPLOADS).rglob("*")):
        target = Path(settings.QINGYUAN_UPLOADS) / path.relative_to(saved / UPLOADS)
        if path.is_file() and not target.exists():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _copy_private(path, target)


def _bring_keys(keys: Path) -> None:
    home, place = Path(settings.QINGYUAN_CITY_HOME), Path(settings.QINGYUAN_KEYS)
    if not (keys / "keys").is_dir():
        raise BackupRefused(_("%(folder)s 里没有密钥:请指明备份时 --keys 写的那个目录。") % {"folder": keys})
    if place.exists():
        raise BackupRefused(_("%(folder)s 已经在了:恢复不覆盖现有密钥。") % {"folder": place})
    shutil.copytree(keys / "keys", place, copy_function=_copy_private)
    place.chmod(0o700)
    for name in (MARKER_FILE, SECRET_FILE):
        if (keys / name).exists():
            (home / name).unlink(missing_ok=True)
            _copy_private(keys / name, home / name)


def _write_list(folder: Path, moment: datetime, digests: dict[str, str]) -> None:
    told = {
        "format": FORMAT,
        "id": folder.name,
        "city": settings.QINGYUAN_CITY,
        "at": moment.isoformat(timespec="seconds"),
        "ring": keyring().ring_id,
        "files": digests,
    }
    with open(folder / LIST, "x", encoding="utf-8", opener=_owner_only) as file:
        json.dump(told, file, ensure_ascii=False, indent=1)


def _read_list(saved: Path) -> dict[str, Any]:
    try:
        stored: dict[str, Any] = json.loads((saved / LIST).read_text(encoding="utf-8"))
        known = stored["format"] == FORMAT and {"id", "ring", "files"} <= set(stored)
    except (OSError, ValueError, KeyError, TypeError):
        known = False
    if not known:
        raise BackupRefused(_("%(folder)s 不是一份备份:里面应有 %(list)s。") % {"folder": saved, "list": LIST})
    if any(Path(name).is_absolute() or ".." in Path(name).parts for name in stored["files"]):
        raise BackupRefused(_("备份清单里有指到别处的文件名:请换一份备份。"))
    return stored


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != LIST)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy_private(source: str | Path, target: str | Path) -> None:
    with open(source, "rb") as old, open(target, "xb", opener=_owner_only) as new:
        shutil.copyfileobj(old, new, CHUNK)


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _within(one: Path, other: Path) -> bool:
    one, other = one.resolve(), other.resolve()
    return one == other or other in one.parents
