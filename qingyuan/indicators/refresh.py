"""From the ledgers' outbox to the fact files: within seconds of a commit, and never half.

Every changed partition is built beside its old file; when all are built they are renamed into place, then the version
number is raised, then the outbox entries are deleted. A process that dies on the way leaves its entries, so the next
refresh does the work again; doing it twice changes nothing.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from django.conf import settings

from qingyuan.indicators.fact_files import (
    CURRENT,
    DIVISION_NAMES,
    DIVISIONS,
    NAMES,
    PATHS,
    VERSION_FILE,
    fact_folder,
    partition_file,
    partitions_in,
)
from qingyuan.indicators.locking import only_one
from qingyuan.indicators.parquet_writer import (
    FactVersion,
    drop,
    has_schema,
    put_in_place,
    write_facts,
    write_table,
)
from qingyuan.ledgers import registry
from qingyuan.ledgers.facts import FactTable
from qingyuan.ledgers.models import FactRow, OutboxEntry
from qingyuan.organisation.models import Division, DivisionPath

Progress = Callable[[int, int], None]
Partition = tuple[str, str]
_CHUNK: Final = 500
_log = logging.getLogger(__name__)
_looked_at: Final[dict[Path, tuple[int, int]]] = {}  # the version of the files that were all found to have today's columns


def refresh(on_progress: Progress | None = None) -> int:
    """Bring the files up to the ledgers; returns how many partitions were rewritten.

    ``on_progress(done, of)`` is called after each. Nothing to do costs one query and changes no version.
    """
    facts = Path(settings.QINGYUAN_FACTS)
    with only_one(facts / ".refreshing"):
        entries = list(OutboxEntry.objects.order_by("pk").values_list("pk", "fact", "partition"))
        wanted = {(fact, partition) for _, fact, partition in entries} | _outdated(facts)
        count = _rewrite(facts, sorted(wanted), on_progress)
        _forget([pk for pk, fact, _ in entries if fact in registry.facts()])
        return count


def rebuild_all(on_progress: Progress | None = None) -> int:
    """Write every partition anew from the ledgers and drop files that have no rows; returns how many were written."""
    facts = Path(settings.QINGYUAN_FACTS)
    with only_one(facts / ".refreshing"):
        last = OutboxEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        wanted = set(FactRow.objects.order_by().values_list("fact", "partition").distinct())
        for name in registry.facts():
            wanted |= {(name, path.stem) for path in partitions_in(fact_folder(facts, name))}
        count = _rewrite(facts, sorted(wanted), on_progress, anyway=True)
        OutboxEntry.objects.filter(pk__lte=last).delete()
        return count


def _rewrite(facts: Path, wanted: Sequence[Partition], on_progress: Progress | None, *, anyway: bool = False) -> int:
    tables = registry.facts()
    for fact in sorted({fact for fact, _ in wanted if fact not in tables}):
        _log.warning("outbox names the fact %s, which no room declares; left for a version that does", fact)
    wanted = [(fact, partition) for fact, partition in wanted if fact in tables]
    full: list[Path] = []
    empty: list[Path] = []
    for done, (fact, partition) in enumerate(wanted, start=1):
        target = partition_file(facts, fact, partition)
        count = write_facts(target, tables[fact], _versions(fact, partition))
        (full if count else empty).append(target)
        if on_progress is not None:
            on_progress(done, len(wanted))
    digest = _build_divisions(facts, full)
    for target in full:
        put_in_place(target)
    for target in empty:
        drop(target)
    if wanted or anyway or digest != _read_version(facts).get("divisions"):
        _raise_version(facts, digest)
    return len(wanted)


def _versions(fact: str, partition: str) -> Iterator[FactVersion]:
    fields = (
        "row_id", "happened_on", "until", "division_id", "unit_id", "recorded_at", "superseded_at", "data",
    )  # fmt: skip
    rows = FactRow.objects.filter(fact=fact, partition=partition).order_by("pk").values_list(*fields)
    for row_id, *rest in rows.iterator(chunk_size=5000):
        yield FactVersion(str(row_id), *rest)


def _outdated(facts: Path) -> set[Partition]:
    """Partitions written when a table declared other columns: files of one fact must all have the same.

    The files are looked into once for each version of them: the worker asks twice a second.
    """
    version = _stamp(facts / VERSION_FILE)
    if version is not None and _looked_at.get(facts) == version:
        return set()
    found = _look_into(facts)
    if version is not None and not found:
        _looked_at[facts] = version
    return found


def _stamp(file: Path) -> tuple[int, int] | None:
    """Which file stands there now: every writing of the facts puts a new one in its place."""
    try:
        status = file.stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns


def _look_into(facts: Path) -> set[Partition]:
    found: set[Partition] = set()
    for name, table in registry.facts().items():
        files = partitions_in(fact_folder(facts, name))
        if files and not _same_columns(files, table):
            found |= {(name, path.stem) for path in files}
    return found


def _same_columns(files: Sequence[Path], table: FactTable) -> bool:
    """The oldest and the newest file tell: all files of a fact are rewritten together when its columns change."""
    return has_schema(files[0], table) and has_schema(files[-1], table)


def _build_divisions(facts: Path, built: list[Path]) -> str:
    """Build the division tables if they changed since the version file was written; returns their digest."""
    paths = list(
        DivisionPath.objects.order_by("ancestor_id", "descendant_id", "valid_from").values_list(
            "ancestor_id", "descendant_id", "depth", "valid_from", "valid_to"
        )
    )
    names = list(
        Division.objects.order_by("pk").values_list("pk", "code", "name", "level", "urban", "valid_from", "valid_to")
    )
    digest = hashlib.sha256(repr((paths, names)).encode()).hexdigest()
    targets = (facts / DIVISIONS / CURRENT, facts / DIVISION_NAMES / CURRENT)
    if digest != _read_version(facts).get("divisions") or not all(target.exists() for target in targets):
        write_table(targets[0], PATHS, paths)
        write_table(targets[1], NAMES, names)
        built.extend(targets)
    return digest


def _read_version(facts: Path) -> dict[str, object]:
    try:
        read = json.loads((facts / VERSION_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return read if isinstance(read, dict) else {}


def _raise_version(facts: Path, divisions: str) -> None:
    number = _read_version(facts).get("version", 0)
    following = (number if isinstance(number, int) else 0) + 1
    hidden = facts / f".{VERSION_FILE}"
    hidden.write_text(json.dumps({"version": following, "divisions": divisions}), encoding="utf-8")
    os.replace(hidden, facts / VERSION_FILE)


def _forget(pks: Sequence[int]) -> None:
    for start in range(0, len(pks), _CHUNK):
        OutboxEntry.objects.filter(pk__in=pks[start : start + _CHUNK]).delete()
