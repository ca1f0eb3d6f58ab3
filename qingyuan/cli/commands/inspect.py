"""What the importer would take a workbook for, sheet by sheet, without choosing a ledger."""

from __future__ import annotations

import argparse
from pathlib import Path

from qingyuan.cli.output import Refused, as_json, say, table
from qingyuan.ledgers.reading.inspecting import Found, inspect, summary
from qingyuan.ledgers.reading.open import open_workbook
from qingyuan.ledgers.reading.unreadable import UnreadableFile

HELP = "看一份表格:每张工作表的表头在哪几行、有哪些栏、多少行数据;不是名单的说明为什么"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help=".xlsx .xls .csv")
    parser.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> int:
    """Nothing is stored and no ledger is asked: no account is needed to look at one's own file."""
    if not args.file.is_file():
        raise Refused(f"没有文件 {args.file}。")
    try:
        sheets = inspect(open_workbook(args.file))
    except UnreadableFile as error:
        raise Refused(str(error)) from error
    if args.json:
        as_json({"sheets": [sheet.as_json() for sheet in sheets]})
    else:
        for sheet in sheets:
            _print(sheet)
    return 0 if any(not sheet.not_a_list for sheet in sheets) else 1


def _print(found: Found) -> None:
    say(f"【{found.name}】{summary(found)}")
    for why, count in found.reasons.items():
        say(f"  未算数据:{count} 行{why}")
    shown = found.list_part or found
    if shown.columns:
        where = "行" if shown.turned else "列"
        table(
            (where, "栏名"),
            [(part.at or "、".join(f"第 {row} 行" for row in part.rows), " / ".join(part.path)) for part in shown.columns],
        )
