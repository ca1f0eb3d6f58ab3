"""Rule kinds, one module each, found by being there: a module `tiers.py` with a class `RULE` is the kind "tiers"."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import cast

from qingyuan.governance.scoring.rule import Rule


def _found() -> dict[str, type[Rule]]:
    names = sorted(module.name for module in iter_modules(__path__))
    return {name: cast("type[Rule]", import_module(f"{__name__}.{name}").RULE) for name in names}


KINDS: dict[str, type[Rule]] = _found()
