"""Encryption of columns, blind indexes and integrity tags, under one key ring per city.

Owns: the key ring and its rotation, the two suites (AES-256-GCM with SHA-256, SM4-GCM with SM3). Hands out: functions
over text. Never does: decide who may read a clear value, or keep a key anywhere but in the key folder.
"""

from qingyuan.foundation.crypto.locking import KeyringBusy
from qingyuan.foundation.crypto.provider import FileKeyProvider, KeyFolderUnsafe, KeyProvider
from qingyuan.foundation.crypto.ring import (
    Generations,
    KeyFolderLost,
    KeyMissing,
    Keyring,
    MasterStays,
    keyring,
    rotate,
)
from qingyuan.foundation.crypto.suites import SUITES, Suite, UnknownSuite
from qingyuan.foundation.crypto.text import (
    Undecipherable,
    blind_index,
    blind_index_many,
    blind_indexes,
    buckets,
    compact,
    decrypt_bytes,
    decrypt_many,
    decrypt_text,
    earlier_index_keys,
    encrypt_bytes,
    encrypt_many,
    encrypt_text,
    indexing_as,
    is_current,
    looks_encrypted,
    nonces,
    searched_index_keys,
)

__all__ = [
    "SUITES",
    "FileKeyProvider",
    "Generations",
    "KeyFolderLost",
    "KeyFolderUnsafe",
    "KeyMissing",
    "KeyProvider",
    "Keyring",
    "KeyringBusy",
    "MasterStays",
    "Suite",
    "Undecipherable",
    "UnknownSuite",
    "blind_index",
    "blind_index_many",
    "blind_indexes",
    "buckets",
    "compact",
    "decrypt_bytes",
    "decrypt_many",
    "decrypt_text",
    "earlier_index_keys",
    "encrypt_bytes",
    "encrypt_many",
    "encrypt_text",
    "indexing_as",
    "is_current",
    "keyring",
    "looks_encrypted",
    "nonces",
    "rotate",
    "searched_index_keys",
]
