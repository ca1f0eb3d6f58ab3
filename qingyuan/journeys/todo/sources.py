"""Every source of to-dos, in one list, and what is asked of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from qingyuan.journeys.todo import (
    asked,
    clocks,
    closing,
    dues,
    emergency,
    escalated,
    files,
    handovers,
    imports,
    instructions,
    letters,
    month,
    orders,
    papers,
    policy_review,
    prevention,
    returns,
    serving,
    tasks,
)
from qingyuan.journeys.todo.job import Job, by_deadline
from qingyuan.journeys.todo.tally import Tally, total
from qingyuan.organisation.actor import Actor

Jobs = Callable[[Actor, date], list[Job]]
Pressing = Callable[[Actor, date], Iterable[Tally | int]]


def nothing_presses(actor: Actor, on: date) -> Iterable[Tally | int]:
    """Of a source whose jobs have no deadline."""
    return ()


@dataclass(frozen=True)
class Source:
    """``kind`` names it in filters, in ``reference/data/todo_kinds.csv`` and in exports."""

    kind: str
    jobs: Jobs
    pressing: Pressing = nothing_presses


SOURCES: tuple[Source, ...] = (
    Source("dues", dues.jobs, dues.pressing),
    Source("clocks", clocks.jobs, clocks.pressing),
    Source("returns", returns.jobs, returns.pressing),
    Source("instructions", instructions.jobs, instructions.pressing),
    Source("unit_tasks", tasks.jobs, tasks.pressing),
    Source("orders", orders.jobs, orders.pressing),
    Source("closing", closing.jobs, closing.pressing),
    Source("files", files.jobs, files.pressing),
    Source("prevention", prevention.jobs, prevention.pressing),
    Source("paper_receipts", papers.jobs, papers.pressing),
    Source("served_papers", serving.jobs, serving.pressing),
    Source("asked", asked.jobs, asked.pressing),
    Source("emergency", emergency.jobs, emergency.pressing),
    Source("handovers", handovers.jobs, handovers.pressing),
    Source("policy_review", policy_review.jobs, policy_review.pressing),
    Source("escalated", escalated.jobs, escalated.pressing),
    Source("clock_counters", clocks.full_counters),
    Source("imports", imports.jobs),
    Source("letters", letters.jobs),
    Source("month", month.jobs),
    Source("papers", papers.to_move),
)


def mine(actor: Actor, on: date) -> list[Job]:
    """What ``actor`` can do something about, the earliest deadline first."""
    found = (replace(job, kind=source.kind) for source in SOURCES for job in source.jobs(actor, on))
    return by_deadline(escalated.marked(job, on) for job in found)


def pressing(actor: Actor, on: date) -> int:
    """How many of ``mine`` are overdue or due today, without making any of them."""
    return total(part for source in SOURCES for part in source.pressing(actor, on))
