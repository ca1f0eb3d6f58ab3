"""How well sheets are understood without a ledger, against a folder of workbooks with annotated headings.

Run: python benchmarks/read_tables.py FOLDER [--gold FOLDER/gold_headers.json]

The gold file is a list of {"file", "column_attribute", "row_attribute"}: the texts of the heading cells on top and on the
left. Files are named by kind: vertical_* and hierarchical_* are lists, whose headings must equal the annotated ones; of
horizontal_* and complex_* either the turned headings must equal the annotated rows, or the sheet must be refused.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from django.conf import settings

from qingyuan.ledgers.reading.inspecting import Found, inspect
from qingyuan.ledgers.reading.open import open_workbook

LISTS = ("vertical", "hierarchical")
RIGHT = frozenset({"read", "turned", "refused"})


def heading_cells(found: Found) -> Counter[str]:
    """The heading cells of a sheet, each once: a cell over several columns is the top of neighbouring paths."""
    cells: Counter[str] = Counter()
    before: tuple[str, ...] = ()
    for part in found.columns:
        if part.rows:
            cells.update(_bare(text) for text in part.path)
            continue
        path = tuple(_bare(text) for text in part.path)
        shared = 0
        if len(path) > 1:
            while shared < min(len(path) - 1, len(before) - 1) and path[shared] == before[shared]:
                shared += 1
        cells.update(path[shared:])
        before = path
    return cells


def verdict(found: Found, gold: dict[str, object]) -> str:
    """``read``, ``turned``, ``refused``; ``misread`` when headings are others than annotated."""
    if found.not_a_list:
        return "refused"
    annotated = gold["row_attribute" if found.turned else "column_attribute"]
    assert isinstance(annotated, Sequence)
    same = heading_cells(found) == Counter(_bare(str(text)) for text in annotated)
    return ("turned" if found.turned else "read") if same else "misread"


def _bare(text: str) -> str:
    return "".join(text.split())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--gold", type=Path, help="default: gold_headers.json in the folder")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    settings.configure(USE_I18N=False)
    score: dict[str, Counter[str]] = {}
    for gold in json.loads((asked.gold or asked.folder / "gold_headers.json").read_text(encoding="utf-8")):
        name = str(gold["file"])
        kind = name.split("_")[0]
        told = verdict(inspect(open_workbook(asked.folder / name))[0], gold)
        if kind in LISTS and told != "read":
            told = "misread" if told != "refused" else "wrongly refused"
        elif kind not in LISTS and told == "read":
            told = "misread"
        score.setdefault(kind, Counter())[told] += 1
        if told not in RIGHT:
            print(f"{name}: {told}", file=sys.stderr)
    lists = sum(score.get(kind, Counter())["read"] for kind in LISTS)
    of = sum(sum(score.get(kind, Counter()).values()) for kind in LISTS)
    others = sum(counts[told] for kind, counts in score.items() if kind not in LISTS for told in ("turned", "refused"))
    rest = sum(sum(counts.values()) for kind, counts in score.items() if kind not in LISTS)
    if asked.json:
        print(json.dumps({kind: dict(counts) for kind, counts in score.items()}, ensure_ascii=False))
        return
    for kind, counts in sorted(score.items()):
        print(f"{kind:14}", ", ".join(f"{told} {count}" for told, count in counts.items()))
    print(f"lists whose headings equal the annotated ones: {lists} of {of}")
    print(f"others turned with the annotated headings, or refused: {others} of {rest}")


if __name__ == "__main__":
    main()
