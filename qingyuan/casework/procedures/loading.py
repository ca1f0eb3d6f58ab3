"""Procedures read from ``tables/*.yaml``: plain data in, a procedure out, or everything that cannot be read.

A table that cannot be followed to its end is not taken: ``BadProcedure`` names the table and what is wrong in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Final

import yaml

from qingyuan.casework.procedures.checking import problems_of
from qingyuan.casework.procedures.declaration import (
    BadProcedure,
    Field,
    FieldKind,
    Party,
    Procedure,
    Side,
    State,
    Step,
    UnknownProcedure,
    Who,
)
from qingyuan.organisation.enums import Action, Role

_KEYS: Final = frozenset("title title_en about source parties conditions days states steps".split())
_PARTY_KEYS: Final = frozenset("side label policy".split())
_STATE_KEYS: Final = frozenset("code label waits end".split())
_STEP_KEYS: Final = frozenset(
    "code label from to who needs other_person other_unit when unless sets paper note grave main".split()
)
_WHO_KEYS: Final = frozenset("side action roles".split())
_FIELD_KEYS: Final = frozenset("name label kind required most help future".split())
_MOST: Final = {FieldKind.TEXT: 120, FieldKind.LONG: 2000, FieldKind.DAY: 10, FieldKind.FILES: 6}


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


def read_procedure(code: str, text: str) -> Procedure:
    """The procedure of a table. Raises BadProcedure with everything that is wrong in it."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise BadProcedure(f"流程 {code}:不是 YAML:{error}") from error
    reader = _Reader(code)
    found = reader.procedure(data)
    problems = reader.problems or problems_of(found)
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
