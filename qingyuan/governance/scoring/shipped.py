"""The schemes that come with the platform: governance/schemes/*.yaml, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from qingyuan.governance.scoring.scheme import Scheme
from qingyuan.governance.scoring.serialise import read_scheme_file

FOLDER = Path(__file__).parent.parent / "schemes"


@cache
def shipped(name: str) -> Scheme:
    """The shipped scheme of that file name ('town-2022'). FileNotFoundError if there is none."""
    return read_scheme_file(FOLDER / f"{name}.yaml")


def shipped_names() -> list[str]:
    """File names of the shipped schemes, without the suffix."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))
