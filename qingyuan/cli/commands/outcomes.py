"""How long until something happens, from any anonymous table: survival curves, competing events, fair comparison."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from qingyuan.cli.output import Refused, as_json, say, table
from qingyuan.indicators import outcomes
from qingyuan.indicators.outcomes.comparing import Apart
from qingyuan.ledgers.reading.open import open_workbook
from qingyuan.ledgers.reading.unreadable import UnreadableFile

HELP = "成效分析:从一份不含姓名的表算保持率曲线、竞争结果和分组比较(附区间和在观察人数)"

_APART: Final = {
    Apart.FEW: "人少,不作比较",
    Apart.WITHIN: "与整体没有差别",
    Apart.BEYOND_95: "略出 95% 界,可能是偶然",
    Apart.BEYOND_998: "超出 99.8% 界,值得了解原因",
}
_SHOWN: Final = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help=".csv .xlsx .xls;第一行是表头,一行一个人次,不要写姓名和证件号")
    parser.add_argument("--start", required=True, metavar="列", help="起点日期的列(或天数)")
    parser.add_argument("--end", required=True, action="append", metavar="列", help="终点日期的列;空白表示仍在观察")
    parser.add_argument(
        "--event",
        required=True,
        action="append",
        metavar="列",
        help="发生了什么:空白、0、否 是没有发生;1、是 是发生;其他词是几种结果。写几次就把几种口径放在同一批人上比",
    )
    parser.add_argument("--group", default="", metavar="列", help="分组的列,如措施、年份、地方")
    parser.add_argument("--covariates", nargs="+", default=[], metavar="列", help="比较时同类比同类的列")
    parser.add_argument("--entry", default="", metavar="列", help="进入观察的日期,晚于起点时才需要")
    parser.add_argument("--of", default="", metavar="结果", help="只问哪一种结果;不写则先发生的任何一种都算")
    parser.add_argument("--until", default="", metavar="日期", help="没有终点的行观察到哪一天;默认表中最晚的一天")
    parser.add_argument("--days", type=int, nargs="+", default=outcomes.HORIZONS, metavar="天", help="看第几天")
    parser.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> int:
    """Nothing is stored and no account is needed: it is one's own anonymous file."""
    if not args.file.is_file():
        raise Refused(f"没有文件 {args.file}。")
    ends = args.end if len(args.end) == len(args.event) else args.end * len(args.event)
    if len(ends) != len(args.event):
        raise Refused("--end 写一次,或者与 --event 写同样多次。")
    try:
        header, rows = _table(args.file)
        columns = [
            outcomes.Columns(args.start, end, event, args.group, tuple(args.covariates), args.entry)
            for end, event in zip(ends, args.event, strict=True)
        ]
        until = _until(args.until)
        readings = [outcomes.read(header, rows, one, until) for one in columns]
        if len(readings) > 1:
            readings = outcomes.same_people(readings)
        reports = [outcomes.analyse(one, of=args.of, horizons=args.days) for one in readings]
    except (UnreadableFile, outcomes.BadTable) as error:
        raise Refused(str(error)) from error
    if args.json:
        as_json(_several(args.event, reports) if len(reports) > 1 else reports[0].as_json())
    else:
        for name, report in zip(args.event, reports, strict=True):
            _print(report, f"口径:{name}" if len(reports) > 1 else "")
        _print_spread(reports)
    return 0


def _table(path: Path) -> tuple[list[Any], list[list[Any]]]:
    """The header and the rows of the first sheet that has any."""
    for sheet in open_workbook(path).sheets:
        rows = list(sheet.rows())
        if any(rows):
            return list(rows[0]), rows[1:]
    raise Refused(f"{path} 里没有数据。")


def _until(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Refused(f"“{text}”不是日期,请写成 2022-12-31 的样子。") from error


def _several(names: Sequence[str], reports: Sequence[outcomes.Report]) -> dict[str, Any]:
    return {
        "definitions": [{"event": name, **report.as_json()} for name, report in zip(names, reports, strict=True)],
        "spread": [
            {"day": one.day, "least": round(one.least, 12), "most": round(one.most, 12)}
            for one in outcomes.spread(reports)
        ],
    }


def _print(report: outcomes.Report, title: str) -> None:
    reading = report.reading
    if title:
        say(title)
    happened = sum(bool(one.event) for one in reading.people)
    say(f"{len(reading.people)} 人次,{happened} 起有结果" + (f",观察到 {reading.until}" if reading.until else ""))
    asked = report.of or "任何结果"
    headers = ("组", "人次", *(f"{day} 天" for day in report.horizons), "中位天数")
    lines = [
        (
            one.name or "合计",
            one.survival.people,
            *(_share(one.survival.at(day), one.survival.under_observation(day)) for day in report.horizons),
            "—" if (median := one.survival.median()) is None else f"{median:g}",
        )
        for one in (report.together, *report.groups)
    ]
    table(headers, lines, title=f"没有发生“{asked}”的比例(95% 区间;在观察人数)", numeric=range(1, len(headers)))
    _print_incidence(report)
    if report.test:
        test = report.test
        say(f"各组之间(对数秩检验,同类比同类):χ²={test.statistic:.3f},自由度 {test.freedom},p={test.chance:.4f}")
    if report.compared:
        table(
            ("组", "发生", "按同类预期", "比", "95% 区间", ""),
            [
                (
                    one.group,
                    one.observed,
                    f"{one.expected:.1f}",
                    "—" if one.ratio is None else f"{one.ratio:.2f}",
                    "—" if one.low is None else f"{one.low:.2f}—{one.high:.2f}",
                    _APART[one.apart],
                )
                for one in report.compared
            ],
            title="与同类人员的预期相比(不是名次)",
            numeric=(1, 2, 3),
        )
    for note in report.notes():
        say(f"· {note}")
    for left in reading.left_out[:_SHOWN]:
        say(f"  第 {left.line} 行:{left.why}")
    if len(reading.left_out) > _SHOWN:
        say(f"  ……还有 {len(reading.left_out) - _SHOWN} 行,--json 里有全部。")


def _print_incidence(report: outcomes.Report) -> None:
    if len(report.reading.kinds) < 2:
        return
    lines = [
        (
            one.name or "合计",
            kind.kind,
            *(_reached(kind.at(day)) for day in report.horizons),
        )
        for one in (report.together, *report.groups)
        for kind in one.incidences
    ]
    headers = ("组", "结果", *(f"{day} 天" for day in report.horizons))
    table(headers, lines, title="各种结果的累计发生率(互相竞争;95% 区间)", numeric=range(2, len(headers)))


def _print_spread(reports: Sequence[outcomes.Report]) -> None:
    if len(reports) > 1:
        for one in outcomes.spread(reports):
            points = 100 * (one.most - one.least)
            say(f"同一批人,{one.day} 天:口径不同,保持率从 {one.least:.1%} 到 {one.most:.1%},相差 {points:.1f} 个百分点")


def _reached(point: Any) -> str:
    if point is None:
        return "—"
    return f"{point.value:.1%}" if point.low is None else f"{point.value:.1%}({point.low:.1%}—{point.high:.1%})"


def _share(point: Any, at_risk: int) -> str:
    if point is None:
        return "—"
    if point.low is None:
        return f"{point.value:.1%}(—;{at_risk})"
    return f"{point.value:.1%}({point.low:.1%}—{point.high:.1%};{at_risk})"
