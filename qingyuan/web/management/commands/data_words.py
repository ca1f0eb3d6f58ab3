"""Writes ``web/data_words.py``, from which the catalogue learns the words of data. ``python3 run.py messages`` calls it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from qingyuan.web.words_of_data import FILE, module_text


class Command(BaseCommand):
    help = "Collect the words of ledgers, indicators, forms, schemes and reference data for the catalogue."

    def handle(self, *_args: Any, **_options: Any) -> None:
        FILE.write_text(module_text(), encoding="utf-8", newline="\n")
