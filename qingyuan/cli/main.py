"""Parsing and running a command.

A command module has ``HELP``, ``add_arguments(parser)`` and ``run(args) -> int``; its name is the command's, with
dashes for underscores. Exit codes: 0 done, 1 refused or nothing found (the reason is printed), 2 the call's words, or a
file it was given, cannot be read.
"""

from __future__ import annotations

import argparse
import os
import pkgutil
from collections.abc import Sequence
from importlib import import_module, util
from pathlib import Path
from types import ModuleType

import django

from qingyuan.cli.output import Refused, complain
from qingyuan.foundation.quiet_logging import watch_for_the_uncaught

REPOSITORY = Path(__file__).resolve().parents[2]


def main(argv: Sequence[str], packages: Sequence[str]) -> int:
    """Run ``argv`` with the commands found in ``packages``; returns the exit code."""
    _read_city_file()
    if argv and util.find_spec("qingyuan.demo") and argv[0] == "demo":
        import_module("qingyuan.demo.environment").prepare()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingyuan.config.settings")
    django.setup()
    watch_for_the_uncaught()
    modules = _commands(packages)
    parser = _parser(modules)
    args = parser.parse_args(argv)
    try:
        result = modules[args.command].run(args)
        while isinstance(result, list):  # a command may hand over to another by returning its words
            args = parser.parse_args(result)
            result = modules[args.command].run(args)
        return int(result)
    except Refused as refusal:
        complain(str(refusal))
        return refusal.code
    except KeyboardInterrupt:
        return 130


def _commands(packages: Sequence[str]) -> dict[str, ModuleType]:
    found: dict[str, ModuleType] = {}
    for package in packages:
        if util.find_spec(package) is None:
            continue
        paths = import_module(package).__path__
        for info in pkgutil.iter_modules(paths):
            found[info.name.strip("_").replace("_", "-")] = import_module(f"{package}.{info.name}")
    return found


def _parser(modules: dict[str, ModuleType]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="qingyuan", description="清源:禁毒委工作平台的命令行")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    for name, module in sorted(modules.items()):
        command = commands.add_parser(name, help=module.HELP, description=module.HELP)
        module.add_arguments(command)
    return parser


def _read_city_file() -> None:
    """A city folder may carry ``city.env`` (KEY=value lines): defaults for every command run on that city."""
    home = Path(os.environ.get("QINGYUAN_HOME", REPOSITORY / "var"))
    path = home / os.environ.get("QINGYUAN_CITY", "demo") / "city.env"
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        key, separator, value = line.partition("=")
        if separator and key.strip().startswith("QINGYUAN_"):
            os.environ.setdefault(key.strip(), value.strip())
