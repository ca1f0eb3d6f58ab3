"""The results paragraph of a division and a period."""

from __future__ import annotations

import argparse
from pathlib import Path

from qingyuan.cli.acting import actor_from, add_actor_argument
from qingyuan.cli.output import Refused, as_json, say, table
from qingyuan.cli.places import add_place_arguments, division_from, period_from
from qingyuan.documents.word import render_docx
from qingyuan.foundation import clock
from qingyuan.organisation.models import Unit
from qingyuan.situation import document
from qingyuan.situation.queries import BadQuery, results

HELP = "形势:某地某时期的成绩与毒情段落,每个数字注明出处"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_place_arguments(parser)
    parser.add_argument("--word", type=Path, help="另存为 Word 通报")
    parser.add_argument("--json", action="store_true")
    add_actor_argument(parser)


def run(args: argparse.Namespace) -> int:
    reader, on = actor_from(args), clock.today()
    division, period = division_from(args.division), period_from(args.period)
    try:
        report = results(division=division, period=period, reader=reader, on=on)
    except BadQuery as error:
        raise Refused(str(error)) from error
    if args.word:
        paper = document.circular(report=report, towns={}, issuer=Unit.objects.get(pk=reader.unit_id or 0).name, on=on)
        args.word.write_bytes(render_docx(paper))
    figures = report.figures()
    if args.json:
        as_json(
            {
                "division": division.code,
                "period": str(period),
                "text": report.text(),
                "figures": [
                    {"indicator": f.indicator, "part": f.part, "text": f.text, "unit": f.unit, "change": f.change}
                    for f in figures
                ],
                "notes": report.notes,
            }
        )
        return 0
    say(f"{division.name} {period.label_zh}")
    say(division.name + report.text())
    rows = [(f.indicator, f.text, f.unit, f.change, "上报数" if f.returned else "台账") for f in figures]
    table(("指标", "数值", "单位", "同比", "来源"), rows, numeric=(1,))
    for note in report.notes:
        say(note)
    return 0
