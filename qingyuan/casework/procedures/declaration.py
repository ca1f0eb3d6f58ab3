"""A procedure as it is declared: its states, its steps and what each step asks for; as values; ``loading`` reads them from
``tables/*.yaml``, ``checking`` says what keeps one from being followed to its end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.enums import Action, Role, Rows
from qingyuan.organisation.scope import roles_with

TODAY: Final = "today"
"""What sets a day of the case where it is not a field that a person fills in."""


class BadProcedure(ValueError):
    """The table cannot be taken; the message says which and why."""


class UnknownProcedure(LookupError):
    """No procedure has this code; the message names those there are."""


class Side(StrEnum):
    """On which side of a case somebody stands: who began it, whom it is for, who judges what was done, who stands above."""

    ISSUER = "issuer"
    RECEIVER = "receiver"
    CHECKER = "checker"
    SUPERIOR = "superior"


class FieldKind(StrEnum):
    TEXT = "text"  # one line
    LONG = "long"  # several lines
    DAY = "day"
    FILES = "files"


@dataclass(frozen=True)
class Field:
    """What a person fills in to take a step. ``most``: characters of a text, number of files. ``future``: a day after today."""

    name: str
    label: str
    kind: FieldKind
    required: bool
    most: int
    help: str = ""
    future: bool = False


@dataclass(frozen=True)
class Party:
    """A side as this procedure calls it, and the subject of the policy table that says who acts for it."""

    side: Side
    label: str
    policy: str


@dataclass(frozen=True)
class Who:
    """One way to have the right to a step: an action of the policy table on one side; ``roles`` narrow it further."""

    side: Side
    action: Action
    roles: frozenset[Role] = frozenset()


@dataclass(frozen=True)
class State:
    """``waits``: whose turn it is; None where nobody's is (the end)."""

    code: str
    label: str
    waits: Side | None = None
    end: bool = False


@dataclass(frozen=True)
class Step:
    """One step. ``froms`` empty: it begins the case. ``to`` empty: the state stays. ``other_person``, ``other_unit``: whoever
    took one of these steps last, in person or by unit, does not take this one. ``when``, ``unless``: conditions of the case.
    ``sets``: day of the case → the field it comes from, or "today". ``paper``: the kind of paper that goes out with it.
    ``main``: the step that takes the case on, the one button of its page; ``grave``: asks once more.
    """

    code: str
    label: str
    froms: tuple[str, ...]
    to: str
    who: tuple[Who, ...]
    needs: tuple[Field, ...] = ()
    other_person: tuple[str, ...] = ()
    other_unit: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    sets: tuple[tuple[str, str], ...] = ()
    paper: str = ""
    note: str = ""
    grave: bool = False
    main: bool = False

    def after(self, state: str) -> str:
        """The state after the step was taken in ``state``."""
        return self.to or state

    def field(self, name: str) -> Field | None:
        return next((one for one in self.needs if one.name == name), None)


@dataclass(frozen=True)
class Procedure:
    code: str
    title: str
    title_en: str
    about: str
    source: str
    parties: tuple[Party, ...]
    conditions: Mapping[str, str]
    days: Mapping[str, str]
    states: tuple[State, ...]
    steps: tuple[Step, ...]

    @property
    def beginning(self) -> Step:
        return next(step for step in self.steps if not step.froms)

    @property
    def start(self) -> str:
        """The state a case begins in."""
        return self.beginning.to

    def state(self, code: str) -> State:
        """The state called ``code``; KeyError when there is none."""
        for state in self.states:
            if state.code == code:
                return state
        raise KeyError(f"{self.code}: no state {code}")

    def step(self, code: str) -> Step:
        """The step called ``code``; KeyError when there is none."""
        for step in self.steps:
            if step.code == code:
                return step
        raise KeyError(f"{self.code}: no step {code}")

    def party(self, side: Side) -> Party:
        return next(party for party in self.parties if party.side == side)

    def steps_from(self, state: str) -> tuple[Step, ...]:
        """The steps of this state, in the order of the table."""
        return tuple(step for step in self.steps if state in step.froms)

    @property
    def open_states(self) -> tuple[str, ...]:
        return tuple(state.code for state in self.states if not state.end)

    def takers(self, step: Step) -> frozenset[Role]:
        """The roles that the policy table lets take a step for their unit."""
        found: set[Role] = set()
        for who in step.who:
            policy = self.party(who.side).policy
            roles = roles_with(who.action, policy, compartment=Compartment.INTERNAL, rows=Rows.UNIT)
            found |= roles & who.roles if who.roles else roles
        return frozenset(found)
