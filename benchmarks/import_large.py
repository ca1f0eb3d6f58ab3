"""How long others wait while a large file comes in, and how fast it is.

    python benchmarks/import_large.py [ROWS]

Builds an empty city in a temporary folder, checks and promotes a CSV of ROWS cases (default 200 000) in this process,
while a second process writes one small row every 20 ms and notes how long each write took. Prints the figures; nothing
is asserted, because the bar depends on the machine.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import django

# Django reads its settings once, so the temporary city stands before anything of the project is imported.
REPOSITORY = Path(__file__).resolve().parents[1]
HOME = tempfile.mkdtemp(prefix="qingyuan-benchmark-")
os.environ |= {"QINGYUAN_HOME": HOME, "DJANGO_SETTINGS_MODULE": "qingyuan.config.settings", "QINGYUAN_CITY": "bench"}
os.environ |= {"QINGYUAN_TODAY": "2022-11-23", "QINGYUAN_DEBUG": "1"}
sys.path.insert(0, str(REPOSITORY))
django.setup()

from qingyuan.demo import building  # noqa: E402
from qingyuan.demo.founding import found  # noqa: E402
from qingyuan.demo.loading import keeper  # noqa: E402
from qingyuan.demo.story.telling import tell  # noqa: E402
from qingyuan.ledgers import registry  # noqa: E402
from qingyuan.ledgers.importing.check import check  # noqa: E402
from qingyuan.ledgers.importing.promote import promote  # noqa: E402
from qingyuan.ledgers.importing.receive import receive  # noqa: E402

WRITER = """
import os, sys, time
import django
django.setup()
from django.db import transaction
from qingyuan.ledgers.models import OutboxEntry
from qingyuan.foundation import clock
stop, longest, count = sys.argv[1], 0.0, 0
while not os.path.exists(stop):
    began = time.perf_counter()
    with transaction.atomic():
        OutboxEntry.objects.create(fact="benchmark", partition="2022-01", created_at=clock.now())
    longest = max(longest, time.perf_counter() - began)
    count += 1
    time.sleep(0.02)
print(f"{count} {longest:.3f}")
"""


def rows_as_csv(count: int) -> bytes:
    began = date(2012, 1, 1)
    lines = ["案号,案件名称,案件类别,罪名,涉案毒品,发案地,立案时间,破案时间"]
    for number in range(count):
        day = began + timedelta(days=number % 3900)
        lines.append(f"B{number:08d},张某贩卖毒品案,刑事案件,走私、贩卖、运输、制造毒品罪,海洛因,东山街道,{day},{day}")
    return "\n".join(lines).encode()


def main(count: int) -> None:
    building.prepare_databases()
    found(tell().staff)
    by, content = keeper("police"), rows_as_csv(count)
    stop = Path(HOME) / "stop"
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(stop)], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    )
    try:
        batch = receive(ledger=registry.get("cases"), filename="large.csv", content=content, by=by)
        began = time.perf_counter()
        batch = check(batch_id=batch.id, by=by)
        checked = time.perf_counter()
        assert batch.new_count == count, (batch.state, batch.message, batch.new_count, batch.bad_count)
        batch = promote(batch_id=batch.id, by=by)
        done = time.perf_counter()
    finally:
        stop.touch()
    writes, longest = writer.communicate()[0].split()
    print(f"{count} rows: check {checked - began:.1f} s, promotion {done - checked:.1f} s")
    print(f"another writer meanwhile: {writes} writes, the longest waited {longest} s")
    shutil.rmtree(HOME)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
