"""A large workbook imported, validated and stored, beside openpyxl merely reading it; and beside django-import-export.

    python benchmarks/import_200k.py [--rows 200000] [--ledgers wide,wide-personal] [--times 1] [--small 20000] [--here]

What is measured, in one run and one after the other, in processes of their own:

* openpyxl (``read_only=True``) reads every cell of the file and keeps none;
* (with ``--here`` all of our side runs in one process; otherwise a second one reads and prepares, as in the office, and
  its processor time is counted in);
* Qingyuan imports the file into an empty city of its own: *check* (every cell read and validated, every row resolved,
  keyed, compared with the ledger and staged encrypted), *promotion* (rows with blind keys, an audit change for each row
  chained under the file's digest, the landing) and the *facts* that follow. Meanwhile another process writes one small
  row every 20 ms and notes how long each write took. Afterwards the rows are counted as anybody sees them, and the
  audit is sealed and verified (not timed). At the end one more import, in one process and with its functions wrapped
  (``stages.py``), tells where the time goes; ``--no-stages`` leaves it out.

The twenty columns are real: ``benchmarks/wide`` declares two ledgers for this purpose (one without, one with three
encrypted personal columns). ``--ledgers cases`` takes the city's own case ledger instead: ten columns, the other ten of
the file are read and belong to nothing.

django-import-export is not among our packages and shall not be: its part runs only where it happens to be installed;
``import_beside_import_export.py`` makes a throw-away environment with it and runs that part alone (``--rows 0``).

It imports ``--small`` rows of the same file into a plain table of the same shape, with its own defaults and with its
bulk mode; its widgets parse days and numbers, there is no key, no encryption, no audit and no fact.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from stages import Stages

REPOSITORY = Path(__file__).resolve().parents[1]
WRITER = """
import os, sys, time
import django
django.setup()
from django.db import transaction
from qingyuan.ledgers.models import OutboxEntry
from qingyuan.foundation import clock
stop, waits = sys.argv[1], []
print("ready", flush=True)
while not os.path.exists(stop):
    began = time.perf_counter()
    with transaction.atomic():
        OutboxEntry.objects.create(fact="benchmark", partition="2022-01", created_at=clock.now())
    waits.append(time.perf_counter() - began)
    time.sleep(0.02)
waits.sort()
print(len(waits), round(waits[-1], 3), round(waits[len(waits) * 99 // 100], 3))
"""


def rows(count: int) -> Iterator[dict[str, object]]:
    """Rows as offices write them: several notations of days, units in cells, aliases of codes."""
    chance = random.Random(20221123)
    surnames, given = "李王张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红"
    streets = ("建设路", "人民路", "滨江大道", "老街", "工业园三路")
    for number in range(count):
        filed = date(2012, 1, 1) + timedelta(days=chance.randrange(3600))
        cracked = filed + timedelta(days=chance.randrange(60))
        closed = cracked + timedelta(days=chance.randrange(200))
        name = chance.choice(surnames) + "某" + chance.choice(given)
        yield {
            "案件编号": f"A5399{filed:%Y%m}{number:07d}",
            "案件名称": f"{name}贩卖毒品案",
            "案件类别": chance.choice(("刑事案件", "刑事", "治安案件")),
            "罪名": chance.choice(("走私、贩卖、运输、制造毒品罪", "贩卖毒品", "非法持有毒品罪", "非法持有毒品")),
            "主要毒品": chance.choice(("海洛因", "冰毒", "四号", "鸦片", "")),
            "案件等级": chance.choice(("一般", "较大案件", "重大", "")),
            "查获场所": chance.choice(("社区", "农村", "单位", "")),
            "发案地": "东山街道",
            "立案日期": chance.choice((filed.isoformat(), f"{filed.year}年{filed.month}月{filed.day}日")),
            "破案日期": chance.choice((cracked.isoformat(), f"{cracked.year}.{cracked.month}.{cracked.day}")),
            "结案日期": chance.choice((closed.isoformat(), closed.isoformat(), "")),
            "净重": chance.choice((f"{chance.randrange(1, 900)}克", f"{chance.randrange(1, 9)}.5公斤", "")),
            "涉案金额": chance.randrange(100, 90_000),
            "抓获人数": chance.randrange(0, 9),
            "扣押车辆": chance.choice((0, 1, 2)),
            "是否复核": chance.choice(("是", "否", "√")),
            "承办人": "李秀、王平",
            "联系电话": f"138{chance.randrange(10**8):08d}",
            "现场地址": f"{chance.choice(streets)}{chance.randrange(1, 400)}号",
            "备注": f"第{number}号登记,线索来自日常工作,已按规定移送",
        }


def write_workbook(path: str, count: int) -> None:
    from rustpy_xlsxwriter import write_worksheet

    write_worksheet(rows(count), path)


def clean_rows(count: int) -> Iterator[dict[str, object]]:
    """The same rows with days and numbers as a widget of django-import-export reads them: it knows one notation."""
    for row in rows(count):
        for name in ("立案日期", "破案日期", "结案日期"):
            text = str(row[name])
            parts = text.replace("年", "-").replace("月", "-").replace("日", "").replace(".", "-").split("-")
            row[name] = "-".join(part.zfill(2) for part in parts) if text else ""
        yield row


# --- parts, each run in a process of its own --------------------------------------------------------------------------


def part_openpyxl(path: str, _count: int) -> dict[str, Any]:
    import openpyxl

    began, used = time.perf_counter(), time.process_time()
    book = openpyxl.load_workbook(path, read_only=True)
    seen = sum(1 for _row in book.worksheets[0].iter_rows(values_only=True)) - 1
    return {"rows": seen, "seconds": time.perf_counter() - began, "cpu": time.process_time() - used}


def found_city(home: str) -> None:
    import django

    os.environ |= {"QINGYUAN_HOME": home, "QINGYUAN_CITY": "bench", "QINGYUAN_TODAY": "2022-11-23"}
    os.environ |= {"DJANGO_SETTINGS_MODULE": "wide.settings", "QINGYUAN_HTTPS": "0", "QINGYUAN_LOG_LEVEL": "WARNING"}
    os.environ["PYTHONPATH"] = os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "benchmarks")])
    sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "benchmarks")]
    django.setup()
    from django.core.management import call_command

    from qingyuan.demo import building
    from qingyuan.demo.founding import found
    from qingyuan.demo.story.telling import tell

    building.prepare_databases()
    call_command("migrate", database="default", run_syncdb=True, verbosity=0)
    found(tell().staff)


def part_ours(path: str, count: int, code: str, writer: bool, here: bool, watched: bool) -> dict[str, Any]:
    home = tempfile.mkdtemp(prefix="qingyuan-benchmark-", dir=os.environ.get("QINGYUAN_BENCHMARK_FOLDER"))
    try:
        found_city(home)
        from qingyuan.ledgers.importing import beside

        if here or watched:
            beside.start = lambda: None
        stages = Stages()
        if watched:
            stages.watch()
        took = _import(path, count, code, Path(home) / "stop", writer)
        return took | ({"stages": stages.spent} if watched else {})
    finally:
        shutil.rmtree(home, ignore_errors=True)


def now() -> tuple[float, float]:
    """Seconds by the clock and of the processor, of this process and of those that it started and that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter(), time.process_time() + children.ru_utime + children.ru_stime


def _import(path: str, count: int, code: str, stop: Path, with_writer: bool) -> dict[str, Any]:
    from qingyuan.demo.loading import keeper
    from qingyuan.foundation import audit, clock
    from qingyuan.ledgers import queries, registry
    from qingyuan.ledgers.importing import landing, promote
    from qingyuan.ledgers.importing.check import check
    from qingyuan.ledgers.importing.receive import receive
    from qingyuan.ledgers.models import FactRow

    by, ledger, content = keeper("police"), registry.get(code), Path(path).read_bytes()
    writer = None
    if with_writer:
        command = [sys.executable, "-c", WRITER, str(stop)]
        writer = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None and writer.stdout.readline().strip() == "ready"
    moments = [now()]
    publish = landing.roll_out

    def timed(*args: Any) -> None:
        moments.append(now())
        publish(*args)

    landing.roll_out = timed  # type: ignore[assignment]
    try:
        batch = receive(ledger=ledger, filename="large.xlsx", content=content, by=by)
        batch = check(batch_id=batch.id, by=by)
        moments.append(now())
        assert batch.new_count == count, (batch.state, batch.message, batch.new_count, batch.bad_count, batch.found)
        promote.promote(batch_id=batch.id, by=by)
        moments.append(now())
    finally:
        stop.touch()
    told = writer.communicate()[0].split() if writer else ["0", "0", "0"]
    seen = queries.rows(ledger, by, clock.today()).count()
    facts = FactRow.objects.filter(fact=code, superseded_at=None).count()
    assert seen == count and (facts == count or code == "cases"), (seen, facts)
    audit.seal("default")
    assert audit.verify("default").ok
    names = ("check", "promotion", "facts")
    seconds = {name: after[0] - before[0] for name, before, after in zip(names, moments, moments[1:], strict=False)}
    return {
        **seconds,
        **{
            f"{name}_cpu": after[1] - before[1]
            for name, before, after in zip(names, moments, moments[1:], strict=False)
        },
        "seconds": moments[-1][0] - moments[0][0],
        "cpu": moments[-1][1] - moments[0][1],
        "writes": int(told[0]),
        "longest_wait": float(told[1]),
        "p99_wait": float(told[2]),
    }


def part_import_export(path: str, count: int, bulk: bool) -> dict[str, Any]:
    """django-import-export as its documentation has it: workbook to dataset, dataset to rows."""
    home = tempfile.mkdtemp(prefix="qingyuan-benchmark-")
    try:
        found_city(home)
        return _import_export(path, count, bulk)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _import_export(path: str, count: int, bulk: bool) -> dict[str, Any]:
    import tablib
    from import_export import fields, resources, widgets
    from wide.ledgers import columns
    from wide.models import Plain

    from qingyuan.foundation.enums import Sensitivity

    by_kind = {"date": widgets.DateWidget, "integer": widgets.IntegerWidget, "decimal": widgets.DecimalWidget}
    made = {
        column.name: fields.Field(
            attribute=column.name,
            column_name=column.header,
            widget=by_kind.get(str(column.kind), widgets.CharWidget)(),
        )
        for column in columns(Sensitivity.INTERNAL)
    }
    meta = {"model": Plain, "import_id_fields": ("number",), "fields": tuple(made), "use_transactions": True}
    if bulk:
        meta |= {"use_bulk": True, "batch_size": 1000, "skip_diff": True, "force_init_instance": True}
    resource = type("PlainResource", (resources.ModelResource,), made | {"Meta": type("Meta", (), meta)})()
    began, used = time.perf_counter(), time.process_time()
    dataset = tablib.Dataset().load(Path(path).read_bytes(), format="xlsx")
    result = resource.import_data(dataset, dry_run=False, raise_errors=True)
    took = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - used}
    assert not result.has_errors() and Plain.objects.count() == count
    return took


def run(part: str, path: str, count: int, *more: str) -> dict[str, Any]:
    command = [sys.executable, __file__, "--part", part, "--file", path, "--rows", str(count), *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def one_part(asked: argparse.Namespace) -> dict[str, Any]:
    if asked.part == "openpyxl":
        return part_openpyxl(asked.file, asked.rows)
    if asked.part == "ours":
        return part_ours(asked.file, asked.rows, asked.ledgers, not asked.alone, asked.here, asked.stages)
    return part_import_export(asked.file, asked.rows, asked.part == "import-export-bulk")


def show(name: str, took: dict[str, Any], beside: dict[str, Any] | None = None) -> None:
    line = f"  {name:<44}{took['seconds']:8.1f} s {took['cpu']:8.1f} s of processor"
    if beside is not None:
        line += f"   ratio {took['seconds'] / beside['seconds']:.2f} ({took['cpu'] / beside['cpu']:.2f} of processor)"
    print(line, flush=True)


def show_stages(code: str, rows: int, took: dict[str, Any]) -> None:
    print(f"where the time goes ({code}, in one process): microseconds of processor a row")
    for name, (_clock, used) in took["stages"].items():
        print(f"  {name:<44}{used / rows * 1e6:8.1f}")
    rest = took["cpu"] - sum(used for _clock, used in took["stages"].values())
    print(f"  {'everything else':<44}{rest / rows * 1e6:8.1f}\n  {'together':<44}{took['cpu'] / rows * 1e6:8.1f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--small", type=int, default=20_000, help="rows for django-import-export; 0 leaves it out")
    parser.add_argument("--ledgers", default="wide,wide-personal")
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--alone", action="store_true", help="no other writer meanwhile")
    parser.add_argument("--here", action="store_true", help="no second process")
    parser.add_argument("--stages", action=argparse.BooleanOptionalAction, default=True, help="where the time goes")
    parser.add_argument("--part", default="", help=argparse.SUPPRESS)
    parser.add_argument("--file", default="", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.part:
        print(json.dumps(one_part(asked)))
        return
    with tempfile.TemporaryDirectory() as folder:
        large, small = str(Path(folder) / "large.xlsx"), str(Path(folder) / "small.xlsx")
        if asked.rows:
            write_workbook(large, asked.rows)
            print(f"{asked.rows} rows x 20 columns, {Path(large).stat().st_size / 1e6:.1f} MB", flush=True)
        for _time in range(asked.times if asked.rows else 0):
            for code in asked.ledgers.split(","):
                theirs = run("openpyxl", large, asked.rows)
                how = [f"--{name}" for name in ("alone", "here") if getattr(asked, name)]
                ours = run("ours", large, asked.rows, "--ledgers", code, "--no-stages", *how)
                show("openpyxl, read only", theirs)
                show(f"Qingyuan, checked and stored ({code})", ours, theirs)
                parts = ", ".join(
                    f"{name} {ours[name]:.1f} s ({ours[f'{name}_cpu']:.1f})" for name in ("check", "promotion", "facts")
                )
                print(f"    {parts}")
                if not asked.alone:
                    print(
                        f"    another writer meanwhile: {ours['writes']} writes, the longest waited "
                        f"{ours['longest_wait']} s, 99 of 100 at most {ours['p99_wait']} s",
                        flush=True,
                    )
        if asked.rows and asked.stages:
            for code in asked.ledgers.split(","):
                show_stages(code, asked.rows, run("ours", large, asked.rows, "--ledgers", code, "--alone", "--stages"))
        if not asked.small:
            return
        if importlib.util.find_spec("import_export") is None:
            print("django-import-export is not installed here: its part is left out (see this file's head)")
            return
        from rustpy_xlsxwriter import write_worksheet

        write_worksheet(clean_rows(asked.small), small)
        print(f"{asked.small} rows x 20 columns")
        ours = run("ours", small, asked.small, "--ledgers", asked.ledgers.split(",")[-1], "--alone", "--no-stages")
        show(f"Qingyuan, checked and stored ({asked.ledgers.split(',')[-1]})", ours)
        for part in ("import-export", "import-export-bulk"):
            theirs = run(part, small, asked.small)
            show(f"django-{part}", theirs)
            print(
                f"    {theirs['seconds'] / ours['seconds']:.1f} times as long as ours, "
                f"{theirs['cpu'] / ours['cpu']:.1f} times the processor"
            )


if __name__ == "__main__":
    main()
