"""A look at patterns, by hand: what the nightly worker does once a month. What is found waits for the office to decide."""

from __future__ import annotations

import argparse

from qingyuan.cli.output import Refused, as_json, say, table
from qingyuan.foundation import clock
from qingyuan.governance.actions import questions
from qingyuan.governance.actions.questions import LookedAlready
from qingyuan.governance.rules.questions import UNLOOKED, subject_words

HELP = "数据问询:看过去十二个月的登记有没有少见的情形,列给市禁毒办决定问不问(平时每月自动一次)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("look",), help="look:看一遍")
    parser.add_argument("--again", action="store_true", help="这个月看过了,再看一遍(同样的记录不会再列)")
    parser.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> int:
    """Nobody is asked by it: a person of the office signs each question first."""
    try:
        made = questions.look(on=clock.today(), again=args.again)
    except LookedAlready as refusal:
        raise Refused(str(refusal)) from refusal
    if args.json:
        as_json({"from": made.first_day.isoformat(), "to": made.last_day.isoformat(), "looked": made.looked, "found": made.found})
        return 0
    say(f"看了 {made.first_day} 到 {made.last_day}:")
    table(("看了什么", "单位", "条数"), [(subject_words(one["subject"]), str(one["units"]), str(one["count"])) for one in made.looked])
    say("没有看:" + ";".join(str(one) for one in UNLOOKED))
    say(f"列出 {made.found} 件,在“数据问询”里等市禁毒办决定问不问。")
    return 0
