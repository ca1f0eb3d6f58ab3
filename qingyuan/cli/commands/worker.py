"""The worker: imports in the background, facts and seals all the time."""

from __future__ import annotations

import argparse
import threading

from django.core.management import call_command

from qingyuan.journeys.upkeep import keep
from qingyuan.ledgers.importing.jobs import resume

HELP = "后台:核对与入库、刷新事实、封存审计"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--interval", type=float, default=0.5, help="多少秒看一次有没有新任务")


def run(args: argparse.Namespace) -> int:
    resume()
    stop = threading.Event()
    upkeep = threading.Thread(target=keep, args=(stop,), name="upkeep", daemon=True)
    upkeep.start()
    try:
        call_command("db_worker", interval=args.interval, startup_delay=False, verbosity=0)
    finally:
        stop.set()
        upkeep.join(timeout=5)
    return 0
