"""Put a copy of the city away; the keys go to another place."""

from __future__ import annotations

import argparse
from pathlib import Path

from qingyuan.cli.output import Refused, as_json, say
from qingyuan.foundation import backups

HELP = "备份:两个数据库和上传文件,整体加密;密钥另存"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="备份放在哪个目录下")
    parser.add_argument("--keys", type=Path, help="密钥另存到哪个空目录(不能与备份同处)")
    parser.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> int:
    try:
        saved = backups.save(args.folder)
        if args.keys is not None:
            backups.save_keys(args.keys, saved.folder)
    except backups.BackupRefused as refusal:
        raise Refused(str(refusal)) from refusal
    if args.json:
        as_json({"folder": saved.folder, "files": saved.files, "size": saved.size, "keys": args.keys})
        return 0
    say(f"已备份到 {saved.folder}:{saved.files} 个文件,{saved.size / 1024 / 1024:.1f} MB。事实文件不备份,恢复时重建。")
    say(
        f"密钥已另存到 {args.keys},请移到另一处保管。"
        if args.keys
        else "密钥没有备份:没有密钥,这份备份谁也打不开。请用 --keys 另存一次,每次更换密钥后再存。"
    )
    return 0
