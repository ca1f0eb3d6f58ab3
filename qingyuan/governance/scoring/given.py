"""Numbers somebody else wrote down for a scheme: read exactly, each doubtful one named by its clause and key.

Two forms. By key: {"indicator:R05": {"numerator": 203, "denominator": 214}, "manual:知晓率": 96.8}. Or whole, where numbers may
also stand by clause: {"on": "2022-12-31", "unit": {"kind": "town"}, "inputs": {…}, "clauses": {"2.3": {"missed": 11}}}.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from difflib import get_close_matches

from qingyuan.governance.scoring.clauses import by_hand_key, rule_of
from qingyuan.governance.scoring.given_numbers import Wanted, read_number
from qingyuan.governance.scoring.numbers import Number
from qingyuan.governance.scoring.problems import Problem, SchemeUnreadable
from qingyuan.governance.scoring.refs import parse_ref
from qingyuan.governance.scoring.scheme import Clause, Scheme, WhenEmpty
from qingyuan.governance.scoring.serialise import read_data

_WHOLE = frozenset({"on", "unit", "inputs", "clauses"})
_UNIT = frozenset({"kind", "name"})


@dataclass(frozen=True, slots=True)
class Given:
    """What was handed in: numbers by key, the day and the kind of unit where they were named."""

    inputs: Mapping[str, Number]
    on: date | None = None
    unit_kind: str = ""
    unit_name: str = ""


@dataclass
class _Reader:
    wanted: dict[str, list[Wanted]]
    clauses: dict[str, list[Clause]]
    numbers: dict[str, Number] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def complain(self, where: str, message: str) -> None:
        self.problems.append(Problem(where, message))

    def put(self, where: str, key: str, wanted: Wanted, value: object) -> None:
        """One number under its key; two about the same key are put together unless they contradict."""
        found: list[str] = []
        number = read_number(value, wanted, found)
        for message in found:
            self.complain(where, message)
        if found:
            return
        before = self.numbers.get(key)
        if before is not None and before != number:
            joined = _joined(before, number)
            if joined is None:
                self.complain(where, f"“{key}”给了两次,数不一样,请只留一个")
                return
            number = joined
        self.numbers[key] = number


def read_given(text: str, scheme: Scheme) -> Given:
    """The numbers in YAML or JSON text. SchemeUnreadable names every number that is wrong and where it stands."""
    data = read_data(text)
    if not isinstance(data, Mapping):
        raise SchemeUnreadable([Problem("取数文件", "应为“取数名: 数”的一组,或 {on, unit, inputs, clauses}")])
    reader = _Reader(_wanted(scheme), _by_id(scheme))
    whole = bool(set(data) & {"inputs", "clauses", "unit"})
    top = data if whole else {"inputs": {k: v for k, v in data.items() if k != "on"}, "on": data.get("on")}
    for key in top:
        if key not in _WHOLE:
            reader.complain("取数文件", f"不认识“{key}”,这里只能写 {'、'.join(sorted(_WHOLE))}")
    _by_key(reader, _group(reader, top, "inputs"))
    _by_clause(reader, _group(reader, top, "clauses"))
    unit = _group(reader, top, "unit")
    for name in unit:
        if name not in _UNIT:
            reader.complain("unit", f"不认识“{name}”,这里只能写 kind(单位类别)、name(名称);规模写进 inputs")
    on = _day(reader, top.get("on"))
    _parts_there(reader)
    if reader.problems:
        raise SchemeUnreadable(reader.problems)
    return Given(reader.numbers, on, _text(unit.get("kind")), _text(unit.get("name")))


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _group(reader: _Reader, top: Mapping[object, object], name: str) -> Mapping[str, object]:
    value = top.get(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        reader.complain(name, "应为“名称: 值”的一组")
        return {}
    return {str(key): item for key, item in value.items()}


def _day(reader: _Reader, value: object) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        reader.complain("on", f"应为日期(如 2022-12-31),现为“{value}”")
        return None


def _by_id(scheme: Scheme) -> dict[str, list[Clause]]:
    found: dict[str, list[Clause]] = {}
    for clause in scheme.clauses():
        found.setdefault(clause.id, []).append(clause)
    return found


def _wanted(scheme: Scheme) -> dict[str, list[Wanted]]:
    """Every number the scheme reads, by key; by its written name with the part too ('indicator:R05.missing')."""
    found: dict[str, list[Wanted]] = {}
    for clause in scheme.clauses():
        for wanted in () if clause.refused else _of_clause(clause):
            found.setdefault(wanted.key, []).append(wanted)
        for size in clause.only_for.sizes:
            found.setdefault(parse_ref(size.of).key, []).append(_size(size.of, size.words))
    for annex in scheme.annexes:
        for size in annex.only_for.sizes:
            found.setdefault(parse_ref(size.of).key, []).append(_size(size.of, size.words))
    return found


def _size(of: str, words: str) -> Wanted:
    ref = parse_ref(of)
    return Wanted(ref.key, ref.part, words, f"规模 {words}", "", False, "", ())


def _of_clause(clause: Clause) -> Iterable[Wanted]:
    for _reading, read in clause.as_read():
        rule = rule_of(read)
        units, signed, reads = rule.units(), rule.signed(), rule.reads()
        for name, text in clause.inputs.items():
            ref = parse_ref(text, clause=clause.id, name=name)
            choices = tuple(getattr(rule, "choices", ())) if reads.get(name) == "choice" else ()
            yield Wanted(
                ref.key,
                ref.part,
                name,
                f"条款 {clause.id}",
                units.get(name, ""),
                name in signed,
                reads.get(name, ""),
                choices,
            )
        if read.when_empty is WhenEmpty.MANUAL:
            key = by_hand_key(clause)
            yield Wanted(key, "value", "when_empty", f"条款 {clause.id}", "", False, "", ())


def _by_key(reader: _Reader, given: Mapping[str, object]) -> None:
    by_text = {f"{item.key}.{item.part}": item for every in reader.wanted.values() for item in every}
    for text, value in given.items():
        if text in reader.wanted:
            wanted = _of_key(reader.wanted[text])
            reader.put(f"{wanted.clause} 取数 {text}", text, wanted, value)
        elif text in by_text:
            wanted = by_text[text]
            reader.put(f"{wanted.clause} 取数 {text}", wanted.key, wanted, value)
        else:
            reader.complain(f"取数 {text}", _unknown(text, [*reader.wanted, *by_text]))


def _of_key(every: list[Wanted]) -> Wanted:
    """A number by its bare key: its value, in the unit of whichever clause names one."""
    unit = next((item.unit for item in every if item.unit), "")
    first = next((item for item in every if item.reads == "choice"), every[0])
    return replace(first, part="value", unit=unit, signed=all(item.signed for item in every))


def _unknown(text: str, there: Iterable[str]) -> str:
    close = get_close_matches(text, list(there), n=3, cutoff=0.5)
    hint = f",是不是 {'、'.join(close)}?" if close else ",请对照办法里的 inputs"
    return f"办法里没有用到它{hint}"


def _by_clause(reader: _Reader, given: Mapping[str, object]) -> None:
    for clause_id, values in given.items():
        clauses = reader.clauses.get(clause_id)
        if clauses is None:
            reader.complain(f"条款 {clause_id}", f"办法里没有这一条,现有:{'、'.join(reader.clauses)}")
            continue
        clause = clauses[0]
        if clause.refused:
            continue
        by_name = {item.name: item for one in clauses for item in _of_clause(one)}
        if not isinstance(values, Mapping) or _is_number_table(values, by_name):
            if len(by_name) != 1:
                reader.complain(f"条款 {clause_id}", f"有几个取数,请写成一组:{{{'、'.join(f'{name}: …' for name in by_name)}}}")
                continue
            values = {next(iter(by_name)): values}
        for name, value in values.items():
            wanted = by_name.get(str(name))
            if wanted is None:
                reader.complain(f"条款 {clause_id}", f"没有取数“{name}”,可写:{'、'.join(by_name)}")
            else:
                reader.put(f"条款 {clause_id} 取数 {name}", wanted.key, wanted, value)


def _is_number_table(values: Mapping[object, object], names: Mapping[str, Wanted]) -> bool:
    """Whether a clause's table is one number in parts ({numerator, denominator}) rather than numbers by name."""
    return bool(values) and not set(map(str, values)) & set(names) and set(map(str, values)) <= _PARTS


_PARTS = frozenset(Number.__dataclass_fields__)


def _joined(one: Number, other: Number) -> Number | None:
    """Two statements about one number together; None where they contradict."""
    merged: dict[str, object] = {}
    for name, spec in Number.__dataclass_fields__.items():
        first, second = getattr(one, name), getattr(other, name)
        if name in {"parts", "part_labels", "series", "peers"}:
            if any(first[key] != second[key] for key in set(first) & set(second)):
                return None
            merged[name] = {**first, **second}
        elif first == second or second == spec.default:
            merged[name] = first
        elif first == spec.default:
            merged[name] = second
        else:
            return None
    return replace(one, **merged)  # type: ignore[arg-type]


def _parts_there(reader: _Reader) -> None:
    """A number was given, but not the part a clause reads of it: that is a slip, not a number still to come."""
    for key, number in reader.numbers.items():
        every = reader.wanted.get(key, [])
        if number.not_available or number.is_empty or number.choice or not every:
            continue
        amounts = [number.part(wanted.part) for wanted in every]
        first = every[0]
        if all(amount is None for amount in amounts):
            reader.complain(f"{first.clause} 取数 {key}", f"这一条读的是“{first.part}”,没有给出;{_how(first)}")
        for wanted, amount in zip(every, amounts, strict=True):
            if amount is not None and amount < Decimal(0) and not wanted.signed:
                words = f"“{wanted.part}”算出来是 {amount},小于 0,请核对分子、分母"
                reader.complain(f"{wanted.clause} 取数 {key}", words)


def _how(wanted: Wanted) -> str:
    if wanted.part == "missing":
        return "请写 {missing: 11},或 {numerator: 203, denominator: 214}"
    if wanted.part in {"numerator", "denominator", "value"}:
        return f"请写 {{{wanted.part}: …}}"
    return f"请写 {{parts: {{{wanted.part}: …}}}}"
