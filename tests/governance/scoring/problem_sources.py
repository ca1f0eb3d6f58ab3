"""The sentences the checker of schemes can say, read from its source: what the catalogue of phrases must hold."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import qingyuan.governance.scoring as scoring

FOLDER: Final = Path(scoring.__file__).parent
#: Modules that say nothing but problems; of the others only what they complain with.
WHOLE: Final = (
    "check", "sums", "structure", "bands", "given", "given_numbers", "expression", "examples", "refs", "nested", "serialise",
    "lines", "catalogue",
)  # fmt: skip
_COMPLAINTS: Final = frozenset({"complain", "Problem", "problems.append", "inside", "BadExpression", "BadInputRef"})
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_PATTERN: Final = re.compile(r"[\[^]|\(\?P")
_NUMBERS: Final = "nmabcd"
_WORDS: Final = "wxyzst"


def phrases() -> dict[str, str]:
    """Every phrase with the module it is said in."""
    found: dict[str, str] = {}
    for path in sorted([*FOLDER.glob("*.py"), *FOLDER.glob("kinds/*.py")]):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in _sentences(tree, whole=path.stem in WHOLE and path.parent == FOLDER):
            found.setdefault(_phrase(node), path.stem)
    return {phrase: module for phrase, module in found.items() if _HAN.search(phrase) and not _PATTERN.match(phrase)}


def _sentences(tree: ast.AST, *, whole: bool) -> Iterator[ast.expr]:
    if whole:
        yield from _texts(tree)
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node.func) in _COMPLAINTS:
            for argument in node.args:
                yield from _texts(argument)


def _texts(tree: ast.AST) -> Iterator[ast.expr]:
    """Texts that are no docstring and no part of a longer one."""
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if id(node) in inside or id(node) in docs:
            continue
        if isinstance(node, ast.JoinedStr) or isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node


def _phrase(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.JoinedStr)
    numbers, words, text, gap_before = iter(_NUMBERS), iter(_WORDS), "", False
    if not any(isinstance(part, ast.FormattedValue) for part in node.values):
        return "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    for at, part in enumerate(node.values):
        if isinstance(part, ast.FormattedValue):
            # Words that follow each other without anything between are one gap: nobody could tell them apart.
            alone = not gap_before and not (at + 1 < len(node.values) and isinstance(node.values[at + 1], ast.FormattedValue))
            if not gap_before:
                text += f"%({next(numbers if alone and _is_number(part.value) else words)})s"
            gap_before = True
        else:
            assert isinstance(part, ast.Constant)
            text += str(part.value).replace("%", "%%")
            gap_before = False
    return text


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and _name(node.func) in {"plain", "len"}


def _called(node: ast.expr) -> str:
    """The name of what is called; of ``append`` with what is appended to."""
    return f"{_name(node.value)}.append" if isinstance(node, ast.Attribute) and node.attr == "append" else _name(node)


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
