"""What a command prints: a readable table, JSON, a progress bar, or why it refused."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

out = Console()
err = Console(stderr=True)


class Refused(Exception):
    """The command does not do it; the message says why and what to do. Exit code 1."""

    code = 1


class Misread(Refused):
    """What was handed in cannot be read as what it should be; the message names the place. Exit code 2."""

    code = 2


def complain(message: str) -> None:
    err.print(message, style="red", markup=False)


def say(message: str) -> None:
    out.print(message, markup=False, highlight=False)


def as_json(value: Any) -> None:
    """Print ``value`` as JSON to standard output, nothing else."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n")


def table(headers: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str = "", numeric: Sequence[int] = ()) -> None:
    """Print a table; ``numeric`` are the column positions aligned to the right."""
    shown = Table(title=title or None, header_style="dim", box=None, pad_edge=False)
    for position, header in enumerate(headers):
        shown.add_column(header, justify="right" if position in numeric else "left")
    for row in rows:
        shown.add_row(*("" if cell is None else str(cell) for cell in row))
    out.print(shown)


def progress() -> Progress:
    """A progress bar on standard error, so that ``--json`` stays clean."""
    return Progress(
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn(), console=err
    )
