"""``python -m qingyuan``: the command line. It knows both rooms that bring commands, so they need not know each other."""

from __future__ import annotations

import sys

from qingyuan.cli.main import main

COMMANDS = ("qingyuan.cli.commands", "qingyuan.demo.commands")


def run() -> int:
    """Entry point of the ``qingyuan`` script."""
    return main(sys.argv[1:], COMMANDS)


if __name__ == "__main__":
    sys.exit(run())
