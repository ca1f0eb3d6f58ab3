"""Import a workbook: the same check and the same promotion as the page."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from qingyuan.cli.acting import actor_from, add_actor_argument
from qingyuan.cli.output import Refused, as_json, progress, say, table
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.importing import staging
from qingyuan.ledgers.importing.check import check
from qingyuan.ledgers.importing.promote import discard, promote
from qingyuan.ledgers.importing.receive import CannotImport, receive
from qingyuan.ledgers.models import ImportBatch
from qingyuan.ledgers.models.imports import BatchState, RowState
from qingyuan.ledgers.reading.header import guess_ledger
from qingyuan.ledgers.reading.open import open_workbook
from qingyuan.ledgers.reading.parts import place_of
from qingyuan.ledgers.reading.unreadable import UnreadableFile
from qingyuan.organisation.actor import Actor

HELP = "导入表格:先核对,只入库没问题的行;有问题的行逐格说明原因"
SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help=".xlsx .xls .csv")
    parser.add_argument("--ledger", help="台账代码;不写则按表头判断")
    parser.add_argument("--sheet", default="", help="只读这张工作表;不写则同样的表都读")
    parser.add_argument("--dry-run", action="store_true", help="只核对,不入库")
    parser.add_argument("--json", action="store_true")
    add_actor_argument(parser)


def run(args: argparse.Namespace) -> int:
    if not args.file.is_file():
        raise Refused(f"没有文件 {args.file}。")
    content, by = args.file.read_bytes(), actor_from(args)
    ledger = _ledger(args, content)
    with progress() as bar:
        task = bar.add_task("核对", total=None)
        batch = _check(ledger, args.file.name, content, by, args.sheet)
        bar.update(task, total=batch.rows_done, completed=batch.rows_done)
        if batch.state == BatchState.CHECKED and not args.dry_run and batch.new_count + batch.changed_count:
            bar.add_task("入库", total=1, completed=0)
            batch = promote(batch_id=batch.id, by=by)
    result = _result(ledger, batch)
    if args.dry_run or batch.state == BatchState.CHECKED:
        discard(batch=batch)
    _print(args, ledger, result)
    return 0 if batch.bad_count == 0 and batch.state != BatchState.FAILED else 1


def _ledger(args: argparse.Namespace, content: bytes) -> Ledger:
    if args.ledger:
        try:
            return registry.get(args.ledger)
        except registry.UnknownLedger as error:
            known = "、".join(ledger.code for ledger in registry.all_ledgers())
            raise Refused(f"没有台账“{args.ledger}”。有:{known}") from error
    try:
        workbook = open_workbook(content, args.file.name)
        guesses = guess_ledger(workbook, {ledger.code: ledger.columns for ledger in registry.all_ledgers()})
    except UnreadableFile as error:
        raise Refused(str(error)) from error
    if not guesses:
        raise Refused("看不出这是哪本台账的表,请用 --ledger 指明。")
    return registry.get(guesses[0].code)


def _check(ledger: Ledger, filename: str, content: bytes, by: Actor, sheet: str) -> ImportBatch:
    try:
        batch = receive(ledger=ledger, filename=filename, content=content, by=by)
    except CannotImport as error:
        raise Refused(str(error)) from error
    batch = check(batch_id=batch.id, by=by, sheet=sheet)
    if batch.state == BatchState.FAILED:
        raise Refused(batch.message)
    return batch


def _result(ledger: Ledger, batch: ImportBatch) -> dict[str, Any]:
    parts = batch.found.get("parts", ())
    bad = [
        {"row": place_of(parts, row.number) if parts else row.number, "cell": problem.address, "column": problem.column, "message": problem.message}
        for row in staging.stream(ledger, batch, RowState.BAD)
        for problem in row.draft.problems
    ]
    return {
        "ledger": ledger.code,
        "file": batch.filename,
        "sheet": batch.sheet,
        "notes": list(batch.found.get("warnings", ())),
        "state": batch.state,
        "new": batch.new_count,
        "changed": batch.changed_count,
        "same": batch.same_count,
        "bad": batch.bad_count,
        "problems": bad,
    }


def _print(args: argparse.Namespace, ledger: Ledger, result: dict[str, Any]) -> None:
    if args.json:
        as_json(result)
        return
    say(
        f"{ledger.title}:新增 {result['new']},更新 {result['changed']},不变 {result['same']},有问题 {result['bad']}"
        + ("(已入库)" if result["state"] == BatchState.DONE else "(未入库)")
    )
    for note in result["notes"]:
        say(f"  {note}")
    rows = [
        (p["row"], p["cell"], ledger.column(p["column"]).header if p["column"] else "", p["message"])
        for p in result["problems"][:SHOWN]
    ]
    if rows:
        table(("行", "单元格", "栏", "怎么办"), rows, numeric=(0,))
    if len(result["problems"]) > SHOWN:
        say(f"……另有 {len(result['problems']) - SHOWN} 处,用 --json 看全部。")
