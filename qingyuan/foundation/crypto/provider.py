"""What holds the master key: a file by default, or a device behind ``settings.QINGYUAN_KEY_PROVIDER``."""

from __future__ import annotations

import base64
import os
import stat
from pathlib import Path
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag

from qingyuan.foundation.crypto.suites import KEY_BYTES, NONCE_BYTES, Aead, suite_of

MASTER_FILE: Final = "master.key"


class KeyFolderUnsafe(RuntimeError):
    """A key file that others on this machine can read, or that is not a key."""


class KeyProvider(Protocol):
    """Wraps and unwraps data keys; the master key itself never leaves it.

    ``context`` is bound to the wrapped key: unwrapping under another one fails with ``KeyFolderUnsafe``.
    A provider class is made with the key folder as its only argument.
    """

    def wrap(self, key: bytes, context: str, suite: int) -> str: ...

    def unwrap(self, wrapped: str, context: str) -> bytes: ...


class FileKeyProvider:
    """The master key in ``master.key`` (32 bytes, base64, mode 0600), made when the folder has no key ring yet."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / MASTER_FILE
        self._ciphers: dict[int, Aead] = {}

    def wrap(self, key: bytes, context: str, suite: int) -> str:
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._cipher(suite).encrypt(nonce, key, context.encode())
        return f"w1.{suite}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def unwrap(self, wrapped: str, context: str) -> bytes:
        """Raises KeyFolderUnsafe when the wrapped key was altered, moved, or belongs to another master key."""
        try:
            _, suite, body = wrapped.split(".")
            data = base64.urlsafe_b64decode(body)
            return self._cipher(int(suite)).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], context.encode())
        except (ValueError, InvalidTag):
            raise KeyFolderUnsafe(
                f"密钥 {context} 无法用主密钥 {self._file} 解开：密钥文件被改动或不是同一套，请从备份恢复整个密钥目录"
            ) from None

    def _cipher(self, number: int) -> Aead:
        cipher = self._ciphers.get(number)
        if cipher is None:
            cipher = self._ciphers[number] = suite_of(number).aead(self._master())
        return cipher

    def _master(self) -> bytes:
        try:
            write_private(self._file, base64.b64encode(os.urandom(KEY_BYTES)), replace=False)
        except FileExistsError:
            refuse_if_open_to_others(self._file)
        try:
            master = base64.b64decode(self._file.read_bytes(), validate=True)
        except ValueError:
            master = b""
        if len(master) != KEY_BYTES:
            raise KeyFolderUnsafe(f"{self._file} 不是有效的主密钥：请从备份恢复")
        return master


def write_private(path: Path, content: bytes, *, replace: bool) -> None:
    """Write a file only its owner can read, whole or not at all. Raises FileExistsError unless ``replace``."""
    target = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}") if replace else path
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if replace:
        target.replace(path)


def refuse_if_open_to_others(path: Path) -> None:
    """Raises KeyFolderUnsafe when group or others have any right on the file (only where the system has such rights)."""
    if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyFolderUnsafe(f"{path} 可被其他用户读取：请执行 chmod 600 {path}，并考虑更换密钥")
