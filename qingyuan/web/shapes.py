"""What presenters hand to the shared components: plain values, already in the words of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from qingyuan.foundation.counting import Much


@dataclass(frozen=True)
class Header:
    """``sort_href`` makes the header a link; ``sorted`` is "", "ascending" or "descending"."""

    label: str
    numeric: bool = False
    sort_href: str = ""
    sorted: str = ""


@dataclass(frozen=True)
class Cell:
    """``note`` is the grey line below; ``problem`` the red one, which also marks the cell; ``tone`` makes it a tag; ``lang`` says the
    language of a text that stands as it was written, whatever the page is read in."""

    text: str
    note: str = ""
    href: str = ""
    numeric: bool = False
    tone: str = ""
    problem: str = ""
    lang: str = ""


@dataclass(frozen=True)
class Row:
    """``group`` makes it a heading row of the table; ``action`` is (label, href) of the one button at its end."""

    cells: Sequence[Cell]
    group: bool = False
    action: tuple[str, str] | None = None


@dataclass(frozen=True)
class Empty:
    """What to say when there is nothing: what would be here, and what to do first."""

    title: str
    hint: str = ""
    action: str = ""
    href: str = ""


@dataclass(frozen=True)
class LabelledCell:
    label: str
    cell: Cell


@dataclass(frozen=True)
class Entry:
    """A row ready to be drawn; the first cell of a heading row spans the columns it has no cells for."""

    row: Row
    cells: list[LabelledCell]
    span: int


@dataclass(frozen=True)
class Table:
    """``caption`` is read out, not shown (the card's heading shows it)."""

    headers: Sequence[Header]
    rows: Sequence[Row]
    empty: Empty
    caption: str = ""

    @property
    def has_actions(self) -> bool:
        return any(row.action for row in self.rows)

    @property
    def entries(self) -> list[Entry]:
        """Rows with each cell beside its header's words, for screens on which rows become blocks."""
        return [self._entry(row) for row in self.rows]

    def _entry(self, row: Row) -> Entry:
        labels = [header.label for header in self.headers]
        cells = [LabelledCell("" if row.group else label, cell) for label, cell in zip(labels, row.cells, strict=False)]
        return Entry(row, cells, span=len(self.headers) - len(cells) + 1 if row.group else 1)


@dataclass(frozen=True)
class Pages:
    """Where one is in a long list; empty hrefs at the ends. ``number`` and ``first`` count from 1.

    ``more``: there are more than ``total`` rows, and nobody counted further; ``exact_href`` has them counted.
    ``deepest``: the list goes on, but is not turned further.
    """

    number: int
    last: int
    total: int
    first: int
    until: int
    previous_href: str = ""
    next_href: str = ""
    more: bool = False
    exact_href: str = ""
    deepest: bool = False


@dataclass(frozen=True)
class Step:
    label: str
    state: str = ""  # "done", "now" or "" for what is still ahead


@dataclass(frozen=True)
class Closed:
    """A number whose rows the reader may not see: what is shown instead, why, whose rows they are, how to ask."""

    shown: str
    why: str
    whose: str = ""
    ask: str = ""
    facts: Sequence[str] = field(default=())


def much(told: Much) -> str:
    """A count in the little room of a tab; one that stopped says so."""
    return _("%(count)s 以上") % {"count": told.count} if told.more else str(told.count)


def steps(labels: Sequence[str], now: int) -> list[Step]:
    """The steps of a wizard with number ``now`` (from 1) being done."""
    return [
        Step(label, "done" if place < now else "now" if place == now else "")
        for place, label in enumerate(labels, start=1)
    ]


def pages(
    number: int, per_page: int, total: int, href: str, *, more: bool = False, deepest: bool = False, exact_href: str = ""
) -> Pages:
    """``href`` ends where the page number goes (``?…&page=``). ``more``: the list goes on behind ``total`` rows; ``deepest``: and is
    not turned further."""
    last = max(-(-total // per_page), 1)
    number = min(max(number, 1), last)
    return Pages(
        number=number,
        last=last,
        total=total,
        first=min((number - 1) * per_page + 1, total),
        until=min(number * per_page, total),
        previous_href=f"{href}{number - 1}" if number > 1 else "",
        next_href=f"{href}{number + 1}" if not deepest and (more or number < last) else "",
        more=more,
        exact_href=exact_href if more else "",
        deepest=deepest,
    )
