"""Load divisions below a root from national tables (code,name lines of provinces, cities, areas, streets, villages)."""

from __future__ import annotations

import argparse
import csv
from datetime import date
from pathlib import Path

from qingyuan.cli.output import Refused, as_json, say
from qingyuan.organisation.actions import divisions
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.rules import BadDivisionTable, DivisionLine

HELP = "行政区划:从国家统计用区划代码表装入某一地及其下级"
SETTER = Actor(account_id=None, username="command-line", name="命令行", unit_id=None)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    load = actions.add_parser("import", help="装入")
    load.add_argument("files", nargs="+", type=Path, help="CSV,至少有 code 和 name 两栏;可给多个文件")
    load.add_argument("--root", required=True, help="根区划代码,如 522301;其上级一并装入")
    load.add_argument("--valid-from", type=date.fromisoformat, default=date(2000, 1, 1), help="生效日,默认 2000-01-01")
    load.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> int:
    lines = _chosen([line for path in args.files for line in _read(path)], args.root)
    if not any(line.code == args.root for line in lines):
        raise Refused(f"表里没有代码 {args.root},请核对 --root 或补上含有它的文件。")
    try:
        added = divisions.load(lines=lines, valid_from=args.valid_from, by=SETTER)
    except BadDivisionTable as error:
        raise Refused(str(error)) from error
    if args.json:
        as_json({"root": args.root, "read": len(lines), "added": added})
    else:
        say(f"读入 {len(lines)} 个区划,新增 {added} 个,已有 {len(lines) - added} 个。")
    return 0


def _read(path: Path) -> list[DivisionLine]:
    if not path.is_file():
        raise Refused(f"没有文件 {path}。")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if not {"code", "name"} <= set(rows.fieldnames or ()):
            raise Refused(f"{path.name} 缺少 code 或 name 栏。")
        return [DivisionLine(code=row["code"].strip(), name=row["name"].strip()) for row in rows if row["code"]]


def _chosen(lines: list[DivisionLine], root: str) -> list[DivisionLine]:
    """The root, what lies below it, and its own ancestors."""
    return [
        line
        for line in lines
        if line.code.startswith(root) or (root.startswith(line.code) and line.code != root)
    ]
