"""The same list printed twice or more abreast (序号 姓名 … | 序号 姓名 …), told by its repeated headings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from qingyuan.ledgers.reading.levels import Path
from qingyuan.ledgers.reading.text import key

LEAST_HEADINGS: Final = 2
Block: TypeAlias = tuple[int, ...]
"""The columns of one copy, in the order of the first copy's headings."""


def side_by_side(paths: Sequence[Path]) -> tuple[Block, ...]:
    """The copies from left to right; () when the headings are not one sequence repeated from end to end.

    Columns without a heading between the copies do not count.
    """
    headed = [column for column, path in enumerate(paths) if path]
    texts = [tuple(key(text) for text in paths[column]) for column in headed]
    if len(texts) < 2 * LEAST_HEADINGS or texts[0] not in texts[1:]:
        return ()
    width = texts.index(texts[0], 1)
    even = width >= LEAST_HEADINGS and len(texts) % width == 0 and len(set(texts[:width])) == width
    if not even or any(texts[at] != texts[at % width] for at in range(len(texts))):
        return ()
    return tuple(tuple(headed[at : at + width]) for at in range(0, len(headed), width))
