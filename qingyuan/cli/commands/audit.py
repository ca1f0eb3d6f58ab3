"""Verify the audit chains, and write down their heads to be kept elsewhere."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from qingyuan.cli.output import Refused, as_json, say
from qingyuan.foundation import audit
from qingyuan.foundation.audit.anchors import BadAnchor, OutsideAnchor, export_anchor, parse_anchor

HELP = "审计:核验两条审计链是否被改动,把日锚存到外面"
CHAINS = ("default", "audit")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    verify = actions.add_parser("verify", help="核验")
    verify.add_argument("--json", action="store_true")
    verify.add_argument(
        "--anchors", metavar="文件", type=Path, default=None, help="与存在外面的日锚(anchor 写出的文件)比对"
    )
    reindex = actions.add_parser("reindex", help="查阅记录的索引(谁看过某一条)与日志核对,不符的由日志重建")
    reindex.add_argument("--check", action="store_true", help="只核对,不改动;不符时以 1 退出")
    anchor = actions.add_parser("anchor", help="先封链,再印出两条链的最新日锚,一行一条")
    anchor.add_argument("--save", metavar="文件", type=Path, default=None, help="接着写到这个文件末尾,如 U 盘上的")


def run(args: argparse.Namespace) -> int:
    if args.action == "reindex":
        return _reindex(check=args.check)
    return _anchor(args.save) if args.action == "anchor" else _verify(args)


def _reindex(*, check: bool) -> int:
    """Lay the index of reads by row beside the log, and make it anew from there unless only asked to ``check``."""
    found = audit.compare_reads_by_row() if check else audit.rebuild_reads_by_row()
    say(f"已封链的查阅 {found.entries} 条,涉及 {found.named} 行次")
    if found.ok:
        say("索引与日志相符")
        return 0
    say(f"索引缺 {found.missing} 行次,多 {found.strange} 行次" + (":运行 qingyuan audit reindex 重建" if check else ",已由日志重建"))
    return 1 if check else 0


def _anchor(save: Path | None) -> int:
    """The newest head of each chain as a line of text, printed, and added to ``save``. Raises Refused."""
    for name in CHAINS:
        audit.seal(name)
    texts = [anchor.as_text() for name in CHAINS if (anchor := export_anchor(name)) is not None]
    # Whole lines, however narrow the window: a wrapped anchor would be no anchor.
    sys.stdout.writelines(f"{text}\n" for text in texts)
    if save is not None:
        try:
            with save.open("a", encoding="utf-8") as kept:
                kept.writelines(f"{text}\n" for text in texts)
        except OSError as error:
            raise Refused(f"写不进“{save}”:{error.strerror}。换一个存得进的地方。") from None
    return 0


def _kept(path: Path | None) -> list[OutsideAnchor]:
    """Raises Refused for a file that cannot be read, or a line that is no anchor."""
    if path is None:
        return []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise Refused(f"读不了“{path}”:请给 qingyuan audit anchor --save 写出的文件。") from None
    found = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found.append(parse_anchor(line))
        except BadAnchor as error:
            raise Refused(f"“{path}”第 {number} 行:{error}") from None
    return found


def _verify(args: argparse.Namespace) -> int:
    kept = _kept(args.anchors)
    reports = {name: audit.verify(name, outside=kept) for name in CHAINS}
    if args.json:
        as_json(
            {name: {"ok": report.ok, "findings": [str(f) for f in report.findings]} for name, report in reports.items()}
        )
    else:
        for name, report in reports.items():
            say(f"{name}: " + ("完好" if report.ok else "有改动"))
            for finding in report.findings:
                say(f"  {finding}")
        if kept:
            say(f"已与外面存的 {len(kept)} 个日锚比对")
    return 0 if all(report.ok for report in reports.values()) else 1
