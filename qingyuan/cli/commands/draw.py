"""Drawing again what a page says was drawn: from the sheet alone, without a database and without an account."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from qingyuan.cli.output import Refused, as_json, say
from qingyuan.foundation import draws

HELP = "复算一次随机抽取:qingyuan draw check 核对单.json"
NEEDED = ("size", "seed_hash", "list_hash", "list", "seed", "drawn")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", choices=("check",), help="check:从公布的种子和名单复算")
    parser.add_argument("sheet", type=Path, help="页面“核对单”下载的 JSON 文件")
    parser.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> int:
    sheet = _read(args.sheet)
    checks = check(sheet)
    right = all(checks.values())
    if args.json:
        as_json({"checks": checks, "right": right})
        return 0 if right else 1
    words = {
        "seed": "种子与事先公布的校验值相符",
        "list": "名单与锁定时的校验值相符",
        "drawn": "由种子和名单复算,抽到的人一致",
    }
    for name, fits in checks.items():
        say(f"{'相符' if fits else '不符'}  {words[name]}")
    say("没有人挑过人。" if right else "核对不上:请向出具单位要原始核对单。")
    return 0 if right else 1


def check(sheet: dict[str, Any]) -> dict[str, bool]:
    """Whether the seed is the one committed to, the list the one frozen, and those drawn the ones these two give.

    Raises:
        Refused: the list or the number cannot be drawn from at all.
    """
    try:
        return {
            "seed": draws.opens(sheet["seed_hash"], sheet["seed"]),
            "list": draws.list_hash(sheet["list"]) == sheet["list_hash"],
            "drawn": list(draws.draw(sheet["seed"], sheet["list"], sheet["size"])) == sheet["drawn"],
        }
    except draws.BadDraw as error:
        raise Refused(str(error)) from error


def _read(path: Path) -> dict[str, Any]:
    try:
        sheet = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Refused(f"读不了 {path}:请用页面“核对单”下载的 JSON 文件。") from error
    kinds = {"size": int, "list": list, "drawn": list, "seed_hash": str, "list_hash": str, "seed": str}
    if not isinstance(sheet, dict) or any(not isinstance(sheet.get(name), kinds[name]) for name in NEEDED):
        raise Refused("这个文件不是核对单:请用页面“核对单”下载的 JSON 文件。")
    if not all(isinstance(one, str) for one in (*sheet["list"], *sheet["drawn"])):
        raise Refused("名单里有不是编号的内容:请用页面“核对单”下载的 JSON 文件。")
    if not sheet["seed"]:
        raise Refused("种子还没有公布:等抽检当天公布以后再复算。")
    return sheet
