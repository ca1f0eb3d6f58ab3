"""Behind ``qingyuan account recover``: what knows of factors and sessions is in ``web/account``."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from qingyuan.organisation.actions.accounts import GrantRefused
from qingyuan.web.account.recovery import recover


class Command(BaseCommand):
    help = "Take off the factors of the only security officer and print a one-time code"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> str:
        try:
            return recover(username=options["username"], reason=options["reason"])
        except GrantRefused as refusal:
            raise CommandError(str(refusal)) from refusal
