"""What a clock answers: the day, the state on a day, and every reason with its article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from qingyuan.reference.clocks import sentences
from qingyuan.reference.clocks.declaration import Clock
from qingyuan.reference.clocks.terms import Term
from qingyuan.reference.statutes import describe


class State(StrEnum):
    """Where a clock stands on the day one asks."""

    NOT_STARTED = "not_started"
    UNDECIDED = "undecided"  # the law knows several lengths and nobody has said which case this is
    RUNNING = "running"
    DUE_TODAY = "due_today"
    SUSPENDED = "suspended"
    OVERDUE = "overdue"
    ENDED = "ended"  # a term or a duty to keep has run out
    DONE = "done"
    DONE_LATE = "done_late"
    STOPPED = "stopped"
    PROMPT = "prompt"  # 及时: the law gives no number
    RULE = "rule"


STATE_ZH = {
    State.NOT_STARTED: "尚未起算",
    State.UNDECIDED: "有几种读法,等待确认",
    State.RUNNING: "期限内",
    State.DUE_TODAY: "今天届满",
    State.SUSPENDED: "中止",
    State.OVERDUE: "已超过期限",
    State.ENDED: "期限届满",
    State.DONE: "已办",
    State.DONE_LATE: "逾期办理",
    State.STOPPED: "终止",
    State.PROMPT: "法律只写“及时”,没有数字",
    State.RULE: "计算规则",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of the reckoning: a pattern and what stands in it. ``articles`` are keys as in the declarations."""

    pattern: str
    articles: str = ""
    params: Mapping[str, Any] | None = field(default=None, hash=False)

    @property
    def text(self) -> str:
        """In Chinese, as it is filed."""
        return sentences.written(self.pattern, self.params)

    @property
    def said(self) -> str:
        """In the language of the page."""
        return sentences.spoken(self.pattern, self.params)

    def __str__(self) -> str:
        return f"{self.text}({describe(self.articles)})" if self.articles else self.text


@dataclass(frozen=True)
class Reading:
    """One of several lengths the law knows; shown side by side until someone says which case this is."""

    option: str
    zh: str
    last_day: date | None
    articles: str


@dataclass(frozen=True)
class Answer:
    """The answer of one clock on one day.

    ``last_day`` is the last day in time, after any roll-over; ``moment`` stands beside it for a clock by the hour.
    ``latest`` is the outermost day a local text allows for good cause: nothing may be concluded before it.
    ``opens_on`` is the first day of a window (or, looking back, the first day that counts). ``confirmed`` is False as
    soon as one step rests on a value that no text gives or that is marked unconfirmed; ``certain`` is False where a
    year's holiday arrangement is not on file. ``ended_on`` is the day it was done or stopped; ``pauses`` are the uncounted days
    ``[first, until)``, ``until`` None while nobody has resumed.
    """

    clock: Clock
    pack: str
    on: date
    state: State
    started_on: date | None = None
    nominal: date | None = None
    last_day: date | None = None
    moment: datetime | None = None
    latest: date | None = None
    opens_on: date | None = None
    days_left: int | None = None
    days_used: int | None = None
    confirmed: bool = True
    certain: bool = True
    terms: tuple[Term, ...] = ()
    reasons: tuple[Reason, ...] = ()
    notes: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    extended: int = 0
    restarted: int = 0
    remaining_extensions: tuple[str, ...] = ()
    ended_on: date | None = None
    pauses: tuple[tuple[date, date | None], ...] = ()

    @property
    def day(self) -> date:
        """The last day, of a clock that surely has one.

        Raises:
            ValueError: it has none (suspended, undecided, not started).
        """
        if self.last_day is None:
            raise ValueError(f"“{self.clock.name}”现在没有届满日:{STATE_ZH[self.state]}。")
        return self.last_day

    @property
    def basis(self) -> str:
        """The articles as people read them."""
        return describe(self.clock.articles)

    @property
    def rolled(self) -> bool:
        return self.nominal is not None and self.last_day is not None and self.last_day != self.nominal

    @property
    def over(self) -> bool:
        """Whether the time is over and nothing was done: a fact to look into, never a finding about a person."""
        return self.state in (State.OVERDUE, State.ENDED)

    def as_json(self) -> dict[str, Any]:
        """Plain values for programs; every day as ISO text."""
        opens = self.clock.opens
        return {
            "code": self.clock.code,
            "name": self.clock.name,
            "kind": str(self.clock.kind),
            "trigger": self.clock.trigger,
            "act": self.clock.act,
            "who": self.clock.who,
            "pack": self.pack,
            "on": self.on.isoformat(),
            "state": str(self.state),
            "state_zh": STATE_ZH[self.state],
            "started_on": _iso(self.started_on),
            "nominal_last_day": _iso(self.nominal),
            "last_day": _iso(self.last_day),
            "last_moment": self.moment.isoformat(timespec="minutes") if self.moment else None,
            "latest": _iso(self.latest),
            "opens_on": _iso(self.opens_on),
            "terms": [str(term) for term in self.terms],
            "rolled": self.rolled,
            "days_left": self.days_left,
            "days_used": self.days_used,
            "extended": self.extended,
            "restarted": self.restarted,
            "may_still_be_extended": list(self.remaining_extensions),
            "confirmed": self.confirmed,
            "certain": self.certain,
            "articles": self.clock.articles,
            "basis": self.basis,
            "consequence": self.clock.consequence,
            "opens": {"decision": opens.decision, "by": opens.by, "checklist": list(opens.checklist)}
            if opens and self.over
            else None,
            "readings": [
                {"option": one.option, "zh": one.zh, "last_day": _iso(one.last_day), "articles": one.articles}
                for one in self.readings
            ],
            "reasons": [
                {"text": one.text, "articles": one.articles, "basis": describe(one.articles)} for one in self.reasons
            ],
            "notes": list(self.notes),
        }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
