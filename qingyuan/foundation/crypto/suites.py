"""The two algorithm families: international (1) and Chinese national (2). A ciphertext names its suite."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hmac as sm3_hmac
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
KEY_BYTES: Final = 32  # every stored key has 32 bytes; a suite takes as many as it needs


class UnknownSuite(ValueError):
    """A suite number this program does not have."""

    def __init__(self, number: object) -> None:
        super().__init__(f"没有编号为 {number} 的密码套件：QINGYUAN_CRYPTO_SUITE 只能是 1(AES/SHA-256)或 2(SM4/SM3)")


class Aead(Protocol):
    """Authenticated encryption under one key; the tag stands at the end of the sealed bytes."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes: ...


class Sm4Gcm:
    """SM4 (GB/T 32907) in Galois/counter mode (RFC 8998): the call shape of ``AESGCM``."""

    def __init__(self, key: bytes) -> None:
        self._algorithm = SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        encryptor = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated_data or b"")
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Raises cryptography's InvalidTag when key, nonce, data or associated data are not the ones it was made with."""
        if len(data) < TAG_BYTES:
            raise InvalidTag
        body, tag = data[:-TAG_BYTES], data[-TAG_BYTES:]
        decryptor = Cipher(self._algorithm, modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(associated_data or b"")
        return decryptor.update(body) + decryptor.finalize()


@dataclass(frozen=True)
class Suite:
    """One family: ``aead`` makes a cipher from a 32-byte stored key, ``mac`` and ``digest`` give 32 bytes."""

    number: int
    name: str
    aead: Callable[[bytes], Aead]
    mac: Callable[[bytes, bytes], bytes]
    digest: Callable[[bytes], bytes]


def _aes(key: bytes) -> Aead:
    return AESGCM(key)


def _sm4(key: bytes) -> Aead:
    return Sm4Gcm(key[:16])


def _hmac_sha256(key: bytes, data: bytes) -> bytes:
    return hmac.digest(key, data, "sha256")


def _sha256(data: bytes) -> bytes:
    return sha256(data).digest()


def _hmac_sm3(key: bytes, data: bytes) -> bytes:
    tag = sm3_hmac.HMAC(key, hashes.SM3())
    tag.update(data)
    return tag.finalize()


def _sm3(data: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


SUITES: Final[dict[int, Suite]] = {
    1: Suite(1, "AES-256-GCM / SHA-256", _aes, _hmac_sha256, _sha256),
    2: Suite(2, "SM4-GCM / SM3", _sm4, _hmac_sm3, _sm3),
}


def suite_of(number: int) -> Suite:
    """The suite with this number. Raises UnknownSuite."""
    suite = SUITES.get(number)
    if suite is None:
        raise UnknownSuite(number)
    return suite
