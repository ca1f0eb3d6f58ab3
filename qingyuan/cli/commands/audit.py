"""Verify the audit chains."""

from __future__ import annotations

import argparse

from qingyuan.cli.output import as_json, say
from qingyuan.foundation import audit

HELP = "审计:核验两条审计链是否被改动"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    verify = actions.add_parser("verify", help="核验")
    verify.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> int:
    reports = {name: audit.verify(name) for name in ("default", "audit")}
    if args.json:
        as_json(
            {name: {"ok": report.ok, "findings": [str(f) for f in report.findings]} for name, report in reports.items()}
        )
    else:
        for name, report in reports.items():
            say(f"{name}: " + ("完好" if report.ok else "有改动"))
            for finding in report.findings:
                say(f"  {finding}")
    return 0 if all(report.ok for report in reports.values()) else 1
