"""How deep and how large a text may be before anything is built from it: brackets and references are cheap to write."""

from __future__ import annotations

from typing import Final

import yaml

from qingyuan.governance.scoring.problems import Problem, SchemeUnreadable

#: The deepest sheet in use has nine levels, the largest some two thousand values.
DEEPEST: Final = 60
MOST_VALUES: Final = 200_000


def weigh(text: str) -> None:
    """Walks the text once without building it, in time proportional to its length. SchemeUnreadable where it is deeper than ``DEEPEST``
    or, with every reference (``*name``) written out, has more values than ``MOST_VALUES``; yaml.YAMLError where it is no YAML.
    """
    known: dict[str, int] = {}
    open_nodes: list[tuple[str | None, int]] = []
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            open_nodes.append((event.anchor, 1))
            if len(open_nodes) > DEEPEST:
                raise SchemeUnreadable([Problem("全文", "层次太深,读不下去,请检查括号和缩进")])
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            anchor, size = open_nodes.pop()
        elif isinstance(event, yaml.AliasEvent):
            anchor, size = None, known.get(event.anchor or "", 1)
        elif isinstance(event, yaml.ScalarEvent):
            anchor, size = event.anchor, 1
        else:
            continue
        if anchor is not None:
            known[anchor] = size
        if open_nodes:
            above, so_far = open_nodes[-1]
            size += so_far
            open_nodes[-1] = (above, size)
        if size > MOST_VALUES:
            raise SchemeUnreadable([Problem("全文", "内容太多,读不下去:展开引用以后超过 20 万个值,请检查“&”和“*”")])
