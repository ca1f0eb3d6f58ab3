"""What goes into a year's archive, and the archives that are kept."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from qingyuan.foundation.crypto import blind_index
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.kept_files import read_file
from qingyuan.governance.archive import layout, package, writing
from qingyuan.governance.archive.figures import figure_data
from qingyuan.governance.archive.layout import ArchivedLetter, ArchivedYear, Behind, FactRows
from qingyuan.governance.enums import ArchiveBasis
from qingyuan.governance.models import AssessmentArchive, Letter, ManualEntry, Return
from qingyuan.governance.queries.assessments import PublishedResult, PublishedRound
from qingyuan.governance.queries.inputs import Numbers, known_at, question_of, refs_of, scored_period, subject_of
from qingyuan.governance.queries.schemes import scheme_of
from qingyuan.governance.queries.trees import numbers_of
from qingyuan.governance.scoring.refs import InputRef
from qingyuan.governance.scoring.score import score
from qingyuan.governance.scoring.serialise import canonical
from qingyuan.indicators import catalogue, store
from qingyuan.indicators.queries import FactsBehind, facts_behind
from qingyuan.organisation.models import Division

PLACE: Final = "governance.AssessmentArchive.path"
#: By subject (whether a unit, and which one): the facts behind one indicator.
Facts = dict[tuple[bool, int], Sequence[FactsBehind]]


def archives_of(city_id: int, year: int) -> list[AssessmentArchive]:
    """The archives of a year, the newest first."""
    return list(AssessmentArchive.objects.filter(city_id=city_id, year=year).order_by("-serial"))


def bytes_of(kept: AssessmentArchive) -> bytes:
    """The whole file as it was kept. Raises foundation's FileDamaged."""
    return read_file(kept.path, kept.digest, PLACE)


def open_bytes(kept: AssessmentArchive, whose: str) -> bytes:
    """The edition for those who may read all letters."""
    parts, _odd = package.read(bytes_of(kept))
    return package.write(writing.open_edition(parts, whose, writing.closed_folders(parts)))


def own_bytes(kept: AssessmentArchive, letter: Letter) -> bytes | None:
    """The extract for the unit of one letter; None where the archive does not hold that letter."""
    parts, _odd = package.read(bytes_of(kept))
    folder = _kept_in(parts, letter)
    if folder is None:
        return None
    schemes = frozenset({layout.scheme_part(letter.scheme.content_hash)})
    return package.write(writing.own_extract(parts, folder, letter.unit.label, schemes))


def _kept_in(parts: Mapping[str, bytes], letter: Letter) -> str | None:
    """The letter's folder by its number, which no other letter bears: a folder's name alone proves nothing, for serials
    begin anew under every head. None too where two letters were kept in one folder: what is there is partly another's."""
    listed = json.loads(parts[layout.MANIFEST]).get("letters", [])
    mine = [one["folder"] for one in listed if one["number"] == letter.number]
    if len(mine) != 1 or [one["folder"] for one in listed].count(mine[0]) != 1:
        return None
    terms = parts.get(f"{mine[0]}/{layout.TERMS}")
    return mine[0] if terms is not None and json.loads(terms)["number"] == letter.number else None


def folders_of(letters: Sequence[Letter]) -> dict[UUID, str]:
    """By letter: its folder in an archive of these.

    A serial is unique only under one head: of several letters with the same the first keeps the plain folder (towns before
    member units, then the earlier issued), the others get one of their own.
    """
    found: dict[UUID, str] = {}
    for one in sorted(letters, key=lambda letter: (letter.is_of_unit, letter.issued_at, letter.number)):
        plain = folder_of(one)
        found[one.pk] = plain if plain not in found.values() else f"{plain}-{one.pk.hex[-8:]}"
    return found


def folder_of(letter: Letter) -> str:
    """The folder of a letter whose serial no other letter of its year has."""
    return f"letters/{letter.serial:03}"


def day_of_year(letters: Sequence[Letter], today: date) -> date:
    """The day the year's letters are scored for: today, and once a sheet is over its last day."""
    schemes = [scheme_of(letter.scheme) for letter in letters]
    return min(max(today, *(one.valid_from for one in schemes)), *(one.valid_to - timedelta(days=1) for one in schemes))


def live_letters(city_id: int, year: int) -> list[Letter]:
    rows = Letter.objects.live().filter(city_id=city_id, year=year)
    return list(rows.select_related("unit", "division", "city", "scheme").order_by("serial", "head"))


def gather(city: Division, year: int, letters: Sequence[Letter], on: date, found: PublishedRound | None = None) -> ArchivedYear:
    """All of a year as an archive takes it; ``found``: the published round whose results it holds. ``letters`` may not be
    empty. Raises queries' SchemeChanged, SchemeNotInForce.
    """
    reviews = {} if found is None else {one.letter_id: _review(one) for one in found.results}
    known = known_at(city.pk, on)
    numbers = numbers_of(letters, on)
    stated, behind = _codes(letters, on), _facts(letters, city.pk, on)
    entries, folders = _entries(letters, on), folders_of(letters)
    returned = _returned(letters, on)
    return ArchivedYear(
        year=year,
        city_code=city.code,
        city_name=city.name,
        on=on,
        known=known.isoformat() if known is not None else "",
        basis=(ArchiveBasis.LIVE if found is None else ArchiveBasis.PUBLISHED).value,
        fictional=bool(settings.QINGYUAN_DEMO),
        schemes={one.scheme.content_hash: one.scheme.content for one in letters},
        letters=[
            replace(
                _letter(one, on, numbers[one.pk], behind, entries.get(one.pk, []), returned),
                folder=folders[one.pk],
                review=reviews.get(one.pk, {}),
            )
            for one in letters
        ],
        round={} if found is None else _round(found),
        figures={code: told for code in stated if (told := _figure(code, on)) is not None},
    )


def _figure(code: str, on: date) -> dict[str, object] | None:
    """The formula of a figure; None where it rests on rows about persons, of which only hashes are kept."""
    indicator = catalogue.get(code, scored_period(on).last_day)
    tables = store.current().tables
    if any(tables[fact].column("person") is not None for fact in indicator.facts):
        return None
    types = {fact: {column.name: str(column.type) for column in tables[fact].columns} for fact in indicator.facts}
    return figure_data(indicator, types)


def _round(found: PublishedRound) -> dict[str, object]:
    return {
        "issuer": found.issuer,
        "scored_on": found.scored_on.isoformat(),
        "published_on": found.published_on.isoformat(),
        "commitment": found.commitment,
        "seed": found.seed,
    }


def _review(one: PublishedResult) -> dict[str, object]:
    """What was said about a letter's score before it was published, and the hashes of what was handed in."""
    objections = [
        {"clause": said.clause, "was": said.was, "wanted": said.wanted, "reason": said.reason, "state": said.state, "answer": said.answer}
        for said in one.objections
    ]
    evidence = [{"clause": kept.clause, "kind": kept.kind, "sha256": kept.digest} for kept in one.evidence]
    return {"objections": objections, "evidence": evidence, "tree_hash": one.tree_hash}


def _codes(letters: Sequence[Letter], on: date) -> list[str]:
    """Each indicator that some sheet of theirs reads."""
    return sorted({ref.code for ref in _refs(letters, on) if ref.source == "indicator"})


def _facts(letters: Sequence[Letter], city_id: int, on: date) -> dict[str, Facts]:
    """By indicator: what stands behind it of every town and every member unit whose sheet reads it."""
    known = known_at(city_id, on)
    found: dict[str, Facts] = {}
    for members in ([one for one in letters if not one.is_of_unit], [one for one in letters if one.is_of_unit]):
        for code in _codes(members, on) if members else ():
            if members[0].is_of_unit and not catalogue.get(code, scored_period(on).last_day).by_unit:
                continue
            kept = facts_behind(question_of(members[0], code, on, known), sorted({subject_of(one) for one in members}))
            found.setdefault(code, {}).update({(members[0].is_of_unit, whose): rows for whose, rows in kept.items()})
    return found


def _refs(letters: Sequence[Letter], on: date) -> list[InputRef]:
    schemes = {one.scheme_id: scheme_of(one.scheme) for one in letters}
    return [ref for scheme in schemes.values() for ref in refs_of(scheme, on)]


def _letter(
    letter: Letter,
    on: date,
    numbers: Numbers,
    behind: Mapping[str, Facts],
    entries: Sequence[ManualEntry],
    returned: Mapping[tuple[int, str], Sequence[Return]],
) -> ArchivedLetter:
    scheme = scheme_of(letter.scheme)
    tree = score(scheme, numbers, on, unit_kind=letter.unit.kind)
    stated = canonical({"letter": str(letter.pk), "on": on.isoformat(), "total": tree.total})
    return ArchivedLetter(
        folder=folder_of(letter),
        terms=_terms(letter, on),
        unit_kind=letter.unit.kind,
        scheme=scheme,
        inputs=numbers,
        behind={key: _behind(key, letter, on, behind, returned) for key in sorted(numbers)},
        manual=[_entry(one) for one in entries],
        tree=tree,
        salt=sha256(blind_index(Compartment.INTERNAL, "assessment-archive", stated).encode()).hexdigest()[:32],
    )


def _terms(letter: Letter, on: date) -> dict[str, object]:
    """What was promised; of the post-holders only the posts: a name is not needed to recompute a point."""
    second = letter.parties.get("second", {})
    return {
        "number": letter.number,
        "title": letter.title,
        "year": letter.year,
        "unit": letter.unit.label,
        "division": {"code": letter.division.code, "name": letter.division.name},
        "posts": [str(post.get("title", "")) for post in second.get("posts", [])],
        "state": letter.state,
        "issued_on": letter.issued_on.isoformat(),
        "signed_on": letter.signed_on.isoformat() if letter.signed_on else "",
        "content_hash": letter.content_hash,
        "scheme": letter.scheme.content_hash,
        "targets": layout.plain_data(letter.targets),
        "on": on.isoformat(),
    }


def _behind(
    key: str,
    letter: Letter,
    on: date,
    behind: Mapping[str, Facts],
    returned: Mapping[tuple[int, str], Sequence[Return]],
) -> Behind:
    source, _colon, code = key.partition(":")
    if source == "indicator":
        whose = {"unit": letter.unit.code} if letter.is_of_unit else {"division": letter.division.code}
        asked = {"indicator": code, "period": str(scored_period(on)), **whose, "as_of": on.isoformat()}
        kept = behind.get(code, {}).get((letter.is_of_unit, subject_of(letter)), ())
        return Behind(source, asked, facts=[_rows(one) for one in kept])
    if source == "return":
        form, _dot, cell = code.partition(".")
        filed = returned.get((letter.unit_id, form), ())
        return Behind(source, {"form": form, "cell": cell}, returns=[_filed(one, cell) for one in filed if cell in one.values])
    return Behind(source)


def _rows(one: FactsBehind) -> FactRows:
    lines = sorted(canonical(dict(zip(one.columns, map(layout.exact, row), strict=True))) for row in one.rows)
    return FactRows(one.fact, lines, one.personal)


def _filed(filed: Return, cell: str) -> dict[str, object]:
    return {
        "period": filed.period,
        "version": filed.version,
        "locked_on": filed.locked_at.isoformat() if filed.locked_at else "",
        "value": filed.values[cell],
        "sha256": layout.digest_of(canonical(layout.plain_data(filed.cells)).encode()),
    }


def _returned(letters: Sequence[Letter], on: date) -> dict[tuple[int, str], list[Return]]:
    forms = {ref.code.partition(".")[0] for ref in _refs(letters, on) if ref.source == "return"}
    months = [str(month) for month in scored_period(on).months()]
    found: dict[tuple[int, str], list[Return]] = {}
    if forms:
        units = [one.unit_id for one in letters]
        rows = Return.objects.locked().filter(form__in=forms, period__in=months, unit__in=units).order_by("period")
        for filed in rows:
            found.setdefault((filed.unit_id, filed.form), []).append(filed)
    return found


def _entries(letters: Sequence[Letter], on: date) -> dict[object, list[ManualEntry]]:
    found: dict[object, list[ManualEntry]] = {}
    for entry in ManualEntry.objects.standing().filter(letter__in=letters, holds_from__lte=on).order_by("key"):
        found.setdefault(entry.letter_id, []).append(entry)
    return found


def _entry(entry: ManualEntry) -> dict[str, object]:
    return {
        "clause": entry.clause,
        "key": entry.key,
        "value": entry.value,
        "reason": entry.reason,
        "holds_from": entry.holds_from.isoformat(),
        "by": entry.by_name,
        "reviewed_by": entry.reviewed_by_name or _("尚未复核"),
    }
