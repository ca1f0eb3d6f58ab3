"""Indicators that are known, asked for, and cannot be computed honestly from the rows there are: each says why and what it would need."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

import yaml
from django.utils.translation import gettext as _

from qingyuan.indicators.definition_file import BadDefinition, DefinitionFile

UNFED: Final = Path(__file__).parent / "definitions" / "unfed"


@dataclass(frozen=True)
class Unfed:
    """``would_be``: numerator and denominator in words; ``reason``: what is missing; ``would_need``: what would let it be computed."""

    code: str
    title: str
    title_en: str
    would_be: str
    why_it_matters: str
    reason: str
    would_need: str
    owner: str
    source: str


def load_unfed(folder: Path = UNFED) -> list[Unfed]:
    """By code. Raises BadDefinition naming file and key: one too many or missing, or a file named otherwise than its code."""
    return [_load(path) for path in sorted(folder.glob("*.yaml"))]


def _load(path: Path) -> Unfed:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadDefinition(path.name, "YAML", str(error).splitlines()[0]) from None
    if not isinstance(data, dict):
        raise BadDefinition(path.name, "YAML", _("文件要由“键: 值”组成"))
    file = DefinitionFile(path.name, data)
    known = [one.name for one in fields(Unfed)]
    for key in data:
        if key not in known:
            raise file.fail(str(key), _("不认识这个键，可以写：%(known)s") % {"known": "、".join(known)})
    found = Unfed(**{name: file.text(name) for name in known})
    if path.stem != found.code:
        raise file.fail("code", _("要与文件名一致"))
    return found
