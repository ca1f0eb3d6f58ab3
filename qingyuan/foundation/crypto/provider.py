"""What holds the master key: a file by default, or a device behind ``settings.QINGYUAN_KEY_PROVIDER``."""

from __future__ import annotations

import base64
import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag

from qingyuan.foundation.crypto.suites import KEY_BYTES, NONCE_BYTES, suite_of

MASTER_FILE: Final = "master.key"
NEXT_MASTER_FILE: Final = "master.key.next"


class KeyFolderUnsafe(RuntimeError):
    """A key file that others on this machine can read, or that is not a key."""


class KeyProvider(Protocol):
    """Wraps and unwraps data keys; the master key itself never leaves it.

    ``context`` is bound to the wrapped key: unwrapping under another one fails with ``KeyFolderUnsafe``.
    A provider class is made with the key folder as its only argument. One that can change its master key has also
    ``changing_master()``, a context in which ``wrap`` uses the new key and ``unwrap`` takes both; leaving it without an
    exception makes the change good.
    """

    def wrap(self, key: bytes, context: str, suite: int) -> str: ...

    def unwrap(self, wrapped: str, context: str) -> bytes: ...


class FileKeyProvider:
    """The master key in ``master.key`` (32 bytes, base64, mode 0600), made when the folder has no key ring yet.

    While it is being changed, or after a change that was cut off, the new one stands beside it as ``master.key.next``:
    a key is then wrapped under the one or the other.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / MASTER_FILE
        self._next = folder / NEXT_MASTER_FILE
        self._wraps_with = self._file

    def wrap(self, key: bytes, context: str, suite: int) -> str:
        # Read anew each time: another process may have changed the master key, and what is wrapped under the old is lost.
        cipher = suite_of(suite).aead(self._master(self._wraps_with))
        nonce = os.urandom(NONCE_BYTES)
        return f"w1.{suite}.{base64.urlsafe_b64encode(nonce + cipher.encrypt(nonce, key, context.encode())).decode()}"

    def unwrap(self, wrapped: str, context: str) -> bytes:
        """Raises KeyFolderUnsafe when the wrapped key was altered, moved, or belongs to another master key."""
        try:
            _, suite, body = wrapped.split(".")
            data, aead = base64.urlsafe_b64decode(body), suite_of(int(suite)).aead
        except ValueError:
            raise self._unsafe(context) from None
        # The change may be made good between two looks: the file that was the next is then the master.
        for file in (self._file, self._next, self._file):
            if file == self._file or file.exists():
                with contextlib.suppress(InvalidTag, FileNotFoundError):
                    return aead(self._master(file)).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], context.encode())
        raise self._unsafe(context)

    @contextlib.contextmanager
    def changing_master(self) -> Iterator[None]:
        """``wrap`` under a new master key; at the end it takes the place of the old one. The caller holds the ring's lock."""
        try:
            self._master(self._next)  # of a change that was cut off: keys may be wrapped under it already
        except (FileNotFoundError, KeyFolderUnsafe):
            # Half a file was written before anything was wrapped under it.
            write_private(self._next, base64.b64encode(os.urandom(KEY_BYTES)), replace=True)
        self._wraps_with = self._next
        try:
            yield
        finally:
            self._wraps_with = self._file
        self._next.replace(self._file)

    def _unsafe(self, context: str) -> KeyFolderUnsafe:
        return KeyFolderUnsafe(
            f"密钥 {context} 无法用主密钥 {self._file} 解开：密钥文件被改动或不是同一套，请从备份恢复整个密钥目录"
        )

    def _master(self, file: Path) -> bytes:
        if file == self._file:
            with contextlib.suppress(FileExistsError):
                write_private(file, base64.b64encode(os.urandom(KEY_BYTES)), replace=False)
        refuse_if_open_to_others(file)
        try:
            master = base64.b64decode(file.read_bytes(), validate=True)
        except ValueError:
            master = b""
        if len(master) != KEY_BYTES:
            raise KeyFolderUnsafe(f"{file} 不是有效的主密钥：请从备份恢复")
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
