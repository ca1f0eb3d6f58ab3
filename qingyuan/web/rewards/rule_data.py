"""A rule and a table's own lines between the words of their forms and the data a file has."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from qingyuan.governance.rewards.table import ANY, HIGHEST, LOWEST

#: How a form writes what a file has a code for; Chinese, as the tables are.
GRADE_WORDS: Final = {HIGHEST: "最高一等", LOWEST: "最低一等"}
ANY_WORD: Final = "任何一项"
_SEPARATED: Final = re.compile(r"[、,,\s]+")


def rule_form(data: Mapping[str, Any]) -> dict[str, Any]:
    """What the fields of a rule show."""
    when, leave, points = (dict(data.get(name) or {}) for name in ("when", "leave", "points"))
    clause, fair = dict(when.get("clause") or {}), dict(when.get("fair") or {})
    plain = {name: data.get(name, "") for name in ("id", "kind", "text", "source", "article")}
    return plain | {
        "opens": data.get("opens") is True,
        "confirmed": data.get("confirmed") is True,
        "grades": "、".join(GRADE_WORDS.get(one, one) for one in when.get("grades") or []),
        "share_from": when.get("from"),
        "share_to": when.get("to"),
        "vetoes": "、".join(ANY_WORD if one == ANY else one for one in when.get("vetoes") or []),
        "clause": clause.get("id", ""),
        "at_least": clause.get("at_least"),
        "below": clause.get("below"),
        "indicator": fair.get("indicator", ""),
        "group": fair.get("group", ""),
        "rank": when.get("rank", ""),
        "ending": leave.get("ending", ""),
        "months": leave.get("months"),
        "leave_words": leave.get("words", ""),
        "system": points.get("system", ""),
        "cap": points.get("cap"),
        "way": points.get("way", ""),
        "decimals": points.get("decimals"),
        "steps": "\n".join(f"{_text(one.get('at'))} {_text(one.get('points'))}" for one in points.get("steps") or []),
    }


def rule_data(form: Mapping[str, Any], examples: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The rule as a file has it: what was left empty is not in it."""
    when = _kept(
        {
            "grades": [_back(GRADE_WORDS, one) for one in _names(form["grades"])],
            "from": form["share_from"],
            "to": form["share_to"],
            "vetoes": [ANY if one == ANY_WORD else one for one in _names(form["vetoes"])],
            "clause": _kept({"id": form["clause"], "at_least": form["at_least"], "below": form["below"]}),
            "fair": _kept({"indicator": form["indicator"], "group": form["group"]}),
            "rank": form["rank"],
        }
    )
    leave = _kept({"ending": form["ending"], "months": form["months"], "words": form["leave_words"]})
    points = _kept({"system": form["system"], "cap": form["cap"], "way": form["way"], "steps": _steps(form["steps"])})
    if points and form["decimals"] is not None:
        points["decimals"] = int(form["decimals"])
    plain = {name: form[name] for name in ("id", "kind", "text", "source", "article")}
    flags = {name: True for name in ("opens", "confirmed") if form[name]}
    return _kept(plain | {"leave": leave, "points": points, "examples": [_example(one) for one in examples]}) | {"when": when} | flags


def example_form(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: data.get(name) for name in ("because", "share", "clause", "group", "points")} | {
        "grade": GRADE_WORDS.get(data.get("grade", ""), data.get("grade", "")),
        "veto": data.get("veto") is True,
        "meets": "yes" if data.get("meets") is True else "no",
    }


def _example(form: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: form.get(name) for name in ("because", "share", "clause", "group", "points")}
    grade = _back(GRADE_WORDS, form.get("grade") or "")
    return _kept(kept | {"grade": grade}) | ({"veto": True} if form.get("veto") else {}) | {"meets": form.get("meets") == "yes"}


def sheet_form(data: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: data.get(name) or "" for name in ("id", "title", "version", "valid_from", "valid_to", "source", "note")}
    return kept | {"unit_kinds": list((data.get("applies_to") or {}).get("unit_kinds") or [])}


def sheet_data(form: Mapping[str, Any]) -> dict[str, Any]:
    days = {name: form[name].isoformat() if form[name] else None for name in ("valid_from", "valid_to")}
    plain = {name: form[name] for name in ("id", "title", "version", "source", "note")}
    applies = {"applies_to": {"unit_kinds": list(form["unit_kinds"])}} if form["unit_kinds"] else {}
    return _kept(plain | days) | applies


def _kept(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def _names(text: str) -> list[str]:
    return [one for one in _SEPARATED.split(text.strip()) if one]


def _back(words: Mapping[str, str], text: str) -> str:
    return next((code for code, word in words.items() if word == text), text)


def _steps(text: str) -> list[dict[str, Any]]:
    """«60 0» a line; what is no number stays as it was typed, and the checker says so."""
    found = []
    for line in text.splitlines():
        parts = line.replace(":", " ").replace(":", " ").split()
        if parts:
            found.append({"at": _number(parts[0]), "points": _number(parts[1]) if len(parts) > 1 else ""})
    return found


def _number(text: str) -> Any:
    try:
        value = Decimal(text.removesuffix("%").removesuffix("分"))
    except InvalidOperation:
        return text
    return value if value.is_finite() else text


def _text(value: Any) -> str:
    return format(value.normalize(), "f") if isinstance(value, Decimal) and value else str(value)
