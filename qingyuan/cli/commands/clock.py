"""When a statutory clock runs out, and why: for any declared clock or counter, from a file of events."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from qingyuan.cli.output import Refused, as_json, say, table
from qingyuan.foundation import clock as wall
from qingyuan.reference import clocks
from qingyuan.reference.packs import NATIONAL, NoValue, UnknownPack, pack_codes
from qingyuan.reference.tables import BrokenTable

HELP = "期限和计数:按发生的事推算到期日,逐条写明理由和条文;不写代码则列出全部"

_REFUSALS = (
    clocks.UnknownClock,
    clocks.ClockNotInForce,
    clocks.BadEvents,
    UnknownPack,
    NoValue,
    BrokenTable,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", nargs="?", help="期限代码,如 D20")
    parser.add_argument("--events", help='事件文件(JSON),- 为标准输入:[{"event": "start", "on": "2022-03-01"}]')
    parser.add_argument("--on", help="看哪一天的情况,如 2022-03-20;默认今天")
    parser.add_argument("--known-on", help="只按这一天已经知道的事件推算")
    parser.add_argument("--pack", default=NATIONAL, help="规则包:" + "、".join(pack_codes()))
    parser.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> int:
    """No account is needed: the law is public, and the events are one's own file. Nothing is stored."""
    try:
        if not args.code:
            return _list(args)
        found = clocks.get_clock(args.code)
        if args.events is None:
            return _describe(found, args)
        return _answer(found, args)
    except _REFUSALS as error:
        raise Refused(str(error)) from error


def _answer(found: clocks.Clock, args: argparse.Namespace) -> int:
    events = clocks.read_events(_loaded(args.events))
    on = _day(args.on) or wall.today()
    known_on = _day(args.known_on)
    if found.kind is clocks.Kind.COUNTER:
        tally = clocks.count(found.code, events, on=on, pack=args.pack, known_on=known_on)
        if args.json:
            as_json(tally.as_json())
        else:
            say(f"{found.code} {found.name}:{tally.times} 次,{tally.days} 日")
            _explain(tally.reasons, tally.notes)
            _opens(found, shown=tally.reached)
        return 0
    answered = clocks.answer(found.code, events, on=on, pack=args.pack, known_on=known_on)
    if args.json:
        as_json(answered.as_json())
        return 0
    _print(answered)
    return 0


def _print(answered: clocks.Answer) -> None:
    day = f"{answered.moment:%Y-%m-%d %H:%M}" if answered.moment else (answered.last_day or "")
    left = "" if answered.days_left is None else f",还有 {answered.days_left} 日" if answered.days_left >= 0 else ""
    late = f",已过 {-answered.days_left} 日" if answered.days_left is not None and answered.days_left < 0 else ""
    state = clocks.STATE_ZH[answered.state]
    say(f"{answered.clock.code} {answered.clock.name}:{day or '没有届满日'}({answered.on} {state}{left}{late})")
    _explain(answered.reasons, answered.notes)
    if answered.remaining_extensions:
        say("还可以:" + "、".join(answered.remaining_extensions))
    if not answered.confirmed:
        say("注意:有的数字条文没有写或者没有经本地确认,见上面的说明。")
    _opens(answered.clock, shown=answered.over)


def _explain(reasons: Any, notes: Any) -> None:
    for number, reason in enumerate(reasons, start=1):
        say(f"  {number}. {reason}")
    for note in notes:
        say(f"  · {note}")


def _opens(found: clocks.Clock, *, shown: bool) -> None:
    if found.opens and shown:
        say(f"需要人决定:{found.opens.decision}({found.opens.by})")
        for line in found.opens.checklist:
            say(f"  □ {line}")


def _describe(found: clocks.Clock, args: argparse.Namespace) -> int:
    if args.json:
        as_json({**_row(found), "events": _events(found), "note": found.note, "consequence": found.consequence})
        return 0
    say(f"{found.code} {found.name}({found.field})")
    say(f"  {found.trigger} → {found.act}")
    for term in found.terms:
        length = term.term.label if term.term else "以决定为准"
        said = [
            term.zh,
            f"自 {term.valid_from}" if term.valid_from else "",
            f"至 {term.valid_to} 前" if term.valid_to else "",
        ]
        say(f"  {length} {' '.join(one for one in said if one)}")
    table(("事件", "说明", "作用"), [(one["event"], one["zh"], one["deed"]) for one in _events(found)])
    if found.note:
        say(f"  · {found.note}")
    return 0


def _list(args: argparse.Namespace) -> int:
    rows = [_row(one) for one in clocks.all_clocks()]
    if args.json:
        as_json({"clocks": rows})
    else:
        table(("代码", "领域", "名称", "起算", "要做的事"), [[row[key] for key in _COLUMNS] for row in rows])
    return 0


_COLUMNS = ("code", "field", "name", "trigger", "act")


def _row(found: clocks.Clock) -> dict[str, Any]:
    return {
        "code": found.code,
        "also": list(found.also),
        "field": found.field,
        "name": found.name,
        "kind": str(found.kind),
        "trigger": found.trigger,
        "act": found.act,
        "who": found.who,
        "terms": [str(one.term) for one in found.terms if one.term],
        "articles": found.articles,
        "confirmed": found.confirmed,
    }


def _events(found: clocks.Clock) -> list[dict[str, str]]:
    if found.counter:
        names = {**found.counter["names"], "lawful": "合法离开"}
        return [{"event": event, "zh": zh, "deed": "count"} for event, zh in names.items()]
    return [{"event": one.event, "zh": one.zh, "deed": str(one.deed)} for one in found.effects]


def _loaded(where: str) -> Any:
    try:
        text = sys.stdin.read() if where == "-" else Path(where).read_text(encoding="utf-8-sig")
        return json.loads(text)
    except OSError as error:
        raise Refused(f"读不到事件文件 {where},请核对路径。") from error
    except UnicodeDecodeError as error:
        raise Refused(f"事件文件 {where} 不是 UTF-8 编码,请另存为 UTF-8。") from error
    except (ValueError, RecursionError) as error:
        raise Refused(f"事件文件 {where} 不是 JSON:{error}") from error


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(f"日期“{text}”要写成 2022-03-20。") from error
