"""Where the fact files are and what stands in them: the contract between the writer and the reader.

``<facts>/<fact>/<YYYY-MM>.parquet`` holds every version of the facts of one month; a reader that wants them as known on T
takes ``recorded_at <= T and (superseded_at is null or superseded_at > T)``. Times are UTC without zone. Files whose name
begins with a dot are being built.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

VERSION_FILE: Final = "_version.json"
DIVISIONS: Final = "_divisions"
DIVISION_NAMES: Final = "_division_names"
CURRENT: Final = "current.parquet"
#: Weights in grams, money in yuan: four places after the point, exact.
DECIMAL_DIGITS: Final = 18
DECIMAL_PLACES: Final = 4

FIXED_COLUMNS: Final[Mapping[str, str]] = {
    "row_id": "VARCHAR",
    "happened_on": "DATE",
    "until": "DATE",
    "division_id": "BIGINT",
    "unit_id": "BIGINT",
    "recorded_at": "TIMESTAMP",
    "superseded_at": "TIMESTAMP",
}
PATHS: Final[Mapping[str, str]] = {
    "ancestor_id": "BIGINT",
    "descendant_id": "BIGINT",
    "depth": "INTEGER",
    "valid_from": "DATE",
    "valid_to": "DATE",
}
NAMES: Final[Mapping[str, str]] = {
    "id": "BIGINT",
    "code": "VARCHAR",
    "name": "VARCHAR",
    "level": "VARCHAR",
    "urban": "BOOLEAN",
    "valid_from": "DATE",
    "valid_to": "DATE",
}
_TYPES: Final[Mapping[str, str]] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "decimal": f"DECIMAL({DECIMAL_DIGITS},{DECIMAL_PLACES})",
    "date": "DATE",
    "boolean": "BOOLEAN",
}


def column_type(fact_type: str) -> str:
    """The DuckDB type of a declared fact column."""
    return _TYPES[fact_type]


def fact_folder(facts: Path, name: str) -> Path:
    return facts / name


def partition_file(facts: Path, name: str, partition: str) -> Path:
    return fact_folder(facts, name) / f"{partition}.parquet"


def partitions_in(folder: Path) -> list[Path]:
    """Finished partition files, in order; none when the folder does not exist."""
    return sorted(path for path in folder.glob("*.parquet") if not path.name.startswith("."))
