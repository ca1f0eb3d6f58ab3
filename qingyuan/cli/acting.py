"""Who a command acts as: a real account with its own rights; the command line is not a way around the policy."""

from __future__ import annotations

import argparse

from qingyuan.cli.output import Refused
from qingyuan.foundation import clock
from qingyuan.organisation.actor import Actor, actor_of
from qingyuan.organisation.models import Account


def add_actor_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as", dest="as_user", metavar="账号", required=True, help="以哪个账号的权限办理")


def actor_from(args: argparse.Namespace) -> Actor:
    """The actor named by ``--as``. Raises Refused for an unknown or disabled account."""
    account = Account.objects.select_related("unit__division").filter(username=args.as_user, is_active=True).first()
    if account is None:
        raise Refused(f"没有账号“{args.as_user}”,或已停用。")
    return actor_of(account, clock.today())
