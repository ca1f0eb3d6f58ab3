"""On which line of a file a problem stands: its writer looks there, not at a path of keys."""

from __future__ import annotations

import re
from collections.abc import Sequence

import yaml

from qingyuan.governance.scoring.limits import weigh
from qingyuan.governance.scoring.problems import Problem, SchemeUnreadable

_STEP = re.compile(r"^(?P<name>.+?)(?: (?P<index>\d+))?$")
_CLAUSE, _GROUP = re.compile(r"^条款 (?P<id>\S+)"), re.compile(r"^第 (?P<id>\S+) 组")
_NAMED = {"总分": ("total",), "等次": ("grades",), "共同规定": ("shared",), "附件": ("annexes",)}


def with_lines(text: str, problems: Sequence[Problem]) -> list[Problem]:
    """The same problems, each with «第 12 行» before its place where the place can be found in the text."""
    try:
        weigh(text)  # composing goes as deep as the text does
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, SchemeUnreadable):
        return list(problems)
    return [Problem(_said(_line(root, problem.where), problem.where), problem.message) for problem in problems]


def _said(line: int, where: str) -> str:
    return where if not line or where.startswith("第 ") and where.endswith(" 行") else f"第 {line} 行 {where}"


def _line(root: yaml.Node | None, where: str) -> int:
    """From 1; 0 where the place is not in the text."""
    if root is None:
        return 0
    if match := _CLAUSE.match(where):
        return _with_id(root, ("clauses", "vetoes"), match["id"])
    if match := _GROUP.match(where):
        return _with_id(root, ("groups",), match["id"])
    named = next((path for word, path in _NAMED.items() if where.startswith(word)), None)
    return _walk(root, named or tuple(where.split(" › ")))


def _walk(node: yaml.Node, path: Sequence[str]) -> int:
    """The line of the deepest step that is there; 0 where not even the first is."""
    line = 0
    for step in path:
        match = _STEP.match(step)
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        hit = next(((key, value) for key, value in pairs if match and key.value in (match["name"], step)), None)
        if hit is None:
            return line
        key, node = hit
        line = key.start_mark.line + 1
        if match and match["index"] and isinstance(node, yaml.SequenceNode):
            index = int(match["index"]) - 1
            if index < len(node.value):
                node = node.value[index]
                line = node.start_mark.line + 1
    return line


def _with_id(node: yaml.Node, lists: Sequence[str], wanted: str) -> int:
    """The line of the item of that id in one of these lists, wherever the list stands."""
    if isinstance(node, yaml.SequenceNode):
        return next((line for item in node.value if (line := _with_id(item, lists, wanted))), 0)
    if not isinstance(node, yaml.MappingNode):
        return 0
    for key, value in node.value:
        if key.value in lists and isinstance(value, yaml.SequenceNode):
            for item in value.value:
                own = {name.value: one.value for name, one in item.value} if isinstance(item, yaml.MappingNode) else {}
                if own.get("id") == wanted:
                    return int(item.start_mark.line) + 1
    return next((line for _key, value in node.value if (line := _with_id(value, lists, wanted))), 0)
