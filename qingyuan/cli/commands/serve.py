"""Serve the pages and run the worker beside them; stopping one stops the other."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time

from django.conf import settings

from qingyuan.cli.output import say

HELP = "打开:网页与后台一起运行"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    parser.add_argument("--threads", type=int, default=4)


def run(args: argparse.Namespace) -> int:
    web = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", args.host, "--port", str(args.port)),
        *("--workers", "1", "--blocking-threads", str(args.threads), "--log-level", "warning"),
        "qingyuan.config.wsgi:application",
    ]
    worker = [sys.executable, "-m", "qingyuan", "worker"]
    processes = [subprocess.Popen(command) for command in (web, worker)]
    signal.signal(signal.SIGTERM, _interrupt)
    say(f"已打开 http://{args.host}:{args.port}/ ,按 Ctrl+C 停止。" + ("(演示城市 · 虚构数据)" if settings.QINGYUAN_DEMO else ""))
    try:
        while all(process.poll() is None for process in processes):
            time.sleep(0.3)
    except KeyboardInterrupt:
        pass
    finally:
        _stop(processes)
    return max((process.returncode or 0) for process in processes)


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
