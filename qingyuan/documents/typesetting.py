"""How the body of a paper is set: punctuation between Chinese signs in full width, a long check value in readable groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from qingyuan.documents.model import Block, Heading, KeyValue, Paragraph, Table
from qingyuan.documents.wording import wide


def set_wide(body: Iterable[Block]) -> tuple[Block, ...]:
    """The same blocks, their words as papers set them; numbers and Latin words stay as they are."""
    return tuple(_wide(block) for block in body)


def _wide(block: Block) -> Block:
    if isinstance(block, Paragraph):
        return replace(block, runs=tuple(replace(run, text=wide(run.text)) for run in block.runs))
    if isinstance(block, Heading):
        return replace(block, text=wide(block.text))
    if isinstance(block, KeyValue):
        return replace(block, pairs=tuple((wide(label), wide(value)) for label, value in block.pairs))
    if isinstance(block, Table):
        rows = tuple(tuple(wide(cell) for cell in row) for row in block.rows)
        return replace(block, headers=tuple(wide(one) for one in block.headers), rows=rows, caption=wide(block.caption), note=wide(block.note))
    return block


def grouped(digest: str, size: int = 8) -> str:
    """«44326af5 7c894d27 …»: it breaks between groups, and no justified line is torn apart by it."""
    return " ".join(digest[start : start + size] for start in range(0, len(digest), size))
