"""How long every main page takes for the office and for a town, against a running server.

    python benchmarks/page_times.py [--url http://127.0.0.1:8000] [--times 30] [--accounts office,longdong]

Asks each page of the account's road and the pages one click below it ``--times`` times, one after the other, and prints
the middle and the slowest twentieth in milliseconds. The first answer of each page is left out of both and stands
beside them as «first».
"""

from __future__ import annotations

import argparse
import html
import re
import statistics

from visiting import Visitor

ROAD = re.compile(r'<div class="ways">(.*?)</div>', re.S)
HREF = re.compile(r'href="(/[^"]*)"')
BELOW = {
    "/letters/": re.compile(r'"(/letters/[0-9a-f-]{36}/)"'),
    "/people/": re.compile(r'"(/people/[0-9a-f-]{36}/)"'),
    "/returns/": re.compile(r'"(/returns/[0-9a-f-]{36}/)"'),
    "/indicators/": re.compile(r'"(/indicators/R05/)'),
    "/ledgers/": re.compile(r'"(/ledgers/(?:tests|meetings)/)"'),
}


def addresses(visitor: Visitor) -> list[str]:
    """The account's road, and one page below each entry that has such."""
    found: list[str] = []
    _status, page, _seconds = visitor.get("/today/")
    road = ROAD.search(page)
    for entry in HREF.findall(road.group(1) if road else ""):
        address = html.unescape(entry)
        found.append(address)
        if address in BELOW:
            below = BELOW[address].search(visitor.get(address)[1])
            if below:
                found.append(below.group(1))
    return found


def shown(address: str) -> str:
    """The address without the ids in it."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "…", address)


def timed(visitor: Visitor, address: str, times: int) -> tuple[int, float, float, float]:
    """Status, first answer, middle and 95th percentile, in milliseconds."""
    status, _body, first = visitor.get(address)
    took = sorted(visitor.get(address)[2] for _time in range(times))
    return status, first * 1000, statistics.median(took) * 1000, took[max(0, -(-len(took) * 95 // 100) - 1)] * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--times", type=int, default=30)
    parser.add_argument("--accounts", default="office,longdong")
    parser.add_argument("--password", default="yunling-2022-demo")
    args = parser.parse_args()
    print(f"{'account':<12}{'first':>8}{'p50':>8}{'p95':>8}  page (ms, {args.times} times)")
    for username in args.accounts.split(","):
        visitor = Visitor(args.url, username, args.password)
        for address in addresses(visitor):
            status, first, middle, slow = timed(visitor, address, args.times)
            note = "" if status == 200 else f"  ({status})"
            print(f"{username:<12}{first:>8.0f}{middle:>8.0f}{slow:>8.0f}  {shown(address)}{note}", flush=True)


if __name__ == "__main__":
    main()
