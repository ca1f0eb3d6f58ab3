"""The beginning of the second process (``beside``): its own ends of the two pipes first, then the program itself."""

from __future__ import annotations

import gc
import importlib
import os

import django

from qingyuan.ledgers.importing.collecting import RARELY


def main() -> None:
    """Answer questions until standard input ends. Whatever else is printed in this process goes nowhere."""
    questions = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "r+b") as nowhere:
        os.dup2(nowhere.fileno(), 0)
        os.dup2(nowhere.fileno(), 1)
    gc.set_threshold(*RARELY)
    django.setup()
    # Only now: models cannot be imported before the applications are set up.
    importlib.import_module("qingyuan.ledgers.importing.beside_work").serve(questions, answers)


if __name__ == "__main__":
    main()
