"""The schemes that come with the platform: governance/schemes/*.yaml, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from qingyuan.governance.scoring.scheme import Scheme
from qingyuan.governance.scoring.serialise import read_scheme_file

FOLDER = Path(__file__).parent.parent / "schemes"


PUBLISHED = FOLDER / "published"
"""Sheets that others published, entered as examples: nobody's letter is scored by them."""


@cache
def published_example(name: str) -> Scheme:
    """A published sheet by its file name ('hangzhou-2018'). FileNotFoundError if there is none."""
    return read_scheme_file(PUBLISHED / f"{name}.yaml")


def published_examples() -> list[str]:
    """File names of the published sheets, without the suffix."""
    return sorted(path.stem for path in PUBLISHED.glob("*.yaml"))


@cache
def shipped(name: str) -> Scheme:
    """The shipped scheme of that file name ('town-2022'). FileNotFoundError if there is none."""
    return read_scheme_file(FOLDER / f"{name}.yaml")


def shipped_names() -> list[str]:
    """File names of the shipped schemes, without the suffix."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))
