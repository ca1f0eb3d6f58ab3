"""One letter scored again from what its archive holds, and every difference by clause and number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from qingyuan.governance.archive import layout
from qingyuan.governance.archive.figures import check_figures
from qingyuan.governance.archive.findings import Code, Finding
from qingyuan.governance.archive.reading import Letter
from qingyuan.governance.scoring.disclosure import shown_to_others
from qingyuan.governance.scoring.numbers import plain
from qingyuan.governance.scoring.scheme import Scheme
from qingyuan.governance.scoring.score import score
from qingyuan.governance.scoring.serialise import canonical
from qingyuan.governance.scoring.structure import to_data
from qingyuan.governance.scoring.tree import ClauseScore, InputUsed, ScoreTree
from qingyuan.governance.scoring.words_for_few import key_of

_AMOUNTS = ("numerator", "denominator")


@dataclass(frozen=True)
class Recomputed:
    """``whole``: the tree itself stood here and was recomputed, ``total`` its points; else only the clauses open to all."""

    findings: Sequence[Finding]
    whole: bool
    clauses: int
    hashed: int
    total: str = ""
    figures: int = 0


def check_letter(letter: Letter, scheme: Scheme, definitions: Mapping[str, Any]) -> Recomputed:
    """Raises what scoring raises where the numbers or the sheet make no sense. ``definitions``: of the figures, by code."""
    reckoned = check_figures(letter, definitions)
    findings = [*_evidence(letter), *reckoned.findings, *_given_by_hand(letter), *_returned(letter)]
    fresh = score(scheme, letter.numbers, letter.on, digest=letter.scheme, unit_kind=letter.unit_kind)
    hashed = sum(
        1 for told in letter.evidence.values() for one in _facts_told(told).values() if isinstance(one, Mapping) and one.get("note")
    )
    if letter.tree is None:
        found = list(_against_shown(letter, scheme, fresh))
        return Recomputed([*findings, *found], False, _open_clauses(letter), hashed, figures=reckoned.figures)
    findings += _against_tree(letter, letter.tree, fresh)
    if letter.shown is not None and canonical(to_data(shown_to_others(scheme, letter.tree))) != canonical(letter.shown):
        words = "给别人看的那一份,与得分推出来的不同"
        findings.append(Finding(Code.SHOWN, letter.part(layout.SHOWN), words, letter.title))
    clauses = sum(1 for _ in letter.tree.clauses())
    return Recomputed(findings, True, clauses, hashed, plain(letter.tree.total), reckoned.figures)


def _against_tree(letter: Letter, kept: ScoreTree, fresh: ScoreTree) -> Iterator[Finding]:
    """What differs between the tree that was kept and the one the numbers give now; nothing where they are the same text."""
    if canonical(to_data(kept)) == canonical(to_data(fresh)):
        return
    part, before = letter.part(layout.RESULT), len(list(fresh.clauses()))
    found = 0
    now = {(clause.id, clause.variant): clause for clause in fresh.clauses()}
    then = {(clause.id, clause.variant): clause for clause in kept.clauses()}
    for key in dict.fromkeys([*then, *now]):
        old, new = then.get(key), now.get(key)
        if old is None or new is None:
            words = "存档的得分里没有这一条" if old is None else "按办法没有这一条,存档的得分里却有"
            yield Finding(Code.CLAUSE, part, words, letter.title, key[0])
            found += 1
        elif old != new:
            yield from _of_clause(letter, part, old, new)
            found += 1
    for name, words in (("total", "总分"), ("low", "最低可能"), ("high", "最高可能"), ("grade", "等次"), ("of", "满分")):
        stored, computed = getattr(kept, name), getattr(fresh, name)
        if stored != computed:
            yield Finding(Code.TOTAL, part, f"{words}存档为 {_said(stored)},重算为 {_said(computed)}", letter.title)
            found += 1
    if not found and before:
        yield Finding(Code.TOTAL, part, "得分的其余内容(分组、说明或办法版本)与重算的不同", letter.title)


def _of_clause(letter: Letter, part: str, old: ClauseScore, new: ClauseScore) -> Iterator[Finding]:
    """The clause, and which of its numbers is another than the one the score was made of."""
    if old.points != new.points or old.state is not new.state:
        words = f"存档得 {_said(old.points)},按档案里的办法和数重算得 {_said(new.points)}"
    else:
        words = "得分相同,但算式、取数或说明与重算的不同"
    yield Finding(Code.CLAUSE, part, words, letter.title, old.id)
    fresh = {item.name: item for item in new.inputs}
    for item in old.inputs:
        other = fresh.get(item.name)
        if other is not None and other != item:
            yield from _of_number(letter, old, item, other)


def _of_number(letter: Letter, clause: ClauseScore, old: InputUsed, new: InputUsed) -> Iterator[Finding]:
    key = key_of(old)
    part = letter.part(layout.INPUTS_FEW if key in letter.few else layout.INPUTS)
    named = [
        (new.amount_label or new.label or name, getattr(old, name), getattr(new, name))
        if name == "amount"
        else ({"numerator": "分子", "denominator": "分母"}[name], getattr(old, name), getattr(new, name))
        for name in ("amount", *_AMOUNTS)
    ]
    moved = [f"{label} 计分时是 {_said(a)},现在是 {_said(b)}" for label, a, b in named if a != b]
    words = ";".join(moved) or "这个数的说明、逐月数或同类单位的数与计分时不同"
    yield Finding(Code.NUMBER, part, words, letter.title, clause.id, f"{old.label}({old.ref})")


def _against_shown(letter: Letter, scheme: Scheme, fresh: ScoreTree) -> Iterator[Finding]:
    """Of a letter whose tree is not in this extract: every clause open to all, scored again from the numbers open to all."""
    if letter.shown is None:
        return
    now = {clause.id: clause for clause in fresh.clauses()}
    for told in _shown_clauses(letter.shown):
        if told.get("hidden"):
            continue
        clause = now.get(str(told.get("id")))
        if clause is None:
            yield Finding(Code.CLAUSE, letter.part(layout.SHOWN), "按办法没有这一条", letter.title, str(told.get("id")))
        elif _complete(letter, clause) and _decimal(told.get("points")) != clause.points:
            words = f"存档得 {_said(_decimal(told.get('points')))},重算得 {_said(clause.points)}"
            yield Finding(Code.CLAUSE, letter.part(layout.SHOWN), words, letter.title, clause.id)


def _open_clauses(letter: Letter) -> int:
    return 0 if letter.shown is None else sum(1 for told in _shown_clauses(letter.shown) if not told.get("hidden"))


def _complete(letter: Letter, clause: ClauseScore) -> bool:
    """Whether every number the clause reads is here: one that is kept back leaves nothing to recompute."""
    return all(key_of(item) in letter.numbers or key_of(item).startswith("manual:") for item in clause.inputs)


def _shown_clauses(shown: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    groups = shown.get("groups") or []
    for group in groups if isinstance(groups, list) else []:
        yield from (one for one in group.get("clauses") or [] if isinstance(one, Mapping))
    yield from (one for one in shown.get("vetoes") or [] if isinstance(one, Mapping))


def _evidence(letter: Letter) -> Iterator[Finding]:
    """Facts that stand here are counted and hashed again; what stands as a hash and a note is left as it is."""
    for key, told in letter.evidence.items():
        for fact, rows in _facts_told(told).items():
            kept = letter.facts.get(key, {}).get(fact)
            if rows.get("note") or kept is None:
                continue
            lines = [str(line) for line in kept]
            if len(lines) != rows.get("count") or layout.hash_of_lines(lines) != rows.get("sha256"):
                words = f"依据的记录({fact})与归档时不符:归档 {rows.get('count')} 条,现有 {len(lines)} 条"
                yield Finding(Code.EVIDENCE, letter.part(layout.FACTS), words, letter.title, number=key)


def _facts_told(told: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    facts = told.get("facts")
    return {str(k): v for k, v in facts.items() if isinstance(v, Mapping)} if isinstance(facts, Mapping) else {}


def _given_by_hand(letter: Letter) -> Iterator[Finding]:
    """A number given by hand is the one its entry says."""
    for entry in letter.manual:
        key = str(entry.get("key"))
        number = letter.numbers.get(key)
        value = _decimal(entry.get("value"))
        if number is None or number.value != value:
            words = f"评定记录是 {_said(value)},取用的是 {_said(None if number is None else number.value)}"
            yield Finding(Code.NUMBER, letter.part(layout.INPUTS), words, letter.title, str(entry.get("clause", "")), key)
    entered = {str(entry.get("key")) for entry in letter.manual}
    for key, number in letter.numbers.items():
        if key.startswith("manual:") and number.value is not None and key not in entered:
            words = "取用了一个人工评定的数,却没有评定记录"
            yield Finding(Code.NUMBER, letter.part(layout.MANUAL), words, letter.title, number=key)


def _returned(letter: Letter) -> Iterator[Finding]:
    """A number from returns is the sum of the cells of the locked returns behind it."""
    for key, number in letter.numbers.items():
        told = letter.evidence.get(key, {}).get("returns")
        if not key.startswith("return:") or not isinstance(told, list):
            continue
        cells = [_decimal(one.get("value")) for one in told if isinstance(one, Mapping)]
        total = sum((cell for cell in cells if cell is not None), Decimal(0)) if cells else None
        if total != number.value:
            words = f"各期报表相加是 {_said(total)},取用的是 {_said(number.value)}"
            yield Finding(Code.NUMBER, letter.part(layout.INPUTS), words, letter.title, number=key)


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, (Decimal, int, str)):
        return None
    return Decimal(value)


def _said(value: object) -> str:
    if value is None:
        return "无"
    return plain(value) if isinstance(value, Decimal) else str(value)

