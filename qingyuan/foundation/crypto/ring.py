"""The key ring: wrapped data, index and record keys per compartment, and the audit's own integrity key.

``keyring.json`` lists every key ever made; the newest of the configured suite is used for writing, all for reading.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.module_loading import import_string

from qingyuan.foundation.crypto.locking import file_lock
from qingyuan.foundation.crypto.provider import (
    FileKeyProvider,
    KeyFolderUnsafe,
    KeyProvider,
    refuse_if_open_to_others,
    write_private,
)
from qingyuan.foundation.crypto.suites import KEY_BYTES, Aead, Suite, suite_of
from qingyuan.foundation.enums import Compartment

RING_FILE: Final = "keyring.json"
MARKER_FILE: Final = "keys.id"
LOCK_FILE: Final = "keyring.lock"
AUDIT_SCOPE: Final = "audit"
SECONDS_BETWEEN_LOOKS: Final = 2.0
DEFAULT_PROVIDER: Final = "qingyuan.foundation.crypto.provider.FileKeyProvider"


class Purpose(StrEnum):
    """What a key is for; a key is never used for two things."""

    DATA = "data"
    INDEX = "index"
    RECORD = "record"
    AUDIT = "audit"


class KeyMissing(LookupError):
    """A value was encrypted with a key that this ring does not hold."""

    def __init__(self, key_id: str) -> None:
        super().__init__(f"缺少密钥 {key_id}：这条数据用它加密，请从备份恢复密钥目录后重试")


class MasterStays(RuntimeError):
    """The device that holds the master key changes it by its own means."""

    def __init__(self) -> None:
        super().__init__("保管主密钥的设备不支持由本程序更换主密钥:请按设备自己的办法更换")


class KeyFolderLost(RuntimeError):
    """The key folder is gone or is another one, while this installation has already used keys."""


@dataclass(frozen=True)
class KeyEntry:
    """One line of the ring, still wrapped."""

    id: str
    scope: str
    purpose: Purpose
    suite: int
    made_at: str
    wrapped: str = field(repr=False)


@dataclass(frozen=True)
class Key:
    """An unwrapped key, ready for use. ``head`` opens every text it encrypts."""

    id: str
    scope: str
    suite: Suite
    raw: bytes = field(repr=False)
    aead: Aead = field(repr=False)
    head: str = ""


@dataclass(frozen=True)
class Generations:
    """The index keys of a scope: ``writes`` makes what is stored now, ``searched`` (it among them) is looked under."""

    writes: str
    searched: tuple[str, ...]


@dataclass(frozen=True)
class _Contents:
    ring_id: str
    entries: dict[str, KeyEntry]
    newest: dict[tuple[str, Purpose, int], str]
    index: dict[str, Generations]
    changed_at: int


class Keyring:
    """The keys in one folder. Safe to share between threads; notices keys that another process has added."""

    def __init__(self, folder: Path, provider: KeyProvider) -> None:
        self._folder = folder
        self._provider = provider
        self._lock = threading.RLock()
        self._keys: dict[str, Key] = {}
        self._looked_at = time.monotonic()
        if not (folder / RING_FILE).exists():
            self._create()
        self._contents = self._read()
        self._check_marker()

    def current(self, scope: str, purpose: Purpose, suite: int) -> Key:
        """The newest key for writing; made now when the ring has none of this suite.

        Of index keys it is the one that is declared to write: a new one comes in by steps (``add_index_key``), or nothing
        written before would be found. Raises LookupError for an unknown scope.
        """
        self._look_again()
        contents = self._contents
        key_id: str | None
        if purpose is Purpose.INDEX:
            known = contents.index.get(scope)
            key_id = known.writes if known else None
        else:
            key_id = contents.newest.get((scope, purpose, suite))
        if key_id is None:
            if scope != AUDIT_SCOPE:
                Compartment(scope)
            key_id = self.add(scope, purpose, suite)
        return self.key(key_id)

    def searched(self, scope: str) -> tuple[Key, ...]:
        """The index keys that a search looks under, the one that writes first; two while a rotation is under way."""
        writes = self.current(scope, Purpose.INDEX, configured_suite())
        return (writes, *(self.key(one) for one in self._contents.index[scope].searched if one != writes.id))

    def index_keys_ever(self, scope: str) -> tuple[str, ...]:
        """Every index key of the scope, the oldest first, whether searched or not."""
        entries = self._contents.entries.values()
        return tuple(entry.id for entry in entries if entry.scope == scope and entry.purpose is Purpose.INDEX)

    def generations(self, scope: str) -> Generations:
        """As the file has it now, whatever this process remembered."""
        self.current(scope, Purpose.INDEX, configured_suite())
        with self._lock:
            self._contents = self._read()
        return self._contents.index[scope]

    def key(self, key_id: str) -> Key:
        """The key with this id. Raises KeyMissing."""
        found = self._keys.get(key_id)
        if found is not None:
            return found
        with self._lock:
            entry = self._contents.entries.get(key_id)
            if entry is None:
                self._contents = self._read()
                entry = self._contents.entries.get(key_id)
            if entry is None:
                raise KeyMissing(key_id)
            raw = self._unwrapped(entry)
            suite = suite_of(entry.suite)
            key = Key(entry.id, entry.scope, suite, raw, suite.aead(raw), f"q1.{entry.suite}.{entry.id}.")
            self._keys[key_id] = key
            return key

    def _unwrapped(self, entry: KeyEntry) -> bytes:
        context = self._context(entry.id, entry.scope, entry.purpose, entry.suite)
        try:
            return self._provider.unwrap(entry.wrapped, context)
        except KeyFolderUnsafe:
            # The master key may have been changed since this process last looked: then the ring on disk is wrapped anew.
            self._contents = self._read()
            again = self._contents.entries.get(entry.id, entry)
            if again.wrapped == entry.wrapped:
                raise
            return self._provider.unwrap(again.wrapped, context)

    @property
    def ring_id(self) -> str:
        """By which this ring is told from another city's; no secret."""
        return self._contents.ring_id

    def entries(self) -> tuple[KeyEntry, ...]:
        """Every key in the order made, for the security officer's page; wrapped, so nothing secret is in it."""
        return tuple(self._contents.entries.values())

    def add(self, scope: str, purpose: Purpose, suite: int) -> str:
        """Make one more key and return its id. Two processes never lose each other's keys."""
        with self._changing() as contents:
            entry = self._new_entry(scope, purpose, suite)
            index = contents.index
            if purpose is Purpose.INDEX and scope not in index:
                index = index | {scope: Generations(entry.id, (entry.id,))}
            self._write(contents.ring_id, [*contents.entries.values(), entry], index)
            return entry.id

    def add_index_key(self, scope: str, suite: int) -> Generations:
        """The first step of a new index key: every process searches under it too, none writes with it yet.

        A rotation that was begun and not ended is gone on with: no third key is made.
        """
        before = self.generations(scope)
        if len(before.searched) > 1:
            return before
        with self._changing() as contents:
            known = contents.index[scope]
            if len(known.searched) == 1:
                entry = self._new_entry(scope, Purpose.INDEX, suite)
                known = Generations(known.writes, (*known.searched, entry.id))
                entries = [*contents.entries.values(), entry]
                self._write(contents.ring_id, entries, contents.index | {scope: known})
            return known

    def write_with_newest_index_key(self, scope: str) -> Generations:
        """The second step, when every process has had the time to notice the first one."""
        return self._set_generations(scope, lambda known: Generations(known.searched[-1], known.searched))

    def search_newest_index_key_only(self, scope: str) -> Generations:
        """The last step, when nothing stands under the earlier key any more. The key itself stays, for older backups."""
        return self._set_generations(scope, lambda known: Generations(known.writes, (known.writes,)))

    def _set_generations(self, scope: str, step: Callable[[Generations], Generations]) -> Generations:
        with self._changing() as contents:
            known = step(contents.index[scope])
            self._write(contents.ring_id, list(contents.entries.values()), contents.index | {scope: known})
            return known

    def rotate_master(self) -> int:
        """Wrap every key anew under a new master key; returns how many. One stopped half-way is called again.

        Raises MasterStays when the device that holds the master key has no such step.
        """
        change = getattr(self._provider, "changing_master", None)
        if change is None:
            raise MasterStays
        with self._changing() as contents, change():
            entries = [self._wrapped_anew(entry) for entry in contents.entries.values()]
            self._write(contents.ring_id, entries, contents.index)
            return len(entries)

    def _wrapped_anew(self, entry: KeyEntry) -> KeyEntry:
        context = self._context(entry.id, entry.scope, entry.purpose, entry.suite)
        return replace(entry, wrapped=self._provider.wrap(self._provider.unwrap(entry.wrapped, context), context, entry.suite))

    @contextlib.contextmanager
    def _changing(self) -> Iterator[_Contents]:
        """The ring as it stands, for one process at a time; what was written is known here at once."""
        with self._lock, file_lock(self._folder / LOCK_FILE):
            yield self._read()
            self._contents = self._read()

    def _new_entry(self, scope: str, purpose: Purpose, suite: int) -> KeyEntry:
        key_id = secrets.token_hex(4)
        wrapped = self._provider.wrap(os.urandom(KEY_BYTES), self._context(key_id, scope, purpose, suite), suite)
        return KeyEntry(key_id, scope, purpose, suite, datetime.now(UTC).isoformat(timespec="seconds"), wrapped)

    @staticmethod
    def _context(key_id: str, scope: str, purpose: Purpose, suite: int) -> str:
        return f"{scope}/{purpose.value}/{suite}/{key_id}"

    def _look_again(self) -> None:
        moment = time.monotonic()
        if moment - self._looked_at < SECONDS_BETWEEN_LOOKS:
            return
        self._looked_at = moment
        if self._file_stamp() != self._contents.changed_at:
            with self._lock:
                self._contents = self._read()

    def _file_stamp(self) -> int:
        try:
            return (self._folder / RING_FILE).stat().st_mtime_ns
        except FileNotFoundError:
            raise KeyFolderLost(_lost(self._folder)) from None

    def _read(self) -> _Contents:
        path = self._folder / RING_FILE
        changed_at = self._file_stamp()
        refuse_if_open_to_others(path)
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            entries = [
                KeyEntry(k["id"], k["scope"], Purpose(k["purpose"]), k["suite"], k["made_at"], k["wrapped"])
                for k in stored["keys"]
            ]
            ring_id = str(stored["ring"])
        except (ValueError, KeyError, TypeError):
            raise KeyFolderUnsafe(f"{path} 不是有效的密钥目录文件：请从备份恢复整个密钥目录") from None
        newest = {(entry.scope, entry.purpose, entry.suite): entry.id for entry in entries}
        # A ring without the part "index" is from before index keys rotated: the first of each scope is its only one.
        index: dict[str, Generations] = {}
        for entry in entries:
            if entry.purpose is Purpose.INDEX:
                index.setdefault(entry.scope, Generations(entry.id, (entry.id,)))
        for scope, told in stored.get("index", {}).items():
            index[scope] = Generations(told["writes"], tuple(told["searched"]))
        return _Contents(ring_id, {entry.id: entry for entry in entries}, newest, index, changed_at)

    def _write(self, ring_id: str, entries: list[KeyEntry], index: Mapping[str, Generations]) -> None:
        stored = {
            "ring": ring_id,
            "keys": [{**vars(entry), "purpose": entry.purpose.value} for entry in entries],
            "index": {scope: {"writes": one.writes, "searched": list(one.searched)} for scope, one in index.items()},
        }
        content = json.dumps(stored, ensure_ascii=False, indent=1).encode()
        write_private(self._folder / RING_FILE, content, replace=True)

    def _create(self) -> None:
        marker = self._folder.parent / MARKER_FILE
        if marker.exists():
            # An unmounted key volume looks like a first start. New keys there would make old rows unreadable for ever.
            raise KeyFolderLost(_lost(self._folder))
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with file_lock(self._folder / LOCK_FILE):
            if (self._folder / RING_FILE).exists():
                return
            ring_id = secrets.token_hex(8)
            number = configured_suite()
            scopes = [c.value for c in Compartment]
            entries = [
                self._new_entry(scope, purpose, number)
                for scope in scopes
                for purpose in (Purpose.DATA, Purpose.INDEX, Purpose.RECORD)
            ]
            entries.append(self._new_entry(AUDIT_SCOPE, Purpose.AUDIT, number))
            index = {one.scope: Generations(one.id, (one.id,)) for one in entries if one.purpose is Purpose.INDEX}
            self._write(ring_id, entries, index)

    def _check_marker(self) -> None:
        marker = self._folder.parent / MARKER_FILE
        with contextlib.suppress(FileExistsError):
            write_private(marker, self._contents.ring_id.encode(), replace=False)
        if marker.read_text(encoding="ascii").strip() not in ("", self._contents.ring_id):
            raise KeyFolderLost(
                f"{self._folder} 里的密钥不是本系统一直使用的那一套：请恢复原来的密钥目录。"
                f"确实要换用新密钥（旧数据将无法读取）时，先删除 {marker}"
            )


def _lost(folder: Path) -> str:
    return (
        f"找不到密钥目录 {folder}，而本系统已经用过密钥：请检查该目录是否已挂载，或从备份恢复。"
        f"确实要从头开始（旧数据将无法读取）时，先删除 {folder.parent / MARKER_FILE}"
    )


_rings: dict[tuple[object, str], Keyring] = {}
_rings_lock = threading.Lock()


def configured_suite() -> int:
    """The suite new keys are made for: ``settings.QINGYUAN_CRYPTO_SUITE``. Raises UnknownSuite."""
    return suite_of(getattr(settings, "QINGYUAN_CRYPTO_SUITE", 1)).number


def keyring() -> Keyring:
    """The ring of this city, opened once per process; made on the very first use of an installation."""
    named: Path | str = settings.QINGYUAN_KEYS
    provider: str = getattr(settings, "QINGYUAN_KEY_PROVIDER", DEFAULT_PROVIDER)
    ring = _rings.get((named, provider))
    if ring is None:
        with _rings_lock:
            ring = _rings.get((named, provider))
            if ring is None:
                make = FileKeyProvider if provider == DEFAULT_PROVIDER else import_string(provider)
                folder = Path(named)
                ring = _rings[(named, provider)] = Keyring(folder, make(folder))
    return ring


def rotate(compartment: Compartment | str) -> str:
    """Make new keys for what is written from now on, and return the new data key's id; old rows stay readable.

    The index key stays: it has steps of its own (``Keyring.add_index_key``).
    """
    scope = Compartment(compartment).value
    ring, suite = keyring(), configured_suite()
    ring.add(scope, Purpose.RECORD, suite)
    return ring.add(scope, Purpose.DATA, suite)
