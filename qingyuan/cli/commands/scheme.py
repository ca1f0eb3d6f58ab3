"""A scheme of assessment as a file: checked as it would be at publishing, or tried on given numbers."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from qingyuan.cli.output import Refused, as_json, out, say, table
from qingyuan.governance.queries.known import known_inputs
from qingyuan.governance.scoring.check import check
from qingyuan.governance.scoring.numbers import plain
from qingyuan.governance.scoring.problems import Problem, SchemeUnreadable
from qingyuan.governance.scoring.scheme import Scheme
from qingyuan.governance.scoring.score import SchemeNotInForce, score
from qingyuan.governance.scoring.serialise import read_inputs, read_scheme, scheme_hash
from qingyuan.governance.scoring.structure import to_data

HELP = "考核办法:核对一个办法文件,或用给定的数试算"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="做什么")
    checking = what.add_parser("check", help="核对:分值合计、例题、有没有不得计分的数")
    trying = what.add_parser("score", help="用给定的数试算")
    for one in (checking, trying):
        one.add_argument("file", type=Path, help="办法文件 .yaml 或 .json")
        one.add_argument("--json", action="store_true")
    trying.add_argument("--inputs", type=Path, required=True, help="取数文件:{indicator:R05: {numerator: 203, …}}")
    trying.add_argument("--on", type=date.fromisoformat, help="哪一天,不写为办法有效期的最后一天")


def run(args: argparse.Namespace) -> int:
    scheme = _scheme(args.file)
    return _check(args, scheme) if args.what == "check" else _score(args, scheme)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Refused(f"没有文件 {path}。") from None
    except UnicodeDecodeError:
        raise Refused(f"{path} 不是 UTF-8 文本,请另存为 UTF-8 后再试。") from None


def _scheme(path: Path) -> Scheme:
    try:
        return read_scheme(_read(path))
    except SchemeUnreadable as error:
        raise Refused(f"{path}:\n{_lines(error.problems)}") from error


def _lines(problems: Sequence[Problem]) -> str:
    return "\n".join(str(problem) for problem in problems)


def _check(args: argparse.Namespace, scheme: Scheme) -> int:
    """Exit code 1 when it would not publish."""
    problems = check(scheme, known_inputs())
    if args.json:
        found = [{"where": problem.where, "message": problem.message} for problem in problems]
        as_json({"id": scheme.id, "version": scheme.version, "hash": scheme_hash(scheme), "problems": found})
        return 1 if problems else 0
    for problem in problems:
        say(str(problem))
    clauses = sum(1 for _clause in scheme.clauses())
    verdict = f"有 {len(problems)} 处不能发布" if problems else "可以发布"
    say(f"《{scheme.title}》第 {scheme.version} 版:{clauses} 条,满分 {plain(scheme.total)},{verdict}。")
    say(f"校验值 {scheme_hash(scheme)}")
    return 1 if problems else 0


def _score(args: argparse.Namespace, scheme: Scheme) -> int:
    on = args.on or date.fromordinal(scheme.valid_to.toordinal() - 1)
    try:
        tree = score(scheme, read_inputs(_read(args.inputs)), on)
    except (SchemeUnreadable, SchemeNotInForce) as error:
        raise Refused(str(error)) from error
    if args.json:
        as_json(to_data(tree))
        return 0
    rows = [
        (
            clause.id,
            clause.title,
            "待定" if clause.points is None else plain(clause.points, 2),
            plain(clause.of),
            clause.arithmetic,
        )
        for clause in tree.clauses()
    ]
    table(("条款", "项目", "得分", "满分", "算式"), rows, title=tree.title, numeric=(2, 3))
    out.print(f"合计 {plain(tree.total, 2)} / {plain(tree.of)} {tree.grade} {tree.grade_note}", highlight=False)
    for line in tree.lines:
        say(line)
    return 0
