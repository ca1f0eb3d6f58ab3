"""Checking an archive: every hash anew, every score anew, and what was touched by its name.

Works on bytes alone. Hashes say which file was touched; the score recomputed from what stands there says which clause and
which number, also where somebody made the hashes fit again. Only the root printed on the published paper can say that
everything was made to fit.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, TypeVar

from qingyuan.governance.archive import layout, package
from qingyuan.governance.archive.findings import Code, Finding, Report
from qingyuan.governance.archive.reading import letter_of
from qingyuan.governance.archive.recomputing import check_letter
from qingyuan.governance.scoring.problems import SchemeUnreadable
from qingyuan.governance.scoring.scheme import Scheme
from qingyuan.governance.scoring.serialise import scheme_hash
from qingyuan.governance.scoring.structure import from_data

#: What hostile or broken content can raise where it is read or scored; anything else is a defect of ours.
BROKEN: Final = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
T = TypeVar("T")


@dataclass
class _Check:
    parts: Mapping[str, bytes]
    findings: list[Finding] = field(default_factory=list)
    schemes: dict[str, Scheme] = field(default_factory=dict)
    letters: int = 0
    partly: int = 0
    clauses: int = 0
    figures: int = 0
    definitions: Mapping[str, Any] = field(default_factory=dict)
    hashed: int = 0
    totals: list[tuple[str, str]] = field(default_factory=list)

    def find(self, code: Code, part: str, words: str, **where: str) -> None:
        self.findings.append(Finding(code, part, words, **where))


def verify(data: bytes, *, root: str = "") -> Report:
    """The report on an archive's bytes. ``root``: as printed on the published paper or written in the audit ('' = not compared)."""
    try:
        parts, odd = package.read(data)
    except package.NotAnArchive as refusal:
        return Report([refusal.finding])
    check = _Check(parts, list(odd))
    manifest = _manifest(check)
    if manifest is None:
        return Report(check.findings)
    _root(check, manifest, root)
    extract, without = _extract(check)
    _hashes(check, manifest, without)
    _schemes(check)
    _definitions(check)
    folders = _letters(check, manifest)
    for folder, title in folders.items():
        _letter(check, folder, title)
    return Report(
        findings=check.findings,
        root=_text(manifest.get("root")),
        year=_number(manifest.get("year")),
        city=_text(_mapping(manifest.get("city")).get("name")),
        on=_text(manifest.get("on")),
        letters=check.letters,
        partly=check.partly,
        clauses=check.clauses,
        figures=check.figures,
        parts=len(parts),
        hashed=check.hashed,
        extract=extract,
        left_out=len(without),
        totals=check.totals,
    )


def _manifest(check: _Check) -> Mapping[str, object] | None:
    if layout.MANIFEST not in check.parts:
        check.find(Code.NO_MANIFEST, layout.MANIFEST, "没有清单(manifest.json),不是考核档案,或清单被拿走了")
        return None
    found = _mapping(_json(check, layout.MANIFEST))
    if found.get("format") != layout.FORMAT:
        check.find(Code.NO_MANIFEST, layout.MANIFEST, "清单读不出来或不是考核档案的清单")
        return None
    if found.get("version") != layout.VERSION:
        words = f"档案格式是第 {_text(found.get('version'))} 版,本程序只认第 {layout.VERSION} 版,请用新版程序核验"
        check.find(Code.NO_MANIFEST, layout.MANIFEST, words)
        return None
    return found


def _root(check: _Check, manifest: Mapping[str, object], printed: str) -> None:
    actual = _trying(lambda: layout.root_of(manifest), "")
    if actual != manifest.get("root"):
        check.find(Code.MANIFEST, layout.MANIFEST, "清单被改动过:按清单内容重算的根校验值与清单里写的不同")
    wanted = "".join(printed.split()).lower()
    if wanted and (len(wanted) < 16 or not actual.startswith(wanted)):
        words = f"与公布的根校验值不同:公布的是 {wanted},这个档案是 {actual}(不足 16 位的不作数)"
        check.find(Code.ROOT, layout.MANIFEST, words)


def _extract(check: _Check) -> tuple[str, frozenset[str]]:
    """Whose extract it is and what it says it leaves out."""
    if layout.EXTRACT not in check.parts:
        return "", frozenset()
    told = _mapping(_json(check, layout.EXTRACT))
    without = told.get("without")
    names = frozenset(map(str, without)) if isinstance(without, list) else frozenset()
    return _text(told.get("for")) or "摘录", names - {layout.MANIFEST}


def _hashes(check: _Check, manifest: Mapping[str, object], without: frozenset[str]) -> None:
    listed = _mapping(manifest.get("parts"))
    titles = _titles(manifest)
    for name, told in listed.items():
        where = {"letter": titles.get(name.rpartition("/")[0], "")}
        data = check.parts.get(name)
        if data is None:
            if name not in without:
                check.find(Code.MISSING, name, "清单里有,档案里没有:这个文件被拿走了", **where)
        elif layout.digest_of(data) != _mapping(told).get("sha256"):
            check.find(Code.ALTERED, name, "内容与归档时的校验值不符:这个文件被改动过", **where)
    for name in sorted(set(check.parts) - set(listed) - {layout.MANIFEST, layout.EXTRACT}):
        check.find(Code.ADDED, name, "清单里没有这个文件:是后来加进去的")


def _schemes(check: _Check) -> None:
    for name in sorted(check.parts):
        if not name.startswith("schemes/"):
            continue
        data = _json(check, name)
        if data is None:
            continue
        try:
            scheme = from_data(Scheme, data)
            digest = scheme_hash(scheme)
        except SchemeUnreadable as error:
            check.find(Code.UNREADABLE, name, "办法读不出来:" + ";".join(map(str, error.problems[:3])))
            continue
        except BROKEN:
            check.find(Code.UNREADABLE, name, "办法读不出来")
            continue
        stated = name.removeprefix("schemes/").removesuffix(".json")
        check.schemes[stated] = scheme
        if digest != stated:
            words = f"《{scheme.title}》第 {scheme.version} 版被改动过:校验值应为 {stated[:16]}…,现为 {digest[:16]}…"
            check.find(Code.SCHEME, name, words)


def _definitions(check: _Check) -> None:
    """The formulas of the figures; an archive of before they were kept has none, and its figures stand as they are."""
    if layout.FIGURES in check.parts:
        check.definitions = _mapping(_mapping(_json(check, layout.FIGURES)).get("indicators"))


def _titles(manifest: Mapping[str, object]) -> dict[str, str]:
    listed = manifest.get("letters")
    found = {}
    for item in listed if isinstance(listed, list) else []:
        told = _mapping(item)
        found[_text(told.get("folder"))] = f"{_text(told.get('number'))} {_text(told.get('unit'))}".strip()
    return found


def _letters(check: _Check, manifest: Mapping[str, object]) -> dict[str, str]:
    """Folder → what people call the letter: those of the manifest that are here, and any other folder that is."""
    titles = _titles(manifest)
    here = {name.rpartition("/")[0] for name in check.parts if name.startswith("letters/")}
    return {folder: titles.get(folder, folder) for folder in sorted(here)}


def _letter(check: _Check, folder: str, title: str) -> None:
    found = letter_of(folder, title, lambda name: _json(check, name) if name in check.parts else None)
    if isinstance(found, Finding):
        # A missing or broken part has been named already; there is nothing to recompute from.
        if found.part in check.parts:
            check.findings.append(found)
        return
    scheme = check.schemes.get(found.scheme)
    if scheme is None:
        if layout.scheme_part(found.scheme) not in check.parts:
            check.find(Code.SCHEME, f"{folder}/{layout.TERMS}", "所用的办法不在档案里,得分无法重算", letter=title)
        return
    try:
        result = check_letter(found, scheme, check.definitions)
    except (SchemeUnreadable, *BROKEN) as error:
        check.find(Code.UNREADABLE, folder, f"得分无法重算:{str(error)[:120] or type(error).__name__}", letter=title)
        return
    check.findings += result.findings
    check.hashed += result.hashed
    check.clauses += result.clauses
    check.figures += result.figures
    if result.whole:
        check.letters += 1
        check.totals.append((title, result.total))
    else:
        check.partly += 1


def _json(check: _Check, name: str) -> Any:
    """A part's content with exact numbers; None, and a finding, where it is no JSON."""
    try:
        return json.loads(check.parts[name].decode("utf-8"), parse_float=Decimal, parse_int=_whole)
    except BROKEN:
        if not any(one.part == name and one.code is Code.UNREADABLE for one in check.findings):
            check.find(Code.UNREADABLE, name, "读不出来:不是完整的 JSON")
        return None


def _whole(text: str) -> int:
    """An integer of a length that any number of ours has."""
    if len(text) > 40:
        raise ValueError(text[:40])
    return int(text)


def _trying(make: Callable[[], T], otherwise: T) -> T:
    try:
        return make()
    except BROKEN:
        return otherwise


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0

