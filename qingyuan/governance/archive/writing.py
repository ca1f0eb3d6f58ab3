"""From a year to the parts of its archive; the same year gives the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from qingyuan.governance.archive.layout import (
    ABOUT_PERSONS,
    EVIDENCE,
    EVIDENCE_FEW,
    EXTRACT,
    FACTS,
    FIGURES,
    FORMAT,
    INPUTS,
    INPUTS_FEW,
    MANIFEST,
    MANUAL,
    ONLY_OWN,
    README,
    RESULT,
    REVIEW,
    ROUND,
    SHOWN,
    TERMS,
    VERSION,
    ArchivedLetter,
    ArchivedYear,
    Behind,
    Data,
    FactRows,
    digest_of,
    root_of,
    scheme_part,
)
from qingyuan.governance.scoring.disclosure import shown_to_others
from qingyuan.governance.scoring.serialise import canonical
from qingyuan.governance.scoring.structure import to_data
from qingyuan.governance.scoring.tree import ScoreTree
from qingyuan.governance.scoring.words_for_few import is_few, key_of

Parts = dict[str, bytes]
_ABOUT: Final = """禁毒工作责任制考核档案

年度:{year}  地区:{city}  得分算到:{on}{fiction}

这个文件里有:考核办法原文(schemes/)、指标的算法(indicators.json),每份责任书的约定(terms.json)、逐条取用的数(inputs.json)、
每个数的来源和依据的校验值(evidence.json)、人工评定及理由(manual.json)、得分(result.json)。
文件名带 few 的,涉及人数少于 5,只给本单位。涉及个人的记录只存校验值,不存内容。

怎样核验(不连数据库,不需要任何设置):

    qingyuan assessment verify 本文件.zip --root 公布文件上印的根校验值

它先按指标的算法从存下的记录把数重新算一遍,再按办法把每份责任书重新算一遍,逐个部分核对校验值,哪一份、哪一条、哪个数、哪个文件被动过,逐一说明。
"""


def parts_of(year: ArchivedYear) -> Parts:
    """Every part by name, the manifest among them."""
    parts: Parts = {README: _about(year)}
    if year.round:
        parts[ROUND] = canonical(year.round).encode()
    if year.figures:
        parts[FIGURES] = canonical({"indicators": year.figures}).encode()
    for digest, text in year.schemes.items():
        parts[scheme_part(digest)] = text.encode()
    for letter in year.letters:
        for name, data in _of_letter(letter).items():
            parts[f"{letter.folder}/{name}"] = canonical(data).encode()
    parts[MANIFEST] = canonical(manifest_of(year, parts)).encode()
    return parts


def manifest_of(year: ArchivedYear, parts: Mapping[str, bytes]) -> dict[str, object]:
    manifest: dict[str, object] = {
        "format": FORMAT,
        "version": VERSION,
        "year": year.year,
        "city": {"code": year.city_code, "name": year.city_name},
        "on": year.on.isoformat(),
        "known": year.known,
        "basis": year.basis,
        "fictional": year.fictional,
        "letters": [
            {"folder": one.folder, "number": one.terms["number"], "unit": one.terms["unit"]} for one in year.letters
        ],
        "parts": {name: {"sha256": digest_of(data)} for name, data in sorted(parts.items())},
    }
    return {**manifest, "root": root_of(manifest)}


def few_keys(tree: ScoreTree) -> frozenset[str]:
    """The numbers of a score that turn on fewer than five people: open to the unit alone."""
    return frozenset(key_of(item) for clause in tree.clauses() for item in clause.inputs if is_few(item.people))


def own_extract(parts: Mapping[str, bytes], folder: str, unit: str, schemes: frozenset[str]) -> Parts:
    """What one unit may take along: its own letter whole, its sheet, the manifest."""
    kept = {
        name: data
        for name, data in parts.items()
        if name in {MANIFEST, README} or name in {ROUND, FIGURES, *schemes} or name.startswith(f"{folder}/")
    }
    return _extract(parts, kept, unit, "own")


def open_edition(parts: Mapping[str, bytes], whose: str, closed: frozenset[str]) -> Parts:
    """What anyone who may read all letters may take along: without what only each unit may read of its own.

    ``closed``: folders of letters whose tree would give such a number away.
    """
    shut = {f"{folder}/{name}" for folder in closed for name in (*ONLY_OWN, RESULT)}
    kept = {name: data for name, data in parts.items() if name not in shut and not name.endswith(f"/{REVIEW}")}
    return _extract(parts, kept, whose, "open")


def closed_folders(parts: Mapping[str, bytes]) -> frozenset[str]:
    """The letters with something only the unit may read."""
    return frozenset(name.rpartition("/")[0] for name in parts if name.endswith(f"/{INPUTS_FEW}"))


def _extract(parts: Mapping[str, bytes], kept: Parts, whose: str, kind: str) -> Parts:
    without = sorted(set(parts) - set(kept) - {MANIFEST})
    return {**kept, EXTRACT: canonical({"for": whose, "kind": kind, "without": without}).encode()}


def _about(year: ArchivedYear) -> bytes:
    fiction = "\n演示城市 · 虚构数据" if year.fictional else ""
    return _ABOUT.format(year=year.year, city=year.city_name, on=year.on.isoformat(), fiction=fiction).encode()


def _of_letter(letter: ArchivedLetter) -> dict[str, Data]:
    few = few_keys(letter.tree)
    open_numbers = {key: to_data(number) for key, number in letter.inputs.items() if key not in few}
    few_numbers = {key: to_data(number) for key, number in letter.inputs.items() if key in few}
    found: dict[str, Data] = {
        TERMS: {**letter.terms, "unit_kind": letter.unit_kind},
        INPUTS: {"numbers": open_numbers},
        EVIDENCE: {"evidence": {key: _evidence(behind) for key, behind in letter.behind.items() if key not in few}},
        MANUAL: {"entries": list(letter.manual)},
        RESULT: {"salt": letter.salt, "tree": to_data(letter.tree)},
        SHOWN: {"tree": to_data(shown_to_others(letter.scheme, letter.tree))},
    }
    if letter.review:
        found[REVIEW] = {"salt": letter.salt, **letter.review}
    kept = _facts_kept({key: one for key, one in letter.behind.items() if key not in few})
    if kept:
        found[FACTS] = {"facts": kept}
    if few_numbers:
        found[INPUTS_FEW] = {"salt": letter.salt, "numbers": few_numbers}
        evidence = {key: _evidence(behind) for key, behind in letter.behind.items() if key in few}
        found[EVIDENCE_FEW] = {"salt": letter.salt, "evidence": evidence}
    return found


def _evidence(behind: Behind) -> Data:
    found: dict[str, object] = {"source": behind.source}
    if behind.question:
        found["question"] = behind.question
    if behind.facts:
        found["facts"] = {rows.fact: _told(rows) for rows in behind.facts}
    if behind.returns:
        found["returns"] = list(behind.returns)
    return found


def _told(rows: FactRows) -> Data:
    told: dict[str, object] = {"count": len(rows.lines), "sha256": rows.sha256}
    return {**told, "note": ABOUT_PERSONS} if rows.personal else told


def _facts_kept(behind: Mapping[str, Behind]) -> dict[str, dict[str, list[str]]]:
    """By number and table: the facts that are not about persons, whole."""
    found: dict[str, dict[str, list[str]]] = {}
    for key, one in behind.items():
        for rows in one.facts:
            if not rows.personal:
                found.setdefault(key, {})[rows.fact] = list(rows.lines)
    return found
