"""What a check of an archive can find, each under one name that a program can rely on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Code(StrEnum):
    """The first five stop the reading; the others are about what was read."""

    NOT_ZIP = "not_an_archive"
    TOO_LARGE = "too_large"
    UNSAFE_NAME = "unsafe_name"
    COMPRESSED = "compressed"
    TWICE = "name_twice"
    NO_MANIFEST = "no_manifest"
    MANIFEST = "manifest_altered"
    ROOT = "root_differs"
    ALTERED = "part_altered"
    MISSING = "part_missing"
    ADDED = "part_added"
    REPACKED = "repacked"
    UNREADABLE = "part_unreadable"
    SCHEME = "scheme_differs"
    NUMBER = "number_differs"
    FIGURE = "figure_differs"
    CLAUSE = "clause_differs"
    TOTAL = "total_differs"
    SHOWN = "shown_differs"
    EVIDENCE = "evidence_differs"


FATAL = frozenset({Code.NOT_ZIP, Code.TOO_LARGE, Code.UNSAFE_NAME, Code.COMPRESSED, Code.TWICE, Code.NO_MANIFEST})


@dataclass(frozen=True, slots=True)
class Finding:
    """``part``: the file in the archive; ``letter`` its number and unit; ``clause`` and ``number`` where it can be said."""

    code: Code
    part: str
    words: str
    letter: str = ""
    clause: str = ""
    number: str = ""

    def __str__(self) -> str:
        where = " ".join(filter(None, (self.letter, f"条款 {self.clause}" if self.clause else "", self.number)))
        file = f"[{self.part}] " if self.part else ""
        return f"{file}{where}{':' if where else ''}{self.words}"


@dataclass(frozen=True)
class Report:
    """The answer. ``letters``: how many were recomputed whole, ``clauses`` how many clauses, ``figures`` how many numbers from
    the facts themselves; ``hashed`` how many bodies of
    evidence stand as a hash and a note; ``extract``: whose, where it is one, and ``left_out`` how many parts it leaves out."""

    findings: Sequence[Finding]
    root: str = ""
    year: int = 0
    city: str = ""
    on: str = ""
    letters: int = 0
    partly: int = 0
    clauses: int = 0
    figures: int = 0
    parts: int = 0
    hashed: int = 0
    extract: str = ""
    left_out: int = 0
    totals: Sequence[tuple[str, str]] = field(default_factory=tuple)

    @property
    def intact(self) -> bool:
        return not self.findings

    @property
    def readable(self) -> bool:
        return not any(finding.code in FATAL for finding in self.findings)
