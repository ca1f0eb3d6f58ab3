"""A clause, a group and the sheet between the shape of a file and the shape of a form, without loss either way."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from qingyuan.governance.scoring.asked import Ask, Asked, choice, number, rows, text
from qingyuan.governance.scoring.clause_asks import STATES
from qingyuan.web.schemes.asked_form import Post, number_of, taken

BY_HAND: Final = "when_empty"
_KEYS: Final = {
    "数": "value", "分子": "numerator", "分母": "denominator", "缺": "missing", "单位": "unit", "等级": "choice", "人数": "people",
    "分期": "series", "各单位": "peers", "部分": "parts", "名称": "label", "没有": "not_available",
}  # fmt: skip
_SAID: Final = {key: word for word, key in _KEYS.items()}
_RATIO: Final = re.compile(r"^\s*(-?[\d.]+)\s*/\s*(-?[\d.]+)\s*$")


def examples_asked(names: Sequence[str]) -> Asked:
    """The worked examples of a clause with these inputs (blank names hold the place of rows just emptied)."""
    given = [
        text(f"given_{i}", name)
        for i, name in enumerate(names)
        if name
    ]
    return rows(
        "examples",
        "算例",
        *given,
        text("given_w", "人工评定的分", "没有应办事项、由人评定时才填"),
        text("because", "说的是什么情形"),
        number("points", "应得几分"),
        choice("state", "没有分数时是", *STATES[1:]),
        Asked("veto", "应当触发否决", Ask.FLAG),
        text("reading", "按哪种读法", "不填就是每种读法都一样"),
        help="数写 95;比率写 19/20;还有别的就写 分子=19 分母=20 缺=1,分期的写 数=4 分期=(2022-01=3 2022-02=1)",
    )


def examples_shown(form: Mapping[str, Any], names: Sequence[str]) -> Asked:
    """The same without the fields that this clause has no use for."""
    used = {key for row in form.get("examples", []) for key in row}
    wanted = {
        "given_w": form.get("when_empty") == "manual",
        "veto": form.get("rule", {}).get("kind") == "veto",
        "reading": bool(form.get("readings")),
    }
    every = examples_asked(names)
    return replace(every, inside=tuple(one for one in every.inside if wanted.get(one.name, True) or one.name in used))


def written(value: Any) -> str:
    """A number given in an example, as a person writes it."""
    if isinstance(value, Mapping):
        if set(value) == {"numerator", "denominator"} and not any(isinstance(v, (Mapping, list, tuple)) for v in value.values()):
            return f"{written(value['numerator'])}/{written(value['denominator'])}"
        return " ".join(f"{_SAID.get(str(key), key)}={_inner(item)}" for key, item in value.items())
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


def _inner(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"({' '.join(f'{_SAID.get(str(key), key)}={_inner(item)}' for key, item in value.items())})"
    if isinstance(value, (list, tuple)):
        return f"[{' '.join(_inner(item) for item in value)}]"
    return written(value)


def given(words: str) -> Any:
    """What a person wrote, as an example has it."""
    if match := _RATIO.match(words):
        return {"numerator": number_of(match[1]), "denominator": number_of(match[2])}
    if "=" in words or "=" in words:
        found, _rest = _table(_tokens(words.replace("=", "=").replace("(", "(").replace(")", ")")), 0)
        return found
    return number_of(words)


def _tokens(words: str) -> list[str]:
    return re.findall(r"[()\[\]]|[^\s()\[\]=、;;]+=?", words)


def _table(tokens: Sequence[str], at: int) -> tuple[dict[str, Any], int]:
    found: dict[str, Any] = {}
    while at < len(tokens) and tokens[at] != ")":
        key = tokens[at].removesuffix("=")
        if not tokens[at].endswith("="):
            found[key] = ""
            at += 1
            continue
        found[_KEYS.get(key, key)], at = _value(tokens, at + 1)
    return found, at + 1


def _value(tokens: Sequence[str], at: int) -> tuple[Any, int]:
    if at >= len(tokens):
        return "", at
    if tokens[at] == "(":
        return _table(tokens, at + 1)
    if tokens[at] == "[":
        items, at = [], at + 1
        while at < len(tokens) and tokens[at] != "]":
            item, at = _value(tokens, at)
            items.append(item)
        return items, at + 1
    return number_of(tokens[at]), at + 1


def clause_form(data: Mapping[str, Any]) -> dict[str, Any]:
    """A clause of a draft as its form shows it."""
    names = list(data.get("inputs", {}))
    only = data.get("only_for", {})
    return {
        **data,
        "inputs": [{"name": name, "source": source} for name, source in data.get("inputs", {}).items()],
        "derive": [{"name": name, "words": words} for name, words in data.get("derive", {}).items()],
        "unit_kinds": only.get("unit_kinds", []),
        "sizes": only.get("sizes", []),
        "examples": [_example_form(one, names) for one in data.get("examples", [])],
    }


def _example_form(example: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    shown = {f"given_{names.index(name)}": written(value) for name, value in example["given"].items() if name in names}
    if BY_HAND in example["given"]:
        shown["given_w"] = written(example["given"][BY_HAND])
    return shown | dict(example["expect"])


def names_sent(post: Post) -> list[str]:
    """Names of the inputs by the row they were sent in; "" for a row that was emptied."""
    highest = max((int(m[1]) for key in post if (m := re.fullmatch(r"inputs\.(\d{1,2})\.name", key))), default=-1)
    return [post.get(f"inputs.{i}.name", "").strip() for i in range(highest + 1)]


def clause_data(form: Mapping[str, Any], post: Post) -> dict[str, Any]:
    """What was typed as a clause of a draft."""
    sizes, kinds = form.get("sizes", []), form.get("unit_kinds", [])
    only = {key: value for key, value in (("unit_kinds", kinds), ("sizes", sizes)) if value}
    shown = {
        "inputs": _pairs(form.get("inputs", []), "source"),
        "derive": _pairs(form.get("derive", []), "words"),
        "only_for": only,
        "examples": _examples(post),
    }
    kept = {key: value for key, value in form.items() if key not in {"inputs", "derive", "unit_kinds", "sizes", "examples"}}
    return kept | {key: value for key, value in shown.items() if value}


def _pairs(rows_sent: Sequence[Mapping[str, Any]], value: str) -> dict[str, Any]:
    """Rows to a mapping; a row without a name is called after its place, so that nothing typed is lost."""
    return {str(row.get("name") or f"取数{i}"): str(row.get(value, "")) for i, row in enumerate(rows_sent, start=1)}


def _examples(post: Post) -> list[dict[str, Any]]:
    names = names_sent(post)
    sent = taken((examples_asked(names),), post, "").get("examples", [])
    found = []
    for row in sent:
        values = {names[int(key[6:])]: given(words) for key, words in row.items() if key.startswith("given_") and key != "given_w"}
        if "given_w" in row:
            values[BY_HAND] = number_of(row["given_w"])
        expect = {key: row[key] for key in ("points", "state", "veto", "reading") if key in row}
        found.append({"given": values, "expect": {"because": row.get("because", ""), **expect}})
    return found


_ROUNDING: Final = ("mode", "decimals", "at")


def sheet_form(data: Mapping[str, Any]) -> dict[str, Any]:
    """The sheet's own fields as their form shows them."""
    shared = [{**one, "clauses": "、".join(map(str, one.get("clauses", [])))} for one in data.get("shared", [])]
    return {**data, **data.get("rounding", {}), "unit_kinds": data.get("applies_to", {}).get("unit_kinds", []), "shared": shared}


def sheet_data(form: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed as the sheet's own fields; what the form does not show stays as it was."""
    own = {key: value for key, value in form.items() if key not in {*_ROUNDING, "unit_kinds", "shared", "annexes"}}
    rounding = {key: form[key] for key in _ROUNDING if key in form}
    applies = {k: v for k, v in before.get("applies_to", {}).items() if k != "unit_kinds"}
    if form.get("unit_kinds"):
        applies["unit_kinds"] = form["unit_kinds"]
    shared = [{**one, "clauses": re.split(r"[、,,\s]+", one.get("clauses", "").strip())} for one in form.get("shared", [])]
    bands = {one.get("id"): one["only_for"] for one in before.get("annexes", []) if "only_for" in one}
    annexes = [{**one, **({"only_for": bands[one.get("id")]} if one.get("id") in bands else {})} for one in form.get("annexes", [])]
    extra = {"rounding": rounding, "applies_to": applies, "shared": shared, "annexes": annexes}
    return own | {key: value for key, value in extra.items() if value}
