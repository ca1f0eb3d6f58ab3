"""Accounts, on the server: the way back of the only security officer."""

from __future__ import annotations

import argparse
import io

from django.core.management import CommandError, call_command

from qingyuan.cli.output import Refused, say

HELP = "账号:唯一的安全管理员丢了全部第二因素时,在服务器上找回"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    recover = actions.add_parser("recover", help="去掉全部第二因素,给一个 24 小时内只能用一次的口令")
    recover.add_argument("username", help="安全管理员的账号")
    recover.add_argument("--reason", required=True, help="事由和怎样核实了本人,记入审计日志")


def run(args: argparse.Namespace) -> int:
    try:
        code = call_command("recover_account", args.username, reason=args.reason, stdout=io.StringIO())
    except CommandError as error:
        raise Refused(str(error)) from error
    say(f"一次性口令(24 小时内用一次,只显示这一遍):{code}")
    say("第二因素已全部去掉,其他地方的登录已结束。下次登录先设新口令,再添加第二因素。本次办理已记入审计日志。")
    return 0
