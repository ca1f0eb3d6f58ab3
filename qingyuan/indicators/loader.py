"""Reads indicator files. Every mistake is named by file and key; a file is refused whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

import yaml
from django.utils.translation import gettext as _

from qingyuan.indicators.coercion import counts_coercively
from qingyuan.indicators.definition import (
    DENOMINATOR,
    NUMERATOR,
    VALUE,
    Breakdown,
    Indicator,
    RollUp,
    Term,
)
from qingyuan.indicators.definition_file import BadDefinition, DefinitionFile
from qingyuan.indicators.enums import Better, IndicatorKind, Select
from qingyuan.indicators.formula import BASE_COLUMNS, BadFormula, Formula, parse_aggregate, parse_condition
from qingyuan.ledgers.facts import FactKind, FactTable
from qingyuan.reference.periods import PeriodKind

_REQUIRED: Final = (
    "code", "title", "title_en", "why_it_matters", "kind", "fact", "numerator", "unit", "better", "roll_up", "includes",
    "excludes", "period_kinds", "owner", "checked_by", "source", "valid_from",
)  # fmt: skip
_OPTIONAL: Final = (
    "denominator", "parts", "where", "select", "dated_by", "scale", "decimals", "monitor_only", "people", "proportion",
    "smallest_count", "breakdowns", "empty", "count_unit", "sample",
)  # fmt: skip
#: Newest count cells of a place: of a unit there is no such thing.
_OF_PLACES: Final = frozenset({Select.LATEST_IN_PERIOD, Select.LATEST_KNOWN})
_TERM_KEYS: Final = ("title", "expression", "where", "fact", "select", "dated_by", "unit", "people")
_NEEDS_DENOMINATOR: Final = (IndicatorKind.RATIO,)
_BY_DAY: Final = (Select.IN_PERIOD, Select.IN_FORCE, Select.DURING)
_OF_INTERVALS: Final = (Select.IN_FORCE, Select.DURING)
_SMALLEST: Final = 5


class FactNotHere(LookupError):
    """The indicator reads facts that no room of this installation publishes."""

    def __init__(self, code: str, fact: str) -> None:
        super().__init__(_("%(code)s 要用的事实表 %(fact)s 不在本系统内发布") % {"code": code, "fact": fact})
        self.code = code


def load_folder(folder: Path, facts: Mapping[str, FactTable]) -> tuple[list[Indicator], list[FactNotHere]]:
    """All indicators in ``folder`` by code and date, and those whose facts are not published here.

    Raises:
        BadDefinition: for the first file that is wrong, or two files of one code and date.
    """
    found: dict[tuple[str, date], Indicator] = {}
    missing: list[FactNotHere] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            indicator = load_file(path, facts)
        except FactNotHere as absent:
            missing.append(absent)
            continue
        key = (indicator.code, indicator.valid_from)
        if key in found:
            raise BadDefinition(path.name, "valid_from", _("同一指标同一日期已有另一个文件"))
        found[key] = indicator
    return [found[key] for key in sorted(found)], missing


def load_file(path: Path, facts: Mapping[str, FactTable]) -> Indicator:
    """One indicator file.

    Raises:
        BadDefinition: naming the file and the key.
        FactNotHere: the file is in order but reads facts nobody publishes here.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadDefinition(path.name, "YAML", str(error).splitlines()[0]) from None
    if not isinstance(data, dict):
        raise BadDefinition(path.name, "YAML", _("文件要由“键: 值”组成"))
    return build(path.name, data, facts)


def build(name: str, data: Mapping[str, Any], facts: Mapping[str, FactTable]) -> Indicator:
    """An indicator from parsed data; errors as in ``load_file``."""
    file = DefinitionFile(name, data)
    _check_keys(file)
    code = file.text("code")
    if name.split(".")[0].split("@")[0] != code:
        raise file.fail("code", _("要与文件名一致"))
    kind = file.choice("kind", IndicatorKind)
    numerator = _term(file, NUMERATOR, data["numerator"], kind, facts)
    below = data.get("denominator")
    denominator = _term(file, DENOMINATOR, below, kind, facts) if below is not None else None
    if (kind in _NEEDS_DENOMINATOR) != (denominator is not None):
        raise file.fail("denominator", _("比率要有分母，其他种类不写分母"))
    proportion = file.flag("proportion")
    if proportion and denominator is None:
        raise file.fail("proportion", _("只有比率才能是占比"))
    parts = _parts(file, kind, facts)
    sample = file.text("sample") if "sample" in data else ""
    if sample and (not proportion or sample not in {part.key for part in parts}):
        raise file.fail("sample", _("要写 parts 里的一个名字（有效样本量），并且 proportion 为 true"))
    monitor_only = file.flag("monitor_only")
    better = file.choice("better", Better)
    if numerator.coercive and better is not Better.NONE:
        raise file.fail("better", _("计的是案件、决定、阳性或发现的人，不能有好坏方向，请写 none"))
    if monitor_only and better is not Better.NONE:
        raise file.fail("better", _("只作监测的指标不能有好坏方向，请写 none"))
    return Indicator(
        code=code,
        title=file.text("title"),
        title_en=file.text("title_en"),
        why_it_matters=file.text("why_it_matters"),
        kind=kind,
        numerator=numerator,
        denominator=denominator,
        parts=parts,
        unit=file.text("unit"),
        scale=_scale(file),
        decimals=file.number("decimals", 0, 0, 6),
        better=better,
        monitor_only=monitor_only,
        proportion=proportion,
        sample=sample,
        smallest_count=file.number("smallest_count", _SMALLEST, 2, 100),
        roll_up=_roll_up(file, (numerator, *((denominator,) if denominator is not None else ()), *parts)),
        includes=file.texts("includes"),
        excludes=file.texts("excludes"),
        breakdowns=_breakdowns(file, facts[numerator.fact]),
        period_kinds=_period_kinds(file),
        owner=file.text("owner"),
        checked_by=file.text("checked_by"),
        source=file.text("source"),
        valid_from=_day(file),
    )


def _check_keys(file: DefinitionFile) -> None:
    for key in _REQUIRED:
        if key not in file.data:
            raise file.fail(key, _("必须写"))
    for key in file.data:
        if key not in _REQUIRED and key not in _OPTIONAL:
            known = "、".join((*_REQUIRED, *_OPTIONAL))
            raise file.fail(str(key), _("不认识这个键，可以写：%(known)s") % {"known": known})


def _term(
    file: DefinitionFile, key: str, data: Any, kind: IndicatorKind, facts: Mapping[str, FactTable], at: str = ""
) -> Term:
    at = f"{at}{key}."
    if not isinstance(data, dict):
        raise file.fail(at[:-1], _("要写 title 和 expression"))
    for name in data:
        if name not in _TERM_KEYS:
            raise file.fail(at + str(name), _("不认识这个键，可以写：%(known)s") % {"known": "、".join(_TERM_KEYS)})
    fact = file.text("fact", data, at) if "fact" in data else file.text("fact")
    table = facts.get(fact)
    if table is None:
        raise FactNotHere(file.text("code"), fact)
    columns: dict[str, str] = {column.name: column.type for column in table.columns}
    expression = _formula(file, at + "expression", file.text("expression", data, at), columns)
    where = _where(file, at, data, fact, columns)
    select = _select(file, at, data, fact, kind, table)
    people = data.get("people", file.flag("people"))
    if not isinstance(people, bool):
        raise file.fail(at + "people", _("只能写 true 或 false"))
    return Term(
        key=key,
        title=file.text("title", data, at),
        expression=expression,
        where=where,
        fact=fact,
        select=select,
        dated_by=_dated_by(file, at, data, fact, columns),
        unit=_unit(file, at, data, kind),
        people=people,
        coercive=counts_coercively(table, expression, where),
        empty_is_zero=_empty_is_zero(file, kind) and select in _BY_DAY and expression.is_plain_total,
    )


def _formula(file: DefinitionFile, key: str, text: str, columns: Mapping[str, str]) -> Formula:
    try:
        return parse_aggregate(text, columns)
    except BadFormula as error:
        raise file.fail(key, str(error)) from None


def _where(
    file: DefinitionFile, at: str, data: Mapping[str, Any], fact: str, columns: Mapping[str, str]
) -> Formula | None:
    """The term's own condition, or else the file's common one (which speaks about the file's fact only)."""
    if "where" in data:
        text, key = file.text("where", data, at), at + "where"
    elif "where" in file.data and fact == file.data["fact"]:
        text, key = file.text("where"), "where"
    else:
        return None
    try:
        return parse_condition(text, columns)
    except BadFormula as error:
        raise file.fail(key, str(error)) from None


def _select(
    file: DefinitionFile, at: str, data: Mapping[str, Any], fact: str, kind: IndicatorKind, table: FactTable
) -> Select:
    if "select" in data:
        select = file.choice("select", Select, data, at)
    elif "select" in file.data and fact == file.data["fact"]:
        select = file.choice("select", Select)
    elif kind is IndicatorKind.STOCK:
        select = Select.IN_FORCE if table.kind is FactKind.INTERVAL else Select.LATEST_IN_PERIOD
    else:
        select = Select.IN_PERIOD
    if select in _OF_INTERVALS and table.kind is not FactKind.INTERVAL:
        raise file.fail(at + "select", _("%(select)s 只用于有起止的事实") % {"select": select.value})
    return select


def _unit(file: DefinitionFile, at: str, data: Mapping[str, Any], kind: IndicatorKind) -> str:
    """A rate is in per cent, what it is made of is not: its terms name their own unit or share ``count_unit``."""
    if "unit" in data:
        return file.text("unit", data, at)
    if "count_unit" in file.data:
        return file.text("count_unit")
    if kind in _NEEDS_DENOMINATOR:
        raise file.fail(at + "unit", _("比率的分子、分母要写各自的单位，或者在文件里写 count_unit"))
    return file.text("unit")


def _empty_is_zero(file: DefinitionFile, kind: IndicatorKind) -> bool:
    """``empty: unknown`` is for figures that somebody has to report: no report is not nought."""
    default = "unknown" if kind is IndicatorKind.EXTERNAL else "zero"
    value = file.data.get("empty", default)
    if value not in ("zero", "unknown"):
        raise file.fail("empty", _("只能写 zero（没有记录就是零）或 unknown（没有报就是不知道）"))
    return bool(value == "zero")


def _dated_by(file: DefinitionFile, at: str, data: Mapping[str, Any], fact: str, columns: Mapping[str, str]) -> str:
    inherited = file.data.get("dated_by") if fact == file.data["fact"] else None
    name = data.get("dated_by", inherited) or "happened_on"
    if {**BASE_COLUMNS, **columns}.get(name) != "date":
        raise file.fail(at + "dated_by", _("要写一个日期列"))
    return str(name)


def _parts(file: DefinitionFile, kind: IndicatorKind, facts: Mapping[str, FactTable]) -> tuple[Term, ...]:
    data = file.data.get("parts", {})
    if not isinstance(data, dict):
        raise file.fail("parts", _("要写成“名字: {title, expression}”"))
    for key in data:
        if not isinstance(key, str) or not key.isidentifier() or key in (NUMERATOR, DENOMINATOR, VALUE):
            raise file.fail(f"parts.{key}", _("名字要用小写英文，且不能是 value、numerator、denominator"))
    return tuple(_term(file, key, value, kind, facts, "parts.") for key, value in data.items())


def _roll_up(file: DefinitionFile, terms: Sequence[Term]) -> RollUp:
    data = file.data["roll_up"]
    if not isinstance(data, dict) or set(data) - {"units"} != {"divisions", "periods"}:
        raise file.fail("roll_up", _("要写 divisions 和 periods 两句话"))
    units = file.text("units", data, "roll_up.") if "units" in data else ""
    if units and any(term.select in _OF_PLACES for term in terms):
        raise file.fail("roll_up.units", _("取各地最近一次数的指标只按地方有数,不能按单位"))
    return RollUp(file.text("divisions", data, "roll_up."), file.text("periods", data, "roll_up."), units)


def _breakdowns(file: DefinitionFile, table: FactTable) -> tuple[Breakdown, ...]:
    data = file.data.get("breakdowns", [])
    if not isinstance(data, list):
        raise file.fail("breakdowns", _("要写成清单"))
    return tuple(_breakdown(file, index, item, table) for index, item in enumerate(data))


def _breakdown(file: DefinitionFile, index: int, item: Any, table: FactTable) -> Breakdown:
    at = f"breakdowns[{index}]."
    if not isinstance(item, dict) or not {"column", "title"} <= set(item) <= {"column", "title", "code_list"}:
        raise file.fail(at[:-1], _("要写 column、title，可写 code_list"))
    column = table.column(file.text("column", item, at))
    if column is None or column.type not in ("text", "boolean"):
        raise file.fail(at + "column", _("要是事实表里的文字或是否列"))
    return Breakdown(column.name, file.text("title", item, at), str(item.get("code_list", "")))


def _period_kinds(file: DefinitionFile) -> tuple[str, ...]:
    kinds: Sequence[str] = file.texts("period_kinds")
    known = [kind.value for kind in PeriodKind]
    if not set(kinds) <= set(known):
        raise file.fail("period_kinds", _("只能写 %(known)s") % {"known": "、".join(known)})
    return tuple(kinds)


def _scale(file: DefinitionFile) -> Decimal:
    value = file.data.get("scale", 1)
    try:
        scale = Decimal(str(value))
    except InvalidOperation:
        scale = Decimal(0)
    if isinstance(value, bool) or not scale.is_finite() or scale <= 0:
        raise file.fail("scale", _("要写一个正数，例如 100"))
    return scale


def _day(file: DefinitionFile) -> date:
    value = file.data["valid_from"]
    if type(value) is not date:
        raise file.fail("valid_from", _("要写日期，例如 2022-01-01"))
    return value
