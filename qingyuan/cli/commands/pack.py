"""Which rule pack the city's clocks rest on, and reckoning them anew after it was changed."""

from __future__ import annotations

import argparse

from django.conf import settings

from qingyuan.casework.actions import clocks
from qingyuan.casework.clocks.queries import by_pack
from qingyuan.cli.output import as_json, say
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.queries import city_pack
from qingyuan.reference.packs import get_pack

HELP = "规则包:本市用哪个,台账的期限各按哪个推算;--replay 全部按现用的重新推算"
OPERATOR = Actor(account_id=None, username="command-line", name="命令行", unit_id=None)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--replay", action="store_true", help="把按别的规则包推算的期限重新推算一遍;可以重复运行")
    parser.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> int:
    pack = city_pack()
    done = clocks.replay(by=OPERATOR) if args.replay else 0
    counts = by_pack()
    waiting = sum(count for code, count in counts.items() if code != pack.code)
    if args.json:
        set_by = "setting" if settings.QINGYUAN_RULE_PACK else "division"
        as_json({"pack": pack.code, "set_by": set_by, "clocks": counts, "waiting": waiting, "replayed": done})
        return 0
    say(f"本市用{pack.name_zh}({'由 QINGYUAN_RULE_PACK 指定' if settings.QINGYUAN_RULE_PACK else '按区划代码'})。")
    if pack.note:
        say(f"  · {pack.note}")
    for code, count in counts.items():
        say(f"  {get_pack(code).name_zh}:{count} 个期限")
    if args.replay:
        say(f"重新推算了 {done} 个。")
    if waiting:
        say(f"还有 {waiting} 个按别的规则包推算,请运行 qingyuan pack --replay。")
    return 0
