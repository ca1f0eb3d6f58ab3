"""Drawing again what a page says was drawn: from the sheet alone, without a database and without an account."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from qingyuan.cli.output import Refused, as_json, say
from qingyuan.foundation import draws
from qingyuan.governance.rules.inspections import draw_round, frame_hash

HELP = "复算一次随机抽取:qingyuan draw check 核对单.json"
ONE_LIST = {"size": int, "seed_hash": str, "list_hash": str, "list": list, "seed": str, "drawn": list}
ROUND = {"towns": int, "files": int, "seed_hash": str, "list_hash": str, "frame": dict, "seed": str, "drawn": dict}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", choices=("check",), help="check:从公布的种子和名单复算")
    parser.add_argument("sheet", type=Path, help="页面“核对单”下载的 JSON 文件")
    parser.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> int:
    sheet = _read(args.sheet)
    checks = check_round(sheet) if "frame" in sheet else check(sheet)
    right = all(checks.values())
    if args.json:
        as_json({"checks": checks, "right": right})
        return 0 if right else 1
    words = {
        "seed": "种子与事先公布的校验值相符",
        "list": "名单与锁定时的校验值相符",
        "drawn": "由种子和名单复算,抽到的人一致",
    }
    if "frame" in sheet:
        words["drawn"] = "由种子和名单复算,抽到的乡镇和档案一致"
    for name, fits in checks.items():
        say(f"{'相符' if fits else '不符'}  {words[name]}")
    say(("没有人挑过。" if "frame" in sheet else "没有人挑过人。") if right else "核对不上:请向出具单位要原始核对单。")
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


def check_round(sheet: dict[str, Any]) -> dict[str, bool]:
    """The same of a joint inspection: towns drawn from the frame, files drawn in their strata. Raises Refused."""
    try:
        again = draw_round(sheet["seed"], sheet["frame"], towns=sheet["towns"], files=sheet["files"])
        return {
            "seed": draws.opens(sheet["seed_hash"], sheet["seed"]),
            "list": frame_hash(sheet["frame"]) == sheet["list_hash"],
            "drawn": again == sheet["drawn"],
        }
    except draws.BadDraw as error:
        raise Refused(str(error)) from error


def _read(path: Path) -> dict[str, Any]:
    try:
        sheet = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Refused(f"读不了 {path}:请用页面“核对单”下载的 JSON 文件。") from error
    kinds = ROUND if isinstance(sheet, dict) and "frame" in sheet else ONE_LIST
    if not isinstance(sheet, dict) or any(not isinstance(sheet.get(name), kind) for name, kind in kinds.items()):
        raise Refused("这个文件不是核对单:请用页面“核对单”下载的 JSON 文件。")
    lots = _lots(sheet["frame"]) + _lots(sheet["drawn"]) if "frame" in sheet else [*sheet["list"], *sheet["drawn"]]
    if not all(isinstance(one, str) for one in lots):
        raise Refused("名单里有不是编号的内容:请用页面“核对单”下载的 JSON 文件。")
    if not sheet["seed"]:
        raise Refused("种子还没有公布:等抽检当天公布以后再复算。")
    return sheet


def _lots(frame: dict[str, Any]) -> list[Any]:
    """Every lot of every stratum; None stands for what is no list, and is refused with the rest."""
    found: list[Any] = []
    for strata in frame.values():
        for lots in strata.values() if isinstance(strata, dict) else [None]:
            found += lots if isinstance(lots, list) else [None]
    return found
