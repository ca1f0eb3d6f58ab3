"""A procedure as it is declared: its states, its steps and what each step asks for; read from ``tables/*.yaml``.

A table that cannot be followed to its end is not taken: ``BadProcedure`` names the table and what is wrong in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any, Final

import yaml

from qingyuan.casework.enums import PaperKind
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


def get_procedure(code: str) -> Procedure:
    """The declared procedure called ``code``. Raises UnknownProcedure, BadProcedure."""
    found = all_procedures().get(code.strip())
    if found is None:
        known = "、".join(f"{one.code}({one.title})" for one in all_procedures().values())
        raise UnknownProcedure(f"没有代码为“{code}”的流程。现有:{known}。")
    return found


@cache
def all_procedures() -> Mapping[str, Procedure]:
    """Every declared procedure by its code, which is the name of its file. Raises BadProcedure."""
    folder = resources.files("qingyuan.casework.procedures").joinpath("tables")
    found: dict[str, Procedure] = {}
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".yaml"):
            code = file.name.removesuffix(".yaml")
            found[code] = read_procedure(code, file.read_text(encoding="utf-8"))
    return found


# --- reading ------------------------------------------------------------------------------------------------------------
_KEYS: Final = frozenset("title title_en about source parties conditions days states steps".split())
_PARTY_KEYS: Final = frozenset("side label policy".split())
_STATE_KEYS: Final = frozenset("code label waits end".split())
_STEP_KEYS: Final = frozenset(
    "code label from to who needs other_person other_unit when unless sets paper note grave main".split()
)
_WHO_KEYS: Final = frozenset("side action roles".split())
_FIELD_KEYS: Final = frozenset("name label kind required most help future".split())
_MOST: Final = {FieldKind.TEXT: 120, FieldKind.LONG: 2000, FieldKind.DAY: 10, FieldKind.FILES: 6}


def read_procedure(code: str, text: str) -> Procedure:
    """The procedure of a table. Raises BadProcedure with everything that is wrong in it."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise BadProcedure(f"流程 {code}:不是 YAML:{error}") from error
    reader = _Reader(code)
    found = reader.procedure(data)
    problems = reader.problems or _problems(found)
    if problems:
        raise BadProcedure(f"流程 {code}:" + ";".join(problems))
    return found


class _Reader:
    """Turns plain data into a procedure and gathers what cannot be read."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.problems: list[str] = []

    def procedure(self, data: Any) -> Procedure:
        top = self._mapping(data, "表", _KEYS)
        return Procedure(
            code=self.code,
            title=self._text(top, "title", "表"),
            title_en=self._text(top, "title_en", "表"),
            about=self._text(top, "about", "表"),
            source=self._text(top, "source", "表"),
            parties=tuple(self._party(one) for one in self._list(top.get("parties"), "parties")),
            conditions=self._words(top.get("conditions"), "conditions"),
            days=self._words(top.get("days"), "days"),
            states=tuple(self._state(one) for one in self._list(top.get("states"), "states")),
            steps=tuple(self._step(one) for one in self._list(top.get("steps"), "steps")),
        )

    def _party(self, data: Any) -> Party:
        one = self._mapping(data, "parties", _PARTY_KEYS)
        where = f"一方 {one.get('side', '')}"
        side = self._one_of(Side, one.get("side"), f"{where} 的 side") or Side.ISSUER
        return Party(side, self._text(one, "label", where), self._text(one, "policy", where))

    def _state(self, data: Any) -> State:
        one = self._mapping(data, "states", _STATE_KEYS)
        where = f"状态 {one.get('code', '')}"
        waits = self._one_of(Side, one["waits"], f"{where} 的 waits") if "waits" in one else None
        return State(
            self._text(one, "code", where), self._text(one, "label", where), waits, self._flag(one, "end", where)
        )

    def _step(self, data: Any) -> Step:
        one = self._mapping(data, "steps", _STEP_KEYS)
        where = f"步骤 {one.get('code', '')}"
        if not isinstance(one.get("from", ""), list):
            self.problems.append(f"{where} 的 from 要写成列表,开始的一步写 []")
        return Step(
            code=self._text(one, "code", where),
            label=self._text(one, "label", where),
            froms=self._texts(one, "from", where),
            to=str(one.get("to") or ""),
            who=tuple(self._who(who, where) for who in self._list(one.get("who"), f"{where} 的 who")),
            needs=tuple(self._field(field, where) for field in self._list(one.get("needs") or [], f"{where} 的 needs")),
            other_person=self._texts(one, "other_person", where),
            other_unit=self._texts(one, "other_unit", where),
            when=self._texts(one, "when", where),
            unless=self._texts(one, "unless", where),
            sets=tuple(self._words(one.get("sets") or {}, f"{where} 的 sets").items()),
            paper=str(one.get("paper") or ""),
            note=str(one.get("note") or ""),
            grave=self._flag(one, "grave", where),
            main=self._flag(one, "main", where),
        )

    def _who(self, data: Any, where: str) -> Who:
        one = self._mapping(data, f"{where} 的 who", _WHO_KEYS)
        side = self._one_of(Side, one.get("side"), f"{where} 的 who.side")
        action = self._one_of(Action, one.get("action"), f"{where} 的 who.action")
        roles = [self._one_of(Role, role, f"{where} 的 who.roles") for role in self._list(one.get("roles") or [], where)]
        return Who(side or Side.ISSUER, action or Action.READ, frozenset(role for role in roles if role is not None))

    def _field(self, data: Any, where: str) -> Field:
        one = self._mapping(data, f"{where} 的 needs", _FIELD_KEYS)
        here = f"{where} 的 {one.get('name', '')}"
        kind = self._one_of(FieldKind, one.get("kind"), f"{here} 的 kind") or FieldKind.TEXT
        most = one.get("most", _MOST[kind])
        if not isinstance(most, int) or most < 1:
            self.problems.append(f"{here} 的 most 应为正整数")
            most = 1
        return Field(
            name=self._text(one, "name", here),
            label=self._text(one, "label", here),
            kind=kind,
            required=self._flag(one, "required", here),
            most=most,
            help=str(one.get("help") or ""),
            future=self._flag(one, "future", here),
        )

    # plain values
    def _mapping(self, data: Any, where: str, known: frozenset[str]) -> dict[str, Any]:
        if not isinstance(data, dict):
            self.problems.append(f"{where} 应为“名称: 值”的表")
            return {}
        for key in data:
            if key not in known:
                self.problems.append(f"{where} 里不认识 {key}")
        return {str(key): value for key, value in data.items()}

    def _list(self, data: Any, where: str) -> list[Any]:
        if isinstance(data, list):
            return data
        self.problems.append(f"{where} 应为列表")
        return []

    def _words(self, data: Any, where: str) -> dict[str, str]:
        if data is None:
            return {}
        if isinstance(data, dict) and all(isinstance(text, str) and text for text in data.values()):
            return {str(key): text for key, text in data.items()}
        self.problems.append(f"{where} 应为“代码: 文字”的表")
        return {}

    def _text(self, data: dict[str, Any], key: str, where: str) -> str:
        value = data.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.problems.append(f"{where} 缺 {key}")
        return ""

    def _texts(self, data: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
        value = data.get(key) or []
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
        self.problems.append(f"{where} 的 {key} 应为代码的列表")
        return ()

    def _flag(self, data: dict[str, Any], key: str, where: str) -> bool:
        value = data.get(key, False)
        if not isinstance(value, bool):
            self.problems.append(f"{where} 的 {key} 应为 true 或 false")
        return bool(value)

    def _one_of(self, kinds: Any, value: Any, where: str) -> Any:
        try:
            return kinds(str(value))
        except ValueError:
            known = "、".join(kind.value for kind in kinds)
            self.problems.append(f"{where} 写的是“{value}”,应为 {known} 之一")
            return None


# --- what must hold ------------------------------------------------------------------------------------------------------
def _problems(found: Procedure) -> list[str]:
    """Everything that keeps the table from being followed to an end."""
    names = _twice("状态", [state.code for state in found.states]) + _twice("步骤", [step.code for step in found.steps])
    names += _twice("一方", [party.side for party in found.parties])
    if names:
        return names
    problems = [*_of_references(found), *_of_steps(found)]
    return problems or [*_of_roads(found), *_of_separation(found), *_of_rights(found)]


def _twice(what: str, codes: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    again = [code for code in codes if code in seen or seen.add(code)]  # type: ignore[func-returns-value]
    return [f"{what} {code} 写了两次" for code in dict.fromkeys(again)]


def _of_references(found: Procedure) -> list[str]:
    """Codes that name nothing."""
    states, steps = {state.code for state in found.states}, {step.code for step in found.steps}
    sides = {party.side for party in found.parties}
    problems: list[str] = []
    for step in found.steps:
        for code in (*step.froms, *([step.to] if step.to else [])):
            if code not in states:
                problems.append(f"步骤 {step.code} 写的状态 {code} 不存在")
        problems += [f"步骤 {step.code} 要避开的步骤 {code} 不存在" for code in (*step.other_person, *step.other_unit) if code not in steps]
        problems += [f"步骤 {step.code} 的条件 {one} 没有在 conditions 里说明" for one in (*step.when, *step.unless) if one not in found.conditions]
        problems += [f"步骤 {step.code} 的一方 {who.side} 没有在 parties 里说明" for who in step.who if who.side not in sides]
    for state in found.states:
        if state.waits is not None and state.waits not in sides:
            problems.append(f"状态 {state.code} 等的一方 {state.waits} 没有在 parties 里说明")
    return problems


def _of_steps(found: Procedure) -> list[str]:
    """What is wrong with a step by itself."""
    problems: list[str] = []
    beginnings = [step.code for step in found.steps if not step.froms]
    if len(beginnings) != 1:
        problems.append(f"开始的一步(from: [])要恰好一个,现在有 {len(beginnings)} 个")
    ends = {state.code for state in found.states if state.end}
    if not ends:
        problems.append("没有结束的状态(end: true)")
    for step in found.steps:
        if not step.who:
            problems.append(f"步骤 {step.code} 没有写谁来办")
        if not step.froms and not step.to:
            problems.append(f"步骤 {step.code} 是开始的一步,要写 to")
        if set(step.when) & set(step.unless):
            problems.append(f"步骤 {step.code} 的 when 和 unless 相同,永远办不了")
        problems += [f"状态 {code} 已经结束,不能再办 {step.code}" for code in step.froms if code in ends]
        problems += _twice(f"步骤 {step.code} 的字段", [field.name for field in step.needs])
        problems += _twice(f"步骤 {step.code} 的状态", step.froms)
        if step.paper and step.paper not in PaperKind.values:
            problems.append(f"步骤 {step.code} 的文种 {step.paper} 不存在")
        problems += _of_days(found, step)
    for state in found.states:
        labels = [step.label for step in found.steps_from(state.code)]
        problems += _twice(f"状态 {state.code} 里名称相同的步骤", labels)
        main = [who.side for step in found.steps_from(state.code) if step.main for who in {one.side: one for one in step.who}.values()]
        problems += _twice(f"状态 {state.code} 的主要步骤(main)里", main)
        if state.end and state.waits is not None:
            problems.append(f"状态 {state.code} 已经结束,不再等谁")
    return problems


def _of_days(found: Procedure, step: Step) -> list[str]:
    problems = []
    for day, origin in step.sets:
        if day not in found.days:
            problems.append(f"步骤 {step.code} 设定的日期 {day} 没有在 days 里说明")
        field = step.field(origin)
        if origin != TODAY and (field is None or field.kind is not FieldKind.DAY or not field.required):
            problems.append(f"步骤 {step.code} 的日期 {day} 要取自必填的日期字段或 today,不能取自 {origin}")
    return problems


def _of_roads(found: Procedure) -> list[str]:
    """States that are never reached, that nobody can leave, and from which no end is reached."""
    reached = _reached(found, [found.start])
    problems = [f"状态 {state.code} 走不到" for state in found.states if state.code not in reached]
    for state in found.states:
        if state.end:
            continue
        leaving = [step for step in found.steps_from(state.code) if step.after(state.code) != state.code]
        if not leaving:
            problems.append(f"状态 {state.code} 进得去出不来:没有离开它的步骤")
        elif not any(found.state(code).end for code in _reached(found, [state.code])):
            problems.append(f"从状态 {state.code} 走不到任何结束")
    return problems


def _reached(found: Procedure, begin: Sequence[str]) -> set[str]:
    seen, waiting = set(begin), list(begin)
    while waiting:
        state = waiting.pop()
        for step in found.steps_from(state):
            if step.after(state) not in seen:
                seen.add(step.after(state))
                waiting.append(step.after(state))
    return seen


def _of_separation(found: Procedure) -> list[str]:
    """A rule that keeps two steps apart says nothing when the first can never come before the second."""
    problems = []
    for step in found.steps:
        for code in (*step.other_person, *step.other_unit):
            first = found.step(code)
            led_to = [first.to] if first.to else list(first.froms)
            if code == step.code or not _reached(found, led_to) & set(step.froms):
                problems.append(f"步骤 {step.code} 要避开 {code} 的经办人,但 {code} 不会在它之前")
    return problems


def _of_rights(found: Procedure) -> list[str]:
    """Steps nobody may take by the policy table."""
    return [f"步骤 {step.code} 按权限总表没有角色能办" for step in found.steps if not found.takers(step)]
