"""Every source of to-dos, in one list, and what is asked of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from qingyuan.journeys.todo import (
    asked,
    assessments,
    campaigns,
    clocks,
    closing,
    data_requests,
    dues,
    emergency,
    escalated,
    files,
    gates,
    handovers,
    helping,
    imports,
    inspections,
    instructions,
    letters,
    month,
    needs,
    orders,
    own_requests,
    papers,
    plans,
    policy_review,
    prevention,
    questions,
    releases,
    returns,
    rewards,
    serving,
    tasks,
)
from qingyuan.journeys.todo.job import Job, in_turn
from qingyuan.journeys.todo.tally import Part, kept, total
from qingyuan.organisation.actor import Actor

Jobs = Callable[[Actor, date], list[Job]]
Pressing = Callable[[Actor, date], Iterable[Part]]


def nothing_presses(actor: Actor, on: date) -> Iterable[Part]:
    """Of a source whose jobs have no deadline."""
    return ()


@dataclass(frozen=True)
class Source:
    """``kind`` names it in filters, in ``reference/data/todo_kinds.csv`` and in exports.

    ``lasting``: the words of what ``pressing`` asks hang on nothing but who asks, on which day and on which emergency looks, so
    that they need not be put together for every page (``tally.kept``).
    """

    kind: str
    jobs: Jobs
    pressing: Pressing = nothing_presses
    lasting: bool = False

    def asks(self, actor: Actor, on: date) -> Iterable[Part]:
        return kept(self.pressing, actor, on) if self.lasting else self.pressing(actor, on)


SOURCES: tuple[Source, ...] = (
    Source("dues", dues.jobs, dues.pressing, lasting=True),
    Source("clocks", clocks.jobs, clocks.pressing, lasting=True),
    Source("releases", releases.jobs, releases.pressing, lasting=True),
    Source("returns", returns.jobs, returns.pressing),
    Source("instructions", instructions.jobs, instructions.pressing, lasting=True),
    Source("unit_tasks", tasks.jobs, tasks.pressing, lasting=True),
    Source("needs", needs.jobs, needs.pressing),
    Source("orders", orders.jobs, orders.pressing),
    Source("inspections", inspections.jobs, inspections.pressing),
    Source("assessments", assessments.jobs, assessments.pressing),
    Source("rewards", rewards.jobs, rewards.pressing, lasting=True),
    Source("questions", questions.jobs, questions.pressing, lasting=True),
    Source("closing", closing.jobs, closing.pressing),
    Source("files", files.jobs, files.pressing),
    Source("prevention", prevention.jobs, prevention.pressing, lasting=True),
    Source("paper_receipts", papers.jobs, papers.pressing, lasting=True),
    Source("asked", asked.jobs, asked.pressing, lasting=True),
    Source("served_papers", serving.jobs, serving.pressing, lasting=True),
    Source("data_requests", data_requests.jobs, data_requests.pressing, lasting=True),
    Source("emergency", emergency.jobs, emergency.pressing),
    Source("campaigns", campaigns.jobs, campaigns.pressing),
    Source("support_reviews", helping.reviews, helping.reviews_pressing),
    Source("care_plans", plans.jobs, plans.pressing),
    Source("handovers", handovers.jobs, handovers.pressing),
    Source("policy_review", policy_review.jobs, policy_review.pressing),
    Source("escalated", escalated.jobs, escalated.pressing),
    Source("clock_counters", clocks.full_counters),
    Source("referrals", helping.referrals),
    Source("own_requests", own_requests.jobs),
    Source("gates", gates.jobs),
    Source("imports", imports.jobs),
    Source("letters", letters.jobs),
    Source("target_bids", needs.bids),
    Source("month", month.jobs),
    Source("papers", papers.to_move),
)


def mine(actor: Actor, on: date) -> list[Job]:
    """What ``actor`` can do something about, in the order in which it is done."""
    found = (replace(job, kind=source.kind) for source in SOURCES for job in source.jobs(actor, on))
    return in_turn((escalated.marked(job, on) for job in found), on)


def pressing(actor: Actor, on: date) -> int:
    """How many of ``mine`` are overdue or due today, without making any of them."""
    return total(part for source in SOURCES for part in source.asks(actor, on))
