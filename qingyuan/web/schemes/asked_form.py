"""Forms made of declarations: what a rule kind asks for is drawn as labelled fields and read back as plain data.

Names of fields are paths («rule.params.bands.0.from»). Nothing typed is lost: what is no number stays as typed, and the checker
says so beside it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from qingyuan.foundation.words import said
from qingyuan.governance.scoring.asked import Ask, Asked
from qingyuan.governance.scoring.kinds import KINDS
from qingyuan.governance.scoring.nested import MEASURED

MOST_ROWS: Final = 60
DEEPEST: Final = 5
_PART: Final = (Asked("kind", "怎么计分", Ask.CHOICE, True),)

Post = Mapping[str, str]


@dataclass(frozen=True)
class Around:
    """What the fields stand in: names of the clause's inputs, kinds of unit, how a source is written for people."""

    names: Sequence[str] = ()
    kinds: Sequence[tuple[str, str]] = ()
    source_words: Callable[[str], str] = str


@dataclass(frozen=True)
class Drawn:
    """One field as drawn. rows: of a list, each its fields (the last one blank); inside: of a table or rule."""

    name: str
    label: str
    ask: str
    help: str = ""
    must: bool = False
    value: str = ""
    options: Sequence[tuple[str, str]] = ()
    chosen: Sequence[str] = ()
    rows: Sequence[Sequence[Drawn]] = ()
    inside: Sequence[Drawn] = field(default=())
    example: str = ""

    @property
    def anchor(self) -> str:
        return f"f-{self.name.replace('.', '-')}"


def drawn(asks: Sequence[Asked], data: Mapping[str, Any], prefix: str, around: Around, depth: int = 0) -> list[Drawn]:
    """The fields filled with ``data``."""
    return [_one(ask, data, prefix, around, depth) for ask in asks]


def _one(asked: Asked, data: Mapping[str, Any], prefix: str, around: Around, depth: int) -> Drawn:
    name, value = f"{prefix}{asked.name}", data.get(asked.name)
    base: dict[str, Any] = {"name": name, "label": said(asked.label), "ask": asked.ask.value, "help": said(asked.help), "must": asked.must}
    if asked.ask is Ask.ROWS:
        given = [row for row in value if isinstance(row, Mapping)] if isinstance(value, (list, tuple)) else []
        rows = [*given, {}][:MOST_ROWS]
        return Drawn(**base, rows=[drawn(asked.inside, row, f"{name}.{i}.", around, depth + 1) for i, row in enumerate(rows)])
    if asked.ask is Ask.TABLE:
        return Drawn(**base, inside=drawn(asked.inside, value if isinstance(value, Mapping) else {}, f"{name}.", around, depth + 1))
    if asked.ask in {Ask.RULE, Ask.PART}:
        spec = data if asked.ask is Ask.PART else value if isinstance(value, Mapping) else {}
        return _rule(base, spec, prefix if asked.ask is Ask.PART else f"{name}.", around, depth)
    if asked.ask is Ask.INPUT:
        return Drawn(**base, value=_text(value), options=[(one, one) for one in around.names])
    if asked.ask in {Ask.INPUTS, Ask.KINDS}:
        options = around.kinds if asked.ask is Ask.KINDS else [(one, one) for one in around.names]
        return Drawn(**base, options=options, chosen=tuple(map(str, value or ())))
    if asked.ask is Ask.SOURCE:
        return Drawn(**base, value=around.source_words(_text(value)))
    if asked.ask is Ask.FLAG:
        return Drawn(**base, value="yes" if value is True else "")
    return Drawn(**base, value=_text(value), options=[(one, said(words)) for one, words in asked.options])


def _rule(base: Mapping[str, Any], spec: Mapping[str, Any], prefix: str, around: Around, depth: int) -> Drawn:
    """A rule: which kind, chosen by its sentence, and under it what that kind asks for."""
    kind, params = _text(spec.get("kind")), spec.get("params")
    own = KINDS.get(kind)
    # A rule that measures hands one number to the rule inside it: nothing to choose from.
    within = Around((), around.kinds, around.source_words) if str(base["name"]).endswith("then") else around
    inside: Sequence[Drawn] = ()
    if own is not None and depth < DEEPEST:
        inside = drawn(own.asks, params if isinstance(params, Mapping) else {}, f"{prefix}params.", within, depth + 1)
    options = [(name, said(one.says)) for name, one in KINDS.items() if depth == 0 or name != "veto"]
    return Drawn(
        **{**base, "name": f"{prefix}kind"},
        value=kind,
        options=options,
        inside=inside,
        example=said(own.such_as) if own is not None else "",
    )


def taken(asks: Sequence[Asked], post: Post, prefix: str, source_of: Callable[[str], str] = str, depth: int = 0) -> dict[str, Any]:
    """What was typed, as plain data: blank fields and blank rows are left out."""
    found: dict[str, Any] = {}
    for asked in asks:
        value = _read(asked, post, prefix, source_of, depth)
        if asked.ask is Ask.PART:
            found |= value or {}
        elif value is not None:
            found[asked.name] = value
    return found


def _read(asked: Asked, post: Post, prefix: str, source_of: Callable[[str], str], depth: int) -> Any:
    name = f"{prefix}{asked.name}"
    if asked.ask is Ask.ROWS:
        rows = [taken(asked.inside, post, f"{name}.{i}.", source_of, depth + 1) for i in _indexes(post, f"{name}.")]
        return [row for row in rows if row] or None
    if asked.ask is Ask.TABLE:
        return taken(asked.inside, post, f"{name}.", source_of, depth + 1) or None
    if asked.ask in {Ask.RULE, Ask.PART}:
        return _read_rule(post, prefix if asked.ask is Ask.PART else f"{name}.", source_of, depth)
    if asked.ask in {Ask.INPUTS, Ask.KINDS}:
        getlist = getattr(post, "getlist", None)
        several = getlist(name) if getlist else post.get(name, "").split()
        return list(several) or None
    text = post.get(name, "").strip()
    if not text:
        return None
    if asked.ask is Ask.FLAG:
        return True
    if asked.ask is Ask.SOURCE:
        return source_of(text)
    return number_of(text) if asked.ask in {Ask.NUMBER, Ask.MARK} else text


def _read_rule(post: Post, prefix: str, source_of: Callable[[str], str], depth: int) -> dict[str, Any] | None:
    kind = post.get(f"{prefix}kind", "").strip()
    if not kind:
        return None
    own = KINDS.get(kind)
    params = taken(own.asks, post, f"{prefix}params.", source_of, depth + 1) if own is not None and depth < DEEPEST else {}
    return {"kind": kind} | ({"params": params} if params else {})


def _indexes(post: Post, prefix: str) -> list[int]:
    """The rows that were sent, in their order."""
    found = {name[len(prefix) :].partition(".")[0] for name in post if name.startswith(prefix)}
    return sorted(int(one) for one in found if one.isdecimal() and int(one) < MOST_ROWS)


def number_of(text: str) -> Decimal | str:
    """An exact number, also typed in full width or with thousands; what is none stays as typed."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip()
    try:
        found = Decimal(plain)
    except InvalidOperation:
        return text
    return found if found.is_finite() else text


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value == value.to_integral_value() else format(value, "f")
    return "" if value == MEASURED else str(value)
