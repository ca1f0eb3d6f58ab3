"""Bring a copy of the city back, make its facts anew, and check the audit."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.core.management import call_command

from qingyuan.cli.output import Refused, as_json, say
from qingyuan.foundation import audit, backups
from qingyuan.foundation.enums import Compartment
from qingyuan.indicators.refresh import rebuild_all
from qingyuan.journeys.key_changes import index_anew

HELP = "恢复:把备份放回一个空的城市目录,重建事实,核验审计"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="哪一份备份(含 backup.json 的目录)")
    parser.add_argument("--keys", type=Path, help="当时另存的密钥目录;密钥已经在位的不用写")
    parser.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> int:
    try:
        saved = backups.restore(args.folder, args.keys)
    except backups.BackupRefused as refusal:
        raise Refused(str(refusal)) from refusal
    for database in backups.DATABASES:
        call_command("migrate", database=database, verbosity=0, interactive=False)
    # The copy may be of before an index key was changed: its rows are found again when they stand under today's.
    index_anew(Compartment)
    partitions = rebuild_all()
    whole = all(audit.verify(database).ok for database in backups.DATABASES)
    if args.json:
        as_json({"files": saved.files, "partitions": partitions, "audit": whole})
    else:
        say(f"已恢复 {saved.files} 个文件,重建事实 {partitions} 份,审计链{'完好' if whole else '有改动,请先核查'}。")
    return 0 if whole else 1
