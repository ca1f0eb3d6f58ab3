"""Every page of a large city as five roles, the slowest first; or one ledger of a million rows.

    python benchmarks/large_city.py --home FOLDER             # once: builds the city (some ten minutes, 5 GB)
    python benchmarks/pages.py --home FOLDER --main [--times 5]      # the main pages of every role
    python benchmarks/pages.py --home FOLDER [--times 10] [--accounts police,longdong,longdong.sg,office,auditor]
    python benchmarks/pages.py --home FOLDER --million tests|measures|cases [--rows 1000000] [--times 20]

``--main`` asks what stands in the navigation of each role (police, town officer, caseworker, town leader, office clerk,
leader, inspector, security officer, prosecutor, court, school, health, doctor) and one page below it. Without it the walk
starts where an account starts and follows every link of every page, keeping of each address (and of each ledger,
indicator and layout) the first that it meets; what answers with a file is left out. Printed are the middle and the 95th
percentile of this process's processor time and the 95th percentile by the clock, in milliseconds, and how many statements
go to both databases; below, for each role, its slowest page, and which addresses of the site no page led to. ``--million`` fills the ledger of
one unit past the importer up to that many rows and asks its list (first, middle and last page, a period, a place, a
code, a sort, a word), a search by the blind index, one row, its reads and an export, all with scope, masks and the read entry.

The bar is 200 ms at the 95th percentile.
"""

from __future__ import annotations

import argparse
import html
import re
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

import standing

ROLES = "police,longdong,longdong.sg,longdong.ld,office,leader,auditor,security,procuratorate,court,education,health,clinic"
ACCOUNTS = "police,longdong,longdong.sg,office,auditor"
START = ("/today/", "/ledgers/", "/search/?q=李秀英", "/indicators/", "/situation/", "/letters/", "/people/?show=all")
HREF = re.compile(r'(?:href|hx-get)="(/[^"#]*)')
MOST = 400
NOT_ASKED = ("/sign-out", "/static/", "/_gallery", "/language")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--accounts", default="")
    parser.add_argument("--main", action="store_true", help="what stands in each role's navigation, and one page below it")
    parser.add_argument("--million", choices=("tests", "measures", "cases"), default=None)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--worst", type=int, default=0, help="print only so many lines")
    return parser.parse_args()


ARGUMENTS = arguments()
standing.use(ARGUMENTS.home)

import filling  # noqa: E402
import inside  # noqa: E402
import page_times  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve  # noqa: E402


def route_of(path: str) -> tuple[str, str] | None:
    """The name of the address and what of it makes another page of the same name worth asking; None for no address."""
    try:
        match = resolve(path.partition("?")[0])
    except Resolver404:
        return None
    kind = str(match.kwargs.get("code") or match.kwargs.get("tab") or match.kwargs.get("key") or "")
    return match.view_name, kind


def walk(visitor: inside.Inside) -> Iterator[str]:
    """Every page that a link leads to, one of each kind."""
    waiting, met = list(START), set(START)
    kept: set[tuple[str, str]] = set()
    while waiting and len(kept) < MOST:
        path = waiting.pop(0)
        route = route_of(path)
        if route is None or path.startswith(NOT_ASKED) or route in kept:
            continue
        kept.add(route)
        answer = visitor.ask(path)
        if answer.is_file or answer.status in (302, 405):
            continue
        yield path
        for found in HREF.findall(answer.body):
            link = html.unescape(found)
            if link not in met:
                met.add(link)
                waiting.append(link)


def shown(path: str) -> str:
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "…", path)[:110]


def walk_all(accounts: list[str], times: int, worst: int, *, main_only: bool) -> None:
    seen: set[str] = set()
    found: list[inside.Measured] = []
    for username in accounts:
        visitor = inside.Inside(username)
        pages = list(page_times.addresses(visitor) if main_only else walk(visitor))  # type: ignore[arg-type]
        for path in pages:
            route = route_of(path)
            seen.add(route[0] if route else "")
            found.append(inside.measured(visitor, path, times, shown(path)))
            print(found[-1].line, file=sys.stderr, flush=True)
    found.sort(key=lambda one: -one.p95)
    print(inside.HEADING)
    for one in found[: worst or None]:
        print(one.line)
    above = [one for one in found if one.p95 > inside.BAR]
    for username in accounts:
        own = [one for one in found if one.username == username]
        print(
            f"{username:<15}{len(own):>4} pages  middle {statistics.median(one.p50 for one in own):>4.0f}  "
            f"slowest {max(one.p95 for one in own):>4.0f} ms  most statements {max(one.queries for one in own)}"
        )
    print(f"{len(found)} pages as {len(accounts)} accounts, {len(above)} above {inside.BAR} ms; most statements: {max(one.queries for one in found)}")
    if not main_only:
        print("no page led to: " + ", ".join(sorted(set(_page_names()) - seen)))


def _page_names() -> Iterator[str]:
    """The names of all addresses of the pages."""
    def below(resolver: URLResolver, namespace: str) -> Iterator[str]:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                yield from below(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
            elif isinstance(pattern, URLPattern) and pattern.name and namespace == "web:":
                yield f"{namespace}{pattern.name}"

    yield from below(get_resolver(), "")


def million(code: str, rows: int, times: int) -> None:
    username = "police" if code == "cases" else "longdong"
    filling.fill_up(code, username, rows)
    visitor = inside.Inside(username)
    print(inside.HEADING)
    for path in asked_of(code, visitor, rows):
        print(inside.measured(visitor, path, times, shown(path)).line, flush=True)


def asked_of(code: str, visitor: inside.Inside, rows: int) -> Iterator[str]:
    """What people ask of a long list."""
    here, last = f"/ledgers/{code}/", rows // 50
    narrow = {
        "tests": ("result=positive", "sort=-result"),
        "measures": ("kind=CD", "sort=kind"),
        "cases": ("case_kind=criminal", "sort=offence"),
    }[code]
    yield "/ledgers/"
    yield here
    yield f"{here}?when=all"
    yield from (f"{here}?when=all&page={number}" for number in (2, last // 4, last // 2, last - 1, last))
    yield f"{here}?period=2022-10"
    yield f"{here}?when=all&count=exact"
    yield f"{here}?when=all&page={last}&count=exact"
    yield from (f"{here}?when=all&{one}" for one in narrow)
    if code == "cases":
        yield from (f"{here}?when=all&q={word}" for word in ("贩卖", "没有这个词", "A53990000"))
        yield from (f"/search/?q={word}" for word in ("贩卖", "没有这个词", "A5399000000777"))
    yield f"{here}?when=all&q={filling.a_search(code, visitor.username)}"
    row = filling.a_row(code, visitor.username)
    yield f"{here}{row}/"
    yield f"{here}export/?period=2022-11"
    # Last: the range is remembered, and what follows would be asked within it.
    yield f"{here}?division={filling.a_place(code)}&when=all"


def main() -> None:
    asked = ARGUMENTS
    if not (asked.home / "large" / "filled").is_file():
        raise SystemExit(f"{asked.home} 里没有建好的大城:先运行 benchmarks/large_city.py --home {asked.home}")
    call_command("collectstatic", interactive=False, verbosity=0)
    if asked.million:
        million(asked.million, asked.rows, asked.times)
    else:
        accounts = asked.accounts or (ROLES if asked.main else ACCOUNTS)
        walk_all(accounts.split(","), asked.times, asked.worst, main_only=asked.main)


if __name__ == "__main__":
    main()
