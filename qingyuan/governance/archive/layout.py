"""What stands where in an archive, and the few values that describe it.

    README.txt                    what this is and how it is checked
    manifest.json                 every part with its hash, the letters, and the root over all of it
    indicators.json               the formulas of the figures that the sheets read
    schemes/HASH.json             a sheet, in the very text it was published in
    letters/NNN/terms.json        number, unit, sheet, targets: what was promised (NNN: its serial; where two heads number
                                  alike, the second's folder is NNN-xxxxxxxx; the manifest says whose each is)
    letters/NNN/inputs.json       the numbers the clauses read        inputs-few.json   those that turn on fewer than five
    letters/NNN/evidence.json     what stands behind each             evidence-few.json the same for those
    letters/NNN/facts.json        the facts behind, where they are not about persons
    letters/NNN/manual.json       what people decided, with their reasons
    letters/NNN/review.json       of a published round: objections, answers, hashes of the evidence (the unit's own)
    letters/NNN/result.json       the whole tree of the score
    letters/NNN/shown.json        the score as others than the unit see it
    round.json                    of a published round: its days, the commitment and the seed of its sample
    extract.json                  only in an extract: whose it is and which parts are left out; it is no part itself
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Final

from qingyuan.governance.scoring.numbers import Inputs
from qingyuan.governance.scoring.scheme import Scheme
from qingyuan.governance.scoring.serialise import canonical
from qingyuan.governance.scoring.tree import ScoreTree

FORMAT: Final = "qingyuan-assessment-archive"
VERSION: Final = 1
MANIFEST: Final = "manifest.json"
EXTRACT: Final = "extract.json"
README: Final = "README.txt"
TERMS, INPUTS, EVIDENCE, MANUAL, RESULT, SHOWN, FACTS = (
    "terms.json",
    "inputs.json",
    "evidence.json",
    "manual.json",
    "result.json",
    "shown.json",
    "facts.json",
)
REVIEW: Final = "review.json"
ROUND: Final = "round.json"
FIGURES: Final = "indicators.json"
INPUTS_FEW: Final = "inputs-few.json"
EVIDENCE_FEW: Final = "evidence-few.json"
#: What only the unit itself may read of its letter: numbers that turn on fewer than five people, and what follows from them.
ONLY_OWN: Final = (INPUTS_FEW, EVIDENCE_FEW)
ABOUT_PERSONS: Final = "涉及个人,只存校验值,不存内容;原件以后封存或销毁,不影响核验"

Data = Mapping[str, object]


@dataclass(frozen=True)
class FactRows:
    """The facts of one table behind one number. ``lines``: each fact as canonical text, in the order of these texts.

    ``personal``: only their number and hash are kept.
    """

    fact: str
    lines: Sequence[str]
    personal: bool

    @property
    def sha256(self) -> str:
        return hash_of_lines(self.lines)


@dataclass(frozen=True)
class Behind:
    """What stands behind one number: the question it answers, its facts, its returns."""

    source: str
    question: Data = field(default_factory=dict)
    facts: Sequence[FactRows] = ()
    returns: Sequence[Data] = ()


@dataclass(frozen=True)
class ArchivedLetter:
    """One letter with everything its score is made of. ``salt`` keeps small numbers from being guessed by their hash."""

    folder: str
    terms: Data
    unit_kind: str
    scheme: Scheme
    inputs: Inputs
    behind: Mapping[str, Behind]
    manual: Sequence[Data]
    tree: ScoreTree
    salt: str
    review: Data = field(default_factory=dict)


@dataclass(frozen=True)
class ArchivedYear:
    """All letters of a city's year as scored for the day ``on``. ``schemes``: hash → published text; ``figures``: formulas by code."""

    year: int
    city_code: str
    city_name: str
    on: date
    known: str
    basis: str
    fictional: bool
    schemes: Mapping[str, str]
    letters: Sequence[ArchivedLetter]
    round: Data = field(default_factory=dict)
    figures: Mapping[str, Data] = field(default_factory=dict)


def scheme_part(digest: str) -> str:
    return f"schemes/{digest}.json"


def digest_of(data: bytes) -> str:
    return sha256(data).hexdigest()


def hash_of_lines(lines: Sequence[str]) -> str:
    """SHA-256 over the texts, one a line."""
    return digest_of("".join(f"{line}\n" for line in lines).encode())


def root_of(manifest: Data) -> str:
    """The one hash that stands for the whole archive: over the manifest without itself."""
    return digest_of(canonical({key: value for key, value in manifest.items() if key != "root"}).encode())


def exact(value: object) -> object:
    """A value of a fact as canonical JSON takes it."""
    if value is None or isinstance(value, (bool, int, str, Decimal)):
        return value
    if isinstance(value, float):
        return Decimal(repr(value))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def plain_data(value: object) -> object:
    """Stored JSON as canonical JSON takes it: a float as the decimal it was written as."""
    if isinstance(value, Mapping):
        return {str(key): plain_data(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_data(item) for item in value]
    return exact(value)
