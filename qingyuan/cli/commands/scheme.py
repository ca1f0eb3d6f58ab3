"""A scheme of assessment as a file: checked as it would be at publishing, or tried on given numbers.

Exit codes: 0 sound (or scored), 1 faults that must be put right first, 2 a file that cannot be read or a number that is wrong.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from qingyuan.cli.output import Misread, Refused, as_json, out, say, table
from qingyuan.governance.problem_phrases import line_of, problem_said
from qingyuan.governance.queries.known import known_inputs
from qingyuan.governance.scoring.check import check, held_out_clauses, questions
from qingyuan.governance.scoring.examples import readings_shown
from qingyuan.governance.scoring.forbidden import hold_out, refusal_of
from qingyuan.governance.scoring.given import Given, read_given
from qingyuan.governance.scoring.numbers import plain
from qingyuan.governance.scoring.problems import Problem, SchemeUnreadable
from qingyuan.governance.scoring.report import STATES, check_report, score_report
from qingyuan.governance.scoring.scheme import Scheme
from qingyuan.governance.scoring.score import SchemeNotInForce, score
from qingyuan.governance.scoring.serialise import read_scheme, scheme_hash
from qingyuan.governance.scoring.tree import ClauseScore, ScoreTree

HELP = "考核办法:核对一个办法文件,或用给定的数试算"
LARGEST = 5_000_000
"""Bytes of a file that is read: a sheet of a thousand clauses has less."""
_STATE_WORDS = {
    "pending": "待定",
    "not_applicable": "不适用",
    "undecided": "待裁定",
    "refused": "不予计分",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="做什么")
    checking = what.add_parser("check", help="核对:分值合计、例题、有没有不得计分的数")
    trying = what.add_parser("score", help="用给定的数试算")
    for one in (checking, trying):
        one.add_argument("file", type=Path, help="办法文件 .yaml 或 .json")
        one.add_argument("--json", action="store_true")
    trying.add_argument("--inputs", type=Path, required=True, help="取数文件:{indicator:R05: {numerator: 203, …}}")
    trying.add_argument("--on", type=date.fromisoformat, help="哪一天,不写为办法有效期的最后一天")
    trying.add_argument("--unit-kind", default="", help="单位类别,条款分类别适用时要写")


def run(args: argparse.Namespace) -> int:
    try:
        scheme = read_scheme(_read(args.file))
        if args.what == "check":
            return _check(args, scheme)
        return _score(args, scheme)
    except SchemeUnreadable as error:
        raise _misread(args, args.file if args.what == "check" else None, error.problems) from error


def _misread(args: argparse.Namespace, file: Path | None, problems: Sequence[Problem]) -> Misread:
    """What stands in the way, for people and, with --json, for programs too."""
    if args.json:
        as_json({"error": "unreadable", "problems": [{"where": p.where, "message": p.message} for p in problems]})
    head = "" if file is None else f"{file}:\n"
    return Misread(head + _lines(problems))


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise Misread(f"{path} 超过 5 MB,不像办法或取数文件。")
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise Misread(f"没有文件 {path}。") from None
    except OSError as error:
        raise Misread(f"{path} 读不了:{error.strerror}。") from None
    except UnicodeDecodeError:
        raise Misread(f"{path} 不是 UTF-8 文本,请另存为 UTF-8 后再试。") from None


def _lines(problems: Sequence[Problem]) -> str:
    return "\n".join(map(line_of, problems))


def _check(args: argparse.Namespace, scheme: Scheme) -> int:
    """Exit code 1 when there are faults. An open question is no fault: it is shown, and keeps the scheme from being published."""
    known = known_inputs()
    problems = check(scheme, known)
    if args.json:
        as_json(check_report(scheme, problems, known))
        return 1 if problems else 0
    for problem in problems:
        say(line_of(problem))
    held = held_out_clauses(scheme, known)
    for problem in held:
        say(f"{problem_said(problem.where)}(条文保留,分值不计入):{problem_said(problem.message)}")
    for problem in questions(scheme):
        say(line_of(problem))
    if not problems:
        _show_readings(scheme)
    clauses = sum(1 for _clause in scheme.clauses())
    say(f"《{scheme.title}》第 {scheme.version} 版:{clauses} 条,满分 {plain(scheme.total)},{_verdict(scheme, problems)}。")
    say(f"校验值 {scheme_hash(scheme)}")
    return 1 if problems else 0


def _verdict(scheme: Scheme, problems: Sequence[Problem]) -> str:
    if problems:
        return f"有 {len(problems)} 处不能发布"
    waiting = len(questions(scheme))
    return f"可以试算,有 {waiting} 处读法选定后才能发布" if waiting else "可以发布"


def _show_readings(scheme: Scheme) -> None:
    """Each case of an undecided clause under each way to read it."""
    for clause in scheme.clauses():
        if not clause.is_open:
            continue
        for case in readings_shown(scheme, clause, known_inputs()):
            readings = case["readings"]
            assert isinstance(readings, list)
            shown = ";".join(f"{one['id']} 得 {one['points'] or _STATE_WORDS.get(one['state'], '—')}" for one in readings)
            say(f"  条款 {clause.id} {case['because']}:{shown}")


def _score(args: argparse.Namespace, scheme: Scheme) -> int:
    known = known_inputs()
    scheme = hold_out(scheme, known)
    _stop_at_faults(args, scheme)
    given = read_given(_read(args.inputs), scheme)
    tree = _tree(args, scheme, given)
    if args.json:
        as_json(score_report(scheme, tree))
        return 0
    rows = [
        (clause.id, clause.title, _points(clause), plain(clause.of), clause.arithmetic or ";".join(clause.lines))
        for clause in tree.clauses()
    ]
    table(("条款", "项目", "得分", "满分", "算式"), rows, title=tree.title, numeric=(2, 3))
    out.print(f"合计 {plain(tree.total, 2)} / {plain(tree.of)} {tree.grade} {tree.grade_note}", highlight=False)
    for clause in tree.clauses():
        for reading in clause.readings:
            points = "不适用" if reading.points is None else f"得 {plain(reading.points)}"
            say(f"条款 {clause.id} 读法:{reading.words},{points}")
    for line in tree.lines:
        say(line)
    return 0


def _points(clause: ClauseScore) -> str:
    if clause.points is not None:
        return plain(clause.points, 2)
    return _STATE_WORDS.get(STATES[clause.state], "待定")


def _stop_at_faults(args: argparse.Namespace, scheme: Scheme) -> None:
    """A sheet whose parts do not add up or whose examples fail is not scored. Numbers that are not ours may be tried."""
    problems = check(scheme)
    places = {problem.where for problem in problems}
    for clause in scheme.clauses():
        reason = "" if clause.refused else refusal_of(clause, known_inputs())
        if reason and f"条款 {clause.id}" not in places:
            problems.append(Problem(f"条款 {clause.id}", reason))
    if not problems:
        return
    if args.json:
        as_json({"error": "unsound", "problems": [{"where": p.where, "message": p.message} for p in problems]})
    raise Refused(f"{args.file} 有 {len(problems)} 处要先改正:\n{_lines(problems)}")


def _tree(args: argparse.Namespace, scheme: Scheme, given: Given) -> ScoreTree:
    on = args.on or given.on or date.fromordinal(scheme.valid_to.toordinal() - 1)
    try:
        return score(scheme, given.inputs, on, unit_kind=args.unit_kind or given.unit_kind)
    except SchemeNotInForce as error:
        raise _misread(args, None, [Problem("on", str(error))]) from error

