"""Set the demo city up when it is not there yet, print the accounts, and hand over to ``serve``."""

from __future__ import annotations

import argparse
import os
import sys
import time

from django.conf import settings

from qingyuan.demo import building
from qingyuan.demo.story.telling import tell
from qingyuan.demo.units import CITY_ACCOUNTS, PASSWORD, AccountLine, accounts

HELP = "演示:建好虚构的云岭市并在本机打开"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    parser.add_argument("--fresh", action="store_true", help="清空重建")
    parser.add_argument("--only-build", action="store_true", help="只建数据,不打开")


def run(args: argparse.Namespace) -> int | list[str]:
    """Build if needed; the words of the next command, or 0."""
    began = time.monotonic()
    cleared = args.fresh or not building.is_begun()
    if cleared:
        building.clear()
    building.prepare_databases()
    if not building.is_built():
        if not cleared:  # a new schema takes minutes: it is not made twice
            building.clear()
            building.prepare_databases()
        building.build(_show)
        print(f"云岭市建好了,用时 {time.monotonic() - began:.0f} 秒。")
    _print_accounts()
    return 0 if args.only_build else ["serve", "--port", str(args.port)]


def _show(what: str, done: int, whole: int) -> None:
    end = "\n" if done >= whole else ""
    if sys.stdout.isatty() or done in {0, whole} or done % 40 == 0:
        print(f"\r{what} {done}/{whole}", end=end if sys.stdout.isatty() else "\n", flush=True)


def _print_accounts() -> None:
    shown: list[AccountLine] = [line for line in accounts(tell().staff) if line.shown]
    print("\n演示城市 · 虚构数据。可以用这些账号登录,密码都是", PASSWORD)
    for line in [*CITY_ACCOUNTS, *(line for line in shown if line not in CITY_ACCOUNTS)]:
        print(f"  {line.username:<16}{line.title}")
    print("  其他乡镇:拼音(专干)、拼音.sg(社工)、拼音.ld(分管领导),如 shiqiao、shiqiao.sg")
    if not settings.QINGYUAN_REQUIRE_SECOND_FACTOR:
        print(
            "  演示不要求第二因素。要试:登录后点自己的名字 → 登录与安全;要看“必须添加”,加 QINGYUAN_REQUIRE_SECOND_FACTOR=1 再启动。"
        )
    print()
