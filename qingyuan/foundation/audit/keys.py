"""The key of each row's personal values in the audit: made with the row, taken by sealing, ended by destruction."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.db import connections, transaction

from qingyuan.foundation import clock
from qingyuan.foundation.audit.models import MAIN_DATABASE, RecordKey
from qingyuan.foundation.crypto import Undecipherable, compact, keyring, nonces
from qingyuan.foundation.crypto.ring import Key, Purpose, configured_suite
from qingyuan.foundation.crypto.suites import KEY_BYTES, NONCE_BYTES, Aead, suite_of
from qingyuan.foundation.enums import Compartment

WRAP_MARK: Final = "k1"
SEALED_MARK: Final = "s1"
VALUE_MARK: Final = "r1"
IDS_PER_QUERY: Final = 500


class RecordKeyUnavailable(PermissionError):
    """The row's key was destroyed, or sealing has taken it."""

    def __init__(self, *, destroyed: bool) -> None:
        self.destroyed = destroyed
        super().__init__(
            "该记录的个人信息已销毁，不能再写入或读取：如需继续工作请另建新记录"
            if destroyed
            else "该记录已封存，不能再写入或读取个人信息：需要时先按程序申请解封"
        )


@dataclass(frozen=True)
class RowCipher:
    """Encrypts the personal values of one row; each value is bound to its row and column."""

    row_id: UUID
    suite: int
    raw: bytes = field(repr=False)
    aead: Aead = field(repr=False)

    def encrypt(self, column: str, text: str) -> str:
        nonce = os.urandom(NONCE_BYTES)
        sealed = self.aead.encrypt(nonce, text.encode(), self._bound(column))
        return f"{VALUE_MARK}.{self.suite}.{compact(nonce + sealed)}"

    def decrypt(self, column: str, ciphertext: str) -> str:
        """Raises Undecipherable for a value that was altered or moved."""
        try:
            mark, suite, body = ciphertext.split(".")
            aead = self.aead if int(suite) == self.suite else suite_of(int(suite)).aead(self.raw)
            data = _decode(body)
            if mark != VALUE_MARK:
                raise ValueError(mark)
            return aead.decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], self._bound(column)).decode()
        except (ValueError, InvalidTag):
            raise Undecipherable(f"审计值 {column}") from None

    def _bound(self, column: str) -> bytes:
        return f"{self.row_id}|{column}".encode()


def ciphers_for_writing(rows: Mapping[UUID, Compartment | str]) -> tuple[dict[UUID, RowCipher], list[RecordKey]]:
    """A cipher per row, and the keys made now for rows that had none: the caller stores them with the changes.

    Raises RecordKeyUnavailable when one of them was sealed or destroyed.
    """
    ciphers: dict[UUID, RowCipher] = {}
    for stored in _stored(list(rows)):
        ciphers[stored.row_id] = cipher_of(stored)
    suite = configured_suite()
    wrapping: dict[str, Key] = {}
    fresh: list[RecordKey] = []
    for row_id, compartment in rows.items():
        if row_id in ciphers:
            continue
        scope = str(compartment)
        if scope not in wrapping:
            wrapping[scope] = keyring().current(scope, Purpose.RECORD, suite)
        raw = os.urandom(KEY_BYTES)
        fresh.append(
            RecordKey(row_id=row_id, compartment=scope, wrapped=_wrap(wrapping[scope], WRAP_MARK, row_id, raw))
        )
        ciphers[row_id] = RowCipher(row_id, suite, raw, suite_of(suite).aead(raw))
    return ciphers, fresh


def fresh_keys(row_ids: Sequence[str], compartment: Compartment | str) -> tuple[list[Aead], list[str]]:
    """A key, opened and wrapped, for each of some rows made just now, which therefore have none yet; ids as text."""
    suite = configured_suite()
    wrapping, aead = keyring().current(str(compartment), Purpose.RECORD, suite), suite_of(suite).aead
    chance = os.urandom(KEY_BYTES * len(row_ids))
    raws = [chance[at : at + KEY_BYTES] for at in range(0, len(chance), KEY_BYTES)]
    encrypt, bound = wrapping.aead.encrypt, f"{WRAP_MARK}|{wrapping.scope}|"
    head = f"{WRAP_MARK}.{wrapping.suite.number}.{wrapping.id}."
    wrapped = [
        head + compact(nonce + encrypt(nonce, raw, (bound + row_id).encode()))
        for row_id, raw, nonce in zip(row_ids, raws, nonces(len(raws)), strict=True)
    ]
    return [aead(raw) for raw in raws], wrapped


def seal_column(column: str, row_ids: Sequence[str], aeads: Sequence[Aead], texts: Sequence[str]) -> list[str]:
    """``RowCipher.encrypt`` of one column's values in many rows, each under the row's own key."""
    head, end = f"{VALUE_MARK}.{configured_suite()}.", f"|{column}"
    return [
        head + compact(nonce + aead.encrypt(nonce, text.encode(), (row_id + end).encode()))
        for row_id, aead, text, nonce in zip(row_ids, aeads, texts, nonces(len(texts)), strict=True)
    ]


def cipher_of(stored: RecordKey) -> RowCipher:
    """The cipher of a live key. Raises RecordKeyUnavailable or Undecipherable."""
    if stored.destroyed_at is not None or stored.sealed_at is not None:
        raise RecordKeyUnavailable(destroyed=stored.destroyed_at is not None)
    raw, suite = _unwrap(stored, WRAP_MARK)
    return RowCipher(stored.row_id, suite, raw, suite_of(suite).aead(raw))


def key_of(row_id: UUID) -> RecordKey | None:
    return RecordKey.objects.filter(row_id=row_id).first()


def destroy_record_key(row_id: UUID) -> bool:
    """End the row's personal values in the audit for ever; the chain still verifies. False when it never had any.

    Backups made before hold the key until they are deleted: the retention of backups bounds what "for ever" means.
    """
    with transaction.atomic(using=MAIN_DATABASE):
        _overwrite_freed_pages()
        stored = RecordKey.objects.select_for_update().filter(row_id=row_id).first()
        if stored is None:
            return False
        if stored.destroyed_at is None:
            stored.wrapped = ""
            stored.destroyed_at = clock.now()
            stored.save(update_fields=("wrapped", "destroyed_at"))
        transaction.on_commit(_empty_write_ahead_log, using=MAIN_DATABASE)
    return True


def seal_record_key(row_id: UUID) -> bool:
    """Take the row's personal values in the audit from every reader until ``unseal_record_key``. False: no key."""
    return _rewrap(row_id, WRAP_MARK, SEALED_MARK)


def unseal_record_key(row_id: UUID) -> bool:
    """Give a sealed row's values back. The caller answers for the permission and records it. False: not sealed."""
    return _rewrap(row_id, SEALED_MARK, WRAP_MARK)


def rewrap_record_keys(compartment: Compartment | str) -> int:
    """After a rotation: wrap every living record key of the compartment under the newest wrapping key."""
    scope, moved = str(compartment), 0
    key = keyring().current(scope, Purpose.RECORD, configured_suite())
    for stored in RecordKey.objects.filter(compartment=scope, destroyed_at=None).iterator(chunk_size=IDS_PER_QUERY):
        mark = WRAP_MARK if stored.sealed_at is None else SEALED_MARK
        if stored.wrapped.split(".")[2] != key.id:
            fresh = _wrap(key, mark, stored.row_id, _unwrap(stored, mark)[0])
            # Whoever destroyed or sealed it meanwhile has the last word.
            moved += RecordKey.objects.filter(pk=stored.pk, wrapped=stored.wrapped).update(wrapped=fresh)
    return moved


def _rewrap(row_id: UUID, old: str, new: str) -> bool:
    with transaction.atomic(using=MAIN_DATABASE):
        stored = RecordKey.objects.select_for_update().filter(row_id=row_id, destroyed_at=None).first()
        if stored is None or (stored.sealed_at is not None) != (old == SEALED_MARK):
            return False
        raw, suite = _unwrap(stored, old)
        key = keyring().current(stored.compartment, Purpose.RECORD, suite)
        stored.wrapped = _wrap(key, new, row_id, raw)
        stored.sealed_at = clock.now() if new == SEALED_MARK else None
        stored.save(update_fields=("wrapped", "sealed_at"))
    return True


def _stored(row_ids: list[UUID]) -> list[RecordKey]:
    found: list[RecordKey] = []
    for start in range(0, len(row_ids), IDS_PER_QUERY):
        found.extend(RecordKey.objects.filter(row_id__in=row_ids[start : start + IDS_PER_QUERY]))
    return found


def _wrap(key: Key, mark: str, row_id: UUID, raw: bytes) -> str:
    nonce = os.urandom(NONCE_BYTES)
    sealed = key.aead.encrypt(nonce, raw, f"{mark}|{key.scope}|{row_id}".encode())
    return f"{mark}.{key.suite.number}.{key.id}.{compact(nonce + sealed)}"


def _unwrap(stored: RecordKey, mark: str) -> tuple[bytes, int]:
    try:
        found, _, key_id, body = stored.wrapped.split(".")
        key = keyring().key(key_id)
        if found != mark or key.scope != stored.compartment:
            raise ValueError(found)
        data = _decode(body)
        bound = f"{mark}|{key.scope}|{stored.row_id}".encode()
        return key.aead.decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], bound), key.suite.number
    except (ValueError, InvalidTag):
        raise Undecipherable(f"记录密钥 {stored.row_id}") from None


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _overwrite_freed_pages() -> None:
    """SQLite leaves old bytes in freed pages unless told to overwrite them."""
    connection = connections[MAIN_DATABASE]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=ON")


def _empty_write_ahead_log() -> None:
    """The write-ahead log may still hold the key's old bytes; emptying it waits for readers and may be put off by them."""
    connection = connections[MAIN_DATABASE]
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
