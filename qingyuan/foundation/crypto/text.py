"""Texts under the key of a compartment: ``q1.<suite>.<key id>.<base64url of nonce, ciphertext and tag>``.

Nonces are random 96-bit values: rotate a compartment's key long before 2^32 values have been written with it.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from types import MappingProxyType
from typing import Final

from cryptography.exceptions import InvalidTag

from qingyuan.foundation.crypto.ring import Key, Purpose, configured_suite, keyring
from qingyuan.foundation.crypto.suites import NONCE_BYTES
from qingyuan.foundation.enums import Compartment

MARK: Final = "q1."
INDEX_BYTES: Final = 16
_indexing: ContextVar[Mapping[str, str]] = ContextVar("_indexing", default=MappingProxyType({}))
_URL_SAFE: Final = bytes.maketrans(b"+/", b"-_")


class Undecipherable(ValueError):
    """A ciphertext that was altered, cut, or brought here from another column."""

    def __init__(self, place: str) -> None:
        super().__init__(f"{place} 的密文无法解开：内容被改动，或从别的栏目移来。请停止修改并报告安全管理员核查")


def encrypt_text(compartment: Compartment | str, text: str, aad: str) -> str:
    """Encrypt ``text`` for its place ``aad`` ("app.Model.field"); equal texts give different ciphertexts."""
    key = _writing_key(compartment)
    return _seal(key, _bound(key, aad), text)


def encrypt_many(compartment: Compartment | str, texts: Iterable[str], aad: str) -> list[str]:
    """``encrypt_text`` for many values of one column."""
    key = _writing_key(compartment)
    bound, encrypt = _bound(key, aad), key.aead.encrypt
    clear = list(texts)
    return [
        key.head + compact(nonce + encrypt(nonce, text.encode(), bound))
        for nonce, text in zip(nonces(len(clear)), clear, strict=True)
    ]


def decrypt_text(compartment: Compartment | str, ciphertext: str, aad: str) -> str:
    """The clear text. Raises Undecipherable, or KeyMissing when the ring does not hold its key."""
    mark, _, rest = ciphertext.partition(".")
    suite, _, rest = rest.partition(".")
    key_id, _, body = rest.partition(".")
    if mark + "." != MARK or not body:
        raise Undecipherable(aad)
    key = keyring().key(key_id)
    if str(key.suite.number) != suite or key.scope != str(compartment):
        raise Undecipherable(aad)
    return _open(key, _bound(key, aad), body, aad)


def decrypt_many(compartment: Compartment | str, ciphertexts: Iterable[str], aad: str) -> list[str]:
    """``decrypt_text`` for many values of one column."""
    return [decrypt_text(compartment, ciphertext, aad) for ciphertext in ciphertexts]


def encrypt_bytes(compartment: Compartment | str, data: bytes, aad: str) -> bytes:
    """``encrypt_text`` for a block of bytes: the same head in ASCII, then nonce, ciphertext and tag as they are."""
    key = _writing_key(compartment)
    nonce = os.urandom(NONCE_BYTES)
    return key.head.encode() + nonce + key.aead.encrypt(nonce, data, _bound(key, aad))


def decrypt_bytes(compartment: Compartment | str, ciphertext: bytes, aad: str) -> bytes:
    """The inverse of ``encrypt_bytes``. Raises Undecipherable, or KeyMissing when the ring does not hold its key."""
    mark, _, rest = ciphertext.partition(b".")
    suite, _, rest = rest.partition(b".")
    key_id, _, body = rest.partition(b".")
    if mark + b"." != MARK.encode() or len(body) < NONCE_BYTES:
        raise Undecipherable(aad)
    key = keyring().key(key_id.decode("ascii", "replace"))
    if str(key.suite.number).encode() != suite or key.scope != str(compartment):
        raise Undecipherable(aad)
    try:
        return key.aead.decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], _bound(key, aad))
    except InvalidTag:
        raise Undecipherable(aad) from None


def looks_encrypted(text: str) -> bool:
    """Whether the text has the form of a ciphertext; only decrypting proves that it is one."""
    return text.startswith(MARK) and text.count(".") == 3


def is_current(compartment: Compartment | str, ciphertext: str) -> bool:
    """Whether a ciphertext is under the key now used for writing (else it waits for re-encryption)."""
    return ciphertext.startswith(_writing_key(compartment).head)


def nonces(count: int) -> list[bytes]:
    """``count`` fresh nonces, asked of the system at one go."""
    chance = os.urandom(NONCE_BYTES * count)
    return [chance[at : at + NONCE_BYTES] for at in range(0, len(chance), NONCE_BYTES)]


def compact(data: bytes) -> str:
    """base64url without the padding."""
    return binascii.b2a_base64(data, newline=False).translate(_URL_SAFE, b"=").decode()


def blind_index(compartment: Compartment | str, purpose: str, text: str) -> str:
    """32 hex characters that are equal for equal texts of one purpose ("name", "id_number") in one compartment.

    For what is stored. What is looked for takes ``blind_indexes``.
    """
    return _index(_index_key(compartment), purpose, text)


def blind_index_many(compartment: Compartment | str, purpose: str, texts: Iterable[str]) -> list[str]:
    """``blind_index`` for many values."""
    key = _index_key(compartment)
    mac, raw = key.suite.mac, key.raw
    return [mac(raw, f"{purpose}\0{text}".encode())[:INDEX_BYTES].hex() for text in texts]


def blind_indexes(compartment: Compartment | str, purpose: str, text: str) -> tuple[str, ...]:
    """Every index under which ``text`` may stand: two while index keys are being rotated, the newest first."""
    return tuple(_index(key, purpose, text) for key in keyring().searched(str(compartment)))


def buckets(compartment: Compartment | str, purpose: str, texts: Iterable[str], count: int) -> list[int]:
    """For each text a number below ``count``, keyed and shared by many texts: it narrows a search and names nobody."""
    key = _index_key(compartment)
    return [_bucket(key, purpose, text, count) for text in texts]


@contextlib.contextmanager
def indexing_as(compartment: Compartment | str, key_id: str) -> Iterator[None]:
    """Inside, indexes and buckets of ``compartment`` are made under the index key ``key_id``, as earlier rows have them."""
    token = _indexing.set({**_indexing.get(), str(compartment): key_id})
    try:
        yield
    finally:
        _indexing.reset(token)


def searched_index_keys(compartment: Compartment | str) -> tuple[str, ...]:
    """The ids of the keys a search looks under, the one that writes first (``indexing_as``)."""
    return tuple(key.id for key in keyring().searched(str(compartment)))


def earlier_index_keys(compartment: Compartment | str) -> tuple[str, ...]:
    """The keys under which rows may still stand beside the one that writes; empty unless a rotation is under way."""
    return searched_index_keys(compartment)[1:]


def _writing_key(compartment: Compartment | str) -> Key:
    return keyring().current(str(compartment), Purpose.DATA, configured_suite())


def _index_key(compartment: Compartment | str) -> Key:
    named = _indexing.get().get(str(compartment))
    if named is not None:
        return keyring().key(named)
    return keyring().current(str(compartment), Purpose.INDEX, configured_suite())


def _index(key: Key, purpose: str, text: str) -> str:
    return key.suite.mac(key.raw, f"{purpose}\0{text}".encode())[:INDEX_BYTES].hex()


def _bucket(key: Key, purpose: str, text: str, count: int) -> int:
    return int.from_bytes(key.suite.mac(key.raw, f"{purpose}\0{text}".encode())[:INDEX_BYTES], "big") % count


def _bound(key: Key, aad: str) -> bytes:
    return f"{key.head}{key.scope}|{aad}".encode()


def _seal(key: Key, bound: bytes, text: str) -> str:
    nonce = os.urandom(NONCE_BYTES)
    sealed = key.aead.encrypt(nonce, text.encode(), bound)
    return key.head + compact(nonce + sealed)


def _open(key: Key, bound: bytes, body: str, place: str) -> str:
    try:
        data = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        return key.aead.decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], bound).decode()
    except (InvalidTag, binascii.Error, ValueError):
        raise Undecipherable(place) from None
