"""From the commit of an import to the changed score: how long the road takes, over HTTP, with the worker running.

    python benchmarks/event_to_score.py [--home var] [--town longdong] [--rounds 5]

Copies a built demo city (``make demo`` builds one in ``var``) to a temporary folder, serves it with its worker, and
brings in one missed test of the town at a time through the import people use. The clock starts when the promotion has
committed and stops when the score of the town's letter, asked every 50 ms as its open page asks every 2 s, has moved.
The first round is cold (nothing of this letter has been reckoned since the start), the others are warm.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import quote

import django
from visiting import Visitor

REPOSITORY = Path(__file__).resolve().parents[1]
SEEN = re.compile(r"/live/\?seen=([^&\"]+)")
SCORE = re.compile(r'class="value[^"]*"><span>([^<]+)</span>')
PASSWORD = "yunling-2022-demo"
PATIENCE = 30.0
STARTS = 240.0
"""Seconds the server may take to start: on a machine that others use meanwhile it takes minutes."""
HEADER = "姓名,身份证号,检测日期,检测方式,检测结果,检测人"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, default=REPOSITORY / "var")
    parser.add_argument("--town", default="longdong")
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def copied(home: Path) -> Path:
    """A copy of the city, so that the demo stays as it was."""
    city = home / "demo"
    if not (city / "built").is_file():
        sys.exit(f"{city} is no built demo city: run `make demo` once, or give --home")
    target = Path(tempfile.mkdtemp(prefix="qingyuan-benchmark-"))
    shutil.copytree(city, target / "demo")
    return target


# Django reads its settings once, so the copied city stands before anything of the project is imported.
ARGUMENTS = arguments()
HOME = copied(ARGUMENTS.home)
os.environ |= {
    "QINGYUAN_HOME": str(HOME),
    "QINGYUAN_CITY": "demo",
    "DJANGO_SETTINGS_MODULE": "qingyuan.config.settings",
}
os.environ |= dict(line.split("=", 1) for line in (HOME / "demo" / "city.env").read_text("utf-8").splitlines() if line)
sys.path.insert(0, str(REPOSITORY))
django.setup()

from qingyuan.casework.queries import dues as visible_dues  # noqa: E402
from qingyuan.demo.loading import keeper  # noqa: E402
from qingyuan.foundation import clock  # noqa: E402
from qingyuan.ledgers import registry  # noqa: E402
from qingyuan.ledgers.importing.check import check  # noqa: E402
from qingyuan.ledgers.importing.promote import promote  # noqa: E402
from qingyuan.ledgers.importing.receive import receive  # noqa: E402
from qingyuan.rehabilitation.models import Client  # noqa: E402


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serving(port: int) -> subprocess.Popen[bytes]:
    """The pages and the worker, as ``make demo`` runs them."""
    return subprocess.Popen([sys.executable, "-m", "qingyuan", "serve", "--port", str(port)], cwd=REPOSITORY)


def visitor_when_up(port: int, username: str) -> Visitor:
    until = time.monotonic() + STARTS
    while True:
        try:
            return Visitor(f"http://127.0.0.1:{port}", username, PASSWORD)
        except URLError:
            if time.monotonic() > until:
                sys.exit(f"the server did not answer within {STARTS:.0f} s; its own lines above say why")
            time.sleep(0.2)


def missed(actor: Any, count: int) -> list[Any]:
    """Windows of this year that are over and were not tested, one of each person."""
    found: dict[str, Any] = {}
    late = visible_dues(actor, clock.today()).late_on(clock.today())
    for due in late.filter(closes_on__gt=clock.today().replace(month=1, day=1)).order_by("closes_on"):
        found.setdefault(due.person, due)
    if len(found) < count:
        sys.exit(f"only {len(found)} people of this town missed a test: choose fewer rounds")
    return list(found.values())[:count]


def sheet(due: Any) -> bytes:
    """A workbook of one line that answers the window."""
    client = Client.objects.get(pk=due.person)
    day = due.closes_on - timedelta(days=2)
    line = f"{client.name},{client.id_number},{day.isoformat()},尿液,阴性,李秀、王平"
    return f"{HEADER}\n{line}\n".encode()


def bring_in(content: bytes, actor: Any) -> float:
    """The whole import: received, checked, promoted. Returns the moment of its commit."""
    batch = receive(ledger=registry.get("tests"), filename="tests.csv", content=content, by=actor)
    batch = check(batch_id=batch.id, by=actor)
    if batch.new_count != 1:
        sys.exit(f"the line was not taken: new {batch.new_count}, bad {batch.bad_count} {batch.message}")
    promote(batch_id=batch.id, by=actor)
    return time.perf_counter()


def score_of(page: str) -> str:
    found = SCORE.search(page)
    return found.group(1) if found else ""


def until_moved(visitor: Visitor, letter: str, seen: str, before: str, committed: float) -> tuple[float, str, str]:
    """Seconds from the commit, the new stamp and the new score."""
    while time.perf_counter() - committed < PATIENCE:
        status, body, _seconds = visitor.get(
            f"{letter}live/?seen={quote(seen)}&was={quote(before)}", **{"HX-Request": "true"}
        )
        if status == 200 and (now := score_of(body)) and now != before:
            stamp = SEEN.search(body)
            return time.perf_counter() - committed, stamp.group(1) if stamp else "", now
        if status == 200 and (stamp := SEEN.search(body)):
            seen = stamp.group(1)
        time.sleep(0.05)
    sys.exit(f"the score stood still for {PATIENCE:.0f} s at {before}")


def main() -> None:
    port = free_port()
    server = serving(port)
    try:
        run(visitor_when_up(port, ARGUMENTS.town), ARGUMENTS.town, ARGUMENTS.rounds)
    finally:
        server.terminate()
        server.wait(timeout=20)
        shutil.rmtree(HOME, ignore_errors=True)


def run(visitor: Visitor, town: str, rounds: int) -> None:
    actor = keeper(town)
    _status, page, _seconds = visitor.get("/letters/")
    found = re.search(r'"(/letters/[0-9a-f-]{36}/)"', page)
    if found is None:
        sys.exit(f"{town} has no letter this year")
    letter = found.group(1)
    dues = missed(actor, rounds)
    _status, page, first = visitor.get(letter)
    stamp, score = SEEN.search(page), score_of(page)
    seen = stamp.group(1) if stamp else ""
    print(f"{town}: score {score}; the page answered first in {first:.2f} s")
    warm = []
    for number, due in enumerate(dues):
        committed = bring_in(sheet(due), actor)
        took, seen, now = until_moved(visitor, letter, seen, score, committed)
        kind = "cold" if number == 0 else "warm"
        print(f"  {kind}  {took:5.2f} s from commit to changed score  {score} → {now}", flush=True)
        score = now
        if number:
            warm.append(took)
    if warm:
        print(
            f"  warm, slowest of {len(warm)}: {max(warm):.2f} s; an open page asks every 2 s, so people see it at most 2 s later"
        )


if __name__ == "__main__":
    main()
