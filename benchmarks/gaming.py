"""What the questions about patterns find of planted cheats, and how often they are asked of honest units.

    python benchmarks/gaming.py [CITIES] [--write]

Made-up cities of 22 units: in each four units do one of the things looked for (copies: a photograph laid down twice, as it was
or saved anew); then the same cities without any cheat. ``--write`` keeps the counts for the page that prints them, together
with those of a few cities, which a test counts anew.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.governance import copied_city
from tests.governance.gaming_city import UNITS, tally
from tests.governance.patterns_measured import SHARE_OF_PICTURES, measure

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "qingyuan/governance/patterns_measured.json"
#: Cities that the test counts anew.
FEW = 3


def main(cities: int, write: bool) -> None:
    measured = measure(cities)
    print(f"{cities} cities of {UNITS} units, four planted cheats in each; copies in {max(1, cities // SHARE_OF_PICTURES)} of them")
    for pattern, one in measured["patterns"].items():
        found = f"found {one['found']:4d} of {one['planted']:4d}  {one['found'] / one['planted']:6.1%}"
        print(f"  {pattern:<13} {found}   honest units asked {one['wrong']:3d} of {one['honest']}  {one['wrong'] / one['honest']:.2%}")
    clean, without = tally(cities, ()), copied_city.tally(max(1, cities // SHARE_OF_PICTURES), 0)
    print(f"the same without a cheat: honest units asked {clean.asked} of {clean.honest}  {clean.asked / clean.honest:.2%}")
    print(f"  copies: {without[3]} of {without[2]}")
    if write:
        KEPT.write_text(json.dumps({**measured, "few": measure(FEW)}, indent=1) + "\n", encoding="utf-8")
        print(f"kept in {KEPT.relative_to(ROOT)}")


if __name__ == "__main__":
    numbers = [one for one in sys.argv[1:] if one.isdigit()]
    main(int(numbers[0]) if numbers else 60, "--write" in sys.argv)
