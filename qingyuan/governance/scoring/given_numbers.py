"""One number as a stranger writes it: 420, "1,200", "95%", null, {numerator, denominator}; what is doubtful is asked, not guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from qingyuan.governance.scoring.numbers import Number, Part, SourceKind, plain
from qingyuan.governance.scoring.periods import is_key
from qingyuan.governance.scoring.structure import BIGGEST

_AMOUNTS: Final = ("value", "numerator", "denominator", "missing")
_TEXTS: Final = frozenset(
    {"label", "unit", "count_unit", "not_available", "numerator_label", "denominator_label", "missing_label", "choice",
     "no_peers", "peers_waiting"}
)
_TABLES: Final = frozenset({"parts", "part_labels", "series", "peers"})
_FIELDS: Final = (*_AMOUNTS, "people", "kind", *sorted(_TEXTS), *sorted(_TABLES))
_GROUPED: Final = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?", re.IGNORECASE)
_HAN: Final = re.compile(r"[零〇一二两三四五六七八九十百千万亿半]")
_RATES: Final = {"%": Decimal(100), "‰": Decimal(1000)}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One number a scheme reads: under which key, which part, for which clause; whether it may be negative."""

    key: str
    part: str
    name: str
    clause: str
    unit: str
    signed: bool
    reads: str
    choices: tuple[str, ...]


def read_number(value: object, wanted: Wanted, problems: list[str]) -> Number:
    """The number; what is wrong with it goes to `problems`. null means: not there yet."""
    if value is None:
        return Number(not_available="没有给出(null)")
    if isinstance(value, Mapping):
        return _table({str(key): item for key, item in value.items()}, wanted, problems)
    if wanted.reads == "choice" and isinstance(value, str) and not _NUMBER.fullmatch(value.strip()):
        return _choice(value.strip(), wanted, problems)
    amount, unit = _bare(value, wanted, problems)
    if amount is None:
        return Number()
    if wanted.part == Part.VALUE:
        return Number(value=amount, unit=unit or wanted.unit)
    if wanted.part in _AMOUNTS:
        return Number(**{wanted.part: amount})  # type: ignore[arg-type]
    return Number(parts={wanted.part: amount})


def _choice(word: str, wanted: Wanted, problems: list[str]) -> Number:
    if word not in wanted.choices:
        problems.append(f"“{word}”不在等级里,可写:{'、'.join(wanted.choices)}")
    return Number(choice=word)


def _bare(value: object, wanted: Wanted, problems: list[str]) -> tuple[Decimal | None, str]:
    """A number by itself, with the unit it was written with."""
    amount, unit = exact(value, problems)
    if amount is None:
        return None, ""
    if amount < 0 and not wanted.signed:
        problems.append(f"不能是负数,现为 {plain(amount)}")
        return None, ""
    expected = wanted.unit if wanted.part == Part.VALUE else ""
    if unit and unit != expected:
        problems.append(f"写的单位是“{unit}”,这里按“{expected or '数'}”计,请换算")
        return None, ""
    if expected in _RATES and not unit:
        problems += _doubtful_rate(amount, expected)
    return amount, unit


def _doubtful_rate(amount: Decimal, unit: str) -> list[str]:
    """0.95 where per cent are meant: 95 % or 0.95 %? A number nobody can be sure of is asked about."""
    written = plain(amount)
    if 0 < amount <= 1:
        many = plain(amount * _RATES[unit])
        return [f"{written} 是 {many}{unit} 还是 {written}{unit}?请写 {many},或写明 {{value: {written}, unit: \"{unit}\"}}"]
    if amount > _RATES[unit]:
        return [f"{written} 超过 {plain(_RATES[unit])}{unit};如果属实,请写 {{value: {written}, unit: \"{unit}\"}}"]
    return []


def exact(value: object, problems: list[str]) -> tuple[Decimal | None, str]:
    """An exact finite number and the % or ‰ behind it; None with the complaint added."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal, str)):
        problems.append(f"应为数字,现为“{_said(value)}”")
        return None, ""
    text, unit = (value, "") if not isinstance(value, str) else _folded(value)
    try:
        number = Decimal(text)
    except (InvalidOperation, ValueError):
        number = Decimal("NaN")
    if isinstance(value, str) and (number.is_nan() or not _NUMBER.fullmatch(str(text))):
        hint = ",请写阿拉伯数字" if _HAN.search(value) else ",只写数,不带单位和说明" if value.strip() else ";还没有就写 null"
        problems.append(f"“{value}”不是数字{hint}")
        return None, ""
    if not number.is_finite():
        problems.append(f"{value} 不是一个数(NaN 或无穷大)")
        return None, ""
    if abs(number) > BIGGEST:
        problems.append(f"{value} 太大,应不超过一万亿,请核对")
        return None, ""
    if number and number.adjusted() < -12:
        problems.append(f"{value} 太小,请核对")
        return None, ""
    return number, unit


def _said(value: object) -> str:
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _folded(text: str) -> tuple[str, str]:
    """Full-width digits as digits, no grouping commas, the % or ‰ apart."""
    plain_text = unicodedata.normalize("NFKC", text).strip().replace("−", "-")
    unit = plain_text[-1:] if plain_text[-1:] in _RATES else ""
    if unit:
        plain_text = plain_text[:-1].strip()
    if _GROUPED.fullmatch(plain_text):
        plain_text = plain_text.replace(",", "")
    return plain_text, unit


def _table(value: Mapping[str, object], wanted: Wanted, problems: list[str]) -> Number:
    """A number in parts."""
    for name in value:
        if name not in _FIELDS:
            problems.append(f"没有“{name}”这一项,可写:{'、'.join(_FIELDS)}")
    found: dict[str, object] = {}
    unit = str(value.get("unit") or wanted.unit)
    for name in _AMOUNTS:
        if value.get(name) is not None:
            found[name] = _amount(name, value[name], unit if name == "value" else "", wanted, problems)
    for name in sorted(_TEXTS & set(value)):
        if isinstance(value[name], (Mapping, list, tuple)):
            problems.append(f"{name} 应为文字")
        found[name] = "" if value[name] is None else str(value[name])
    for name in ("series", "peers", "parts"):
        if value.get(name) is not None:
            found[name] = _amounts(name, value[name], wanted, problems)
    labels = value.get("part_labels")
    if isinstance(labels, Mapping):
        found["part_labels"] = {str(key): str(item) for key, item in labels.items()}
    elif labels is not None:
        problems.append("part_labels 应为“名称: 文字”的一组")
    _people_and_kind(value, found, problems)
    if problems:
        return Number()
    number = Number(**{"unit": unit, **found})  # type: ignore[arg-type]
    problems += _contradictions(number, wanted)
    if not any(name in found for name in (*_AMOUNTS, "series", "parts", "choice")) and not number.not_available:
        return Number(not_available="没有给出数")
    return number


def _amount(name: str, value: object, unit: str, wanted: Wanted, problems: list[str]) -> Decimal | None:
    own: list[str] = []
    amount, written = exact(value, own)
    problems += [f"{name}:{message}" for message in own]
    if amount is None:
        return None
    if amount < 0 and not (wanted.signed and name == "value"):
        problems.append(f"{name} 不能是负数,现为 {plain(amount)}")
    if written and written != unit:
        problems.append(f"{name}:写的单位是“{written}”,这里按“{unit or '数'}”计,请换算")
    return amount


def _amounts(name: str, value: object, wanted: Wanted, problems: list[str]) -> dict[str, Decimal]:
    """Amounts by month, by other unit, or by part; other units may stand in a list without names."""
    if isinstance(value, (list, tuple)) and name == "peers":
        value = {str(place): item for place, item in enumerate(value, start=1)}
    if not isinstance(value, Mapping):
        problems.append(f"{name} 应为“名称: 数”的一组")
        return {}
    found = {}
    for key, item in value.items():
        if name == "series" and not is_key(str(key)):
            problems.append(f"series:“{key}”不是月、季或半年,请写 2022-03、2022Q1 或 2022H1")
            continue
        amount = _amount(f"{name} {key}", item, "", wanted, problems)
        if amount is not None:
            found[str(key)] = amount
    return found


def _people_and_kind(value: Mapping[str, object], found: dict[str, object], problems: list[str]) -> None:
    if value.get("people") is not None:
        amount = _amount("people", value["people"], "", Wanted("", "", "", "", "", False, "", ()), problems)
        if amount is not None and amount != amount.to_integral_value():
            problems.append(f"people 应为整数,现为 {plain(amount)}")
        elif amount is not None:
            found["people"] = int(amount)
    if value.get("kind") is not None:
        kinds = {kind.value: kind for kind in SourceKind}
        if str(value["kind"]) not in kinds:
            problems.append(f"kind 只能是 {'、'.join(kinds)},现为“{value['kind']}”")
        else:
            found["kind"] = kinds[str(value["kind"])]


def _contradictions(number: Number, wanted: Wanted) -> list[str]:
    """Parts of one number that cannot all be true."""
    found = []
    has_base, has_top = number.denominator is not None, number.numerator is not None
    if has_top and not has_base and number.unit in _RATES:
        found.append("只有分子没有分母,算不出比率;请补 denominator")
    if has_base and not has_top and number.denominator and wanted.part in {"value", "missing"} and number.missing is None:
        if number.value is None:
            found.append("只有分母没有分子;请补 numerator")
    if has_top and has_base and number.denominator == 0 and number.numerator:
        found.append(f"分母是 0,分子却是 {plain(number.numerator or Decimal(0))},请核对")
    if number.value is not None and number.unit in _RATES and number.numerator is not None and number.denominator:
        rate = number.numerator * _RATES[number.unit] / number.denominator
        if abs(rate - number.value) > Decimal("0.01"):
            found.append(f"value 是 {plain(number.value)},分子除以分母是 {plain(rate, 2)},两者不符,请只留一样")
    if number.series and number.value is not None and sum(number.series.values()) != number.value:
        found.append(f"series 相加是 {plain(Decimal(sum(number.series.values())))},value 是 {plain(number.value)},两者不符")
    if number.choice and wanted.choices and number.choice not in wanted.choices:
        found.append(f"“{number.choice}”不在等级里,可写:{'、'.join(wanted.choices)}")
    return found
