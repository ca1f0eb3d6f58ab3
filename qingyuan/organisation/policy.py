"""The policy table: one line of ``policy.csv`` is one rule. ``scope.py`` is its only reader for a decision.

A role that has no line for a compartment sees no row of it, by no route. Figures (counts) come from the observatory and
are closed when small; they never pass through here.

The table is a file and not code so that the security officer can lay two versions side by side: every line stands by
itself, says why it is there and on what it rests, and a review keeps the file as it was (``PolicyReview``).
Source: house.md «who reads rows by name»; mission lines 1, 4, 5, 6.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Final

from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.enums import Action, Look, Role, Rows, Side

COLUMNS: Final = (
    "compartment",
    "role",
    "ledgers",
    "except",
    "rows",
    "actions",
    "clear",
    "looks",
    "emergency",
    "states",
    "reason",
    "source",
)
EVERY: Final = "*"
#: What is no ledger of a room: who may do what, who did what. «Every ledger» never means these; they are named or closed.
ADMINISTRATION: Final = frozenset({"audit", "accounts", "policy", "emergency", "retention"})
#: Compartments that an emergency look never opens, for nobody (mission line 1): not even its own people's rows.
NEVER_WIDENED: Final = frozenset(
    {Compartment.HELP, Compartment.TREATMENT, Compartment.REPORTER, Compartment.DISCIPLINE}
)


class BadPolicy(ValueError):
    """The table cannot be taken as it is; the message names the line and what is wrong with it."""


@dataclass(frozen=True)
class Rule:
    """``ledgers`` empty = every ledger of the compartment but those in ``but``; ``clear`` = names unmasked (ID numbers and
    telephones never are); ``looks`` = what may be shown in full one at a time, logged; ``emergency`` = an emergency look
    may add a row to those this rule reaches; ``states`` = an action named there holds only while the row is in one of them.
    """

    role: Role
    compartment: Compartment
    rows: Rows
    actions: frozenset[Action]
    clear: bool = False
    ledgers: frozenset[str] = frozenset()
    but: frozenset[str] = frozenset()
    looks: frozenset[Look] = frozenset()
    emergency: bool = False
    states: Mapping[Action, frozenset[str]] = field(default_factory=dict, hash=False)
    reason: str = ""
    source: str = ""

    def reaches(self, ledger: str) -> bool:
        """Whether the rule is about ``ledger`` (its code; empty = the compartment at large)."""
        if self.ledgers:
            return ledger in self.ledgers
        return ledger not in self.but and ledger not in ADMINISTRATION

    def holds_in(self, action: Action, state: str) -> bool:
        """Whether ``action`` is granted on a row in ``state``; an empty state asks about none in particular."""
        return not state or action not in self.states or state in self.states[action]


def read(text: str) -> tuple[Rule, ...]:
    """The rules of a table. Raises BadPolicy."""
    reader = csv.reader(text.lstrip("\ufeff").splitlines(), strict=True)
    lines = [line for line in reader if line]
    if not lines or tuple(lines[0]) != COLUMNS:
        raise BadPolicy("权限总表的表头应为:" + ",".join(COLUMNS))
    rules = []
    for number, cells in enumerate(lines[1:], start=2):
        if len(cells) != len(COLUMNS):
            raise BadPolicy(f"权限总表第 {number} 行有 {len(cells)} 格,应有 {len(COLUMNS)} 格")
        try:
            rules.append(_rule(dict(zip(COLUMNS, (cell.strip() for cell in cells), strict=True))))
        except (ValueError, KeyError) as error:
            raise BadPolicy(f"权限总表第 {number} 行:{error}") from None
    return tuple(rules)


def _rule(cells: dict[str, str]) -> Rule:
    rule = Rule(
        role=Role(cells["role"]),
        compartment=Compartment(cells["compartment"]),
        rows=Rows(cells["rows"]),
        actions=frozenset(Action(one) for one in _several(cells["actions"])),
        clear=_told(cells["clear"], "names"),
        ledgers=frozenset() if cells["ledgers"] == EVERY else frozenset(_several(cells["ledgers"])),
        but=frozenset(_several(cells["except"])),
        looks=frozenset(Look(one) for one in _several(cells["looks"])),
        emergency=_told(cells["emergency"], "yes"),
        states=_states(cells["states"]),
        reason=cells["reason"],
        source=cells["source"],
    )
    for wrong, what in (
        (not rule.ledgers and cells["ledgers"] != EVERY, "ledgers 要写台账代码或 *"),
        (bool(rule.ledgers and rule.but), "写明了台账就不再写 except"),
        (not rule.actions, "actions 不能空"),
        (rule.emergency and rule.compartment in NEVER_WIDENED, "这个数据分区永远不能紧急查阅"),
        (bool(rule.looks) and not rule.clear, "姓名都遮盖的人不能显示全号"),
        (not rule.reason or not rule.source, "要写明理由和依据"),
    ):
        if wrong:
            raise ValueError(what)
    return rule


def _several(cell: str) -> Sequence[str]:
    return [one for one in cell.split("|") if one]


def _told(cell: str, word: str) -> bool:
    if cell not in ("", word):
        raise ValueError(f"“{cell}”应为空或 {word}")
    return bool(cell)


def _states(cell: str) -> dict[Action, frozenset[str]]:
    """``change=draft+sent_back|approve=submitted``."""
    found = {}
    for one in _several(cell):
        action, _equals, states = one.partition("=")
        found[Action(action)] = frozenset(states.split("+"))
    return found


def written() -> str:
    """The table as it stands, to be kept with a review or laid beside another."""
    return resources.files("qingyuan.organisation").joinpath("policy.csv").read_text(encoding="utf-8")


def digest(text: str) -> str:
    """SHA-256 of a table in hex: what a review is signed over."""
    return hashlib.sha256(text.encode()).hexdigest()


POLICY: Final[tuple[Rule, ...]] = read(written())

# Roles on both sides of a wall exclude each other; a grant that would join them is refused (mission.md line 1).
SIDE: dict[Role, Side] = {
    Role.CASEWORKER: Side.HELP,
    Role.TOWN_SUPERVISOR: Side.HELP,
    Role.TOWN_LEADER: Side.NEUTRAL,
    Role.COMMISSION_CLERK: Side.ENFORCEMENT,
    Role.COMMISSION_LEADER: Side.ENFORCEMENT,
    Role.UNIT_LIAISON: Side.NEUTRAL,
    Role.POLICE_OFFICER: Side.ENFORCEMENT,
    Role.PROSECUTOR: Side.ENFORCEMENT,
    Role.COURT_CLERK: Side.ENFORCEMENT,
    Role.DOCTOR: Side.TREATMENT,
    Role.AUDITOR: Side.NEUTRAL,
    Role.SECURITY_OFFICER: Side.NEUTRAL,
}

#: Roles whose work somebody else may do while they are away. Who keeps the keys or inspects is not replaced by a line of leave,
#: nor is a doctor: nobody stands in behind the inner walls.
SUBSTITUTED: Final[frozenset[Role]] = frozenset(Role) - {Role.AUDITOR, Role.SECURITY_OFFICER, Role.DOCTOR}
#: What a substitute never does for somebody: to sign and to approve is one's own.
NOT_SUBSTITUTED: Final[frozenset[Action]] = frozenset({Action.APPROVE})

# Roles that prove themselves twice before anything opens: who keeps the keys, who reads people by name on the side of the
# law or the clinic, who sees the whole city. Towns may; in a village without signal nobody is shut out for a lost phone.
SECOND_FACTOR: frozenset[Role] = frozenset(
    {
        Role.SECURITY_OFFICER,
        Role.AUDITOR,
        Role.COMMISSION_CLERK,
        Role.COMMISSION_LEADER,
        Role.POLICE_OFFICER,
        Role.PROSECUTOR,
        Role.COURT_CLERK,
        Role.DOCTOR,
    }
)


def needs_second_factor(roles: frozenset[Role]) -> bool:
    """Whether an account that holds ``roles`` must prove itself by something besides its password."""
    return not roles.isdisjoint(SECOND_FACTOR)


def joins_a_wall(roles: frozenset[Role], *, unit_side: Side = Side.NEUTRAL) -> bool:
    """True when ``roles`` of an account in a unit of ``unit_side`` would stand on two sides of a wall at once."""
    sides = ({SIDE[role] for role in roles} | {unit_side}) - {Side.NEUTRAL}
    return len(sides) > 1


@dataclass(frozen=True)
class Difference:
    """One line that one of two tables has and the other has not, or that has other cells in it."""

    before: Mapping[str, str] | None
    after: Mapping[str, str] | None

    @property
    def changed(self) -> frozenset[str]:
        """The columns that differ; of a line that came or went all of them."""
        if self.before is None or self.after is None:
            return frozenset(COLUMNS)
        return frozenset(name for name in COLUMNS if self.before[name] != self.after[name])


def lines(text: str) -> list[dict[str, str]]:
    """The table as cells, line by line, whatever they hold."""
    return [
        {name: cells.get(name) or "" for name in COLUMNS}
        for cells in csv.DictReader(text.lstrip("\ufeff").splitlines())
    ]


def differences(before: str, after: str) -> list[Difference]:
    """How two tables differ. Lines that say the same are left out; of the rest, those about the same role, compartment and
    ledgers are laid beside each other, so that a changed cell is seen as a change and not as a loss and a gain."""
    old, new = lines(before), lines(after)
    gone = [line for line in old if line not in new]
    come = [line for line in new if line not in old]
    found = []
    for line in gone:
        twin = next((other for other in come if _about(other) == _about(line)), None)
        if twin is None:
            twin = next((other for other in come if _nearly(other) == _nearly(line)), None)
        if twin is not None:
            come.remove(twin)
        found.append(Difference(line, twin))
    return found + [Difference(None, line) for line in come]


def _about(line: Mapping[str, str]) -> tuple[str, ...]:
    return line["compartment"], line["role"], line["ledgers"], line["rows"]


def _nearly(line: Mapping[str, str]) -> tuple[str, ...]:
    return line["compartment"], line["role"], line["rows"], line["reason"]
