"""What the questions about patterns find of planted cheats, and how often they are asked of honest units.

    python benchmarks/gaming.py [CITIES]

Made-up cities of 22 units: in each four units do one of the three things looked for; then the same cities without any cheat.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.governance.gaming_city import UNITS, tally


def main(cities: int) -> None:
    with_cheats, clean = tally(cities), tally(cities, ())
    print(f"{cities} cities of {UNITS} units, four planted cheats in each")
    for pattern, planted in with_cheats.planted.items():
        print(f"  {pattern.value:<13} found {with_cheats.found[pattern]:4d} of {planted:4d}  {with_cheats.found[pattern] / planted:6.1%}")
    print(f"  honest units asked {with_cheats.asked} of {with_cheats.honest}  {with_cheats.asked / with_cheats.honest:.2%}")
    print(f"the same without a cheat: honest units asked {clean.asked} of {clean.honest}  {clean.asked / clean.honest:.2%}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
