"""Arguments many commands share: a division and a period."""

from __future__ import annotations

import argparse

from qingyuan.cli.output import Refused
from qingyuan.foundation import clock
from qingyuan.organisation.models import Division
from qingyuan.reference.periods import BadPeriod, Period


def add_place_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--division", required=True, help="区划名称或代码,如 云岭市、999981104")
    parser.add_argument("--period", required=True, help="时期:2022-10、2022Q3、2022、2022-01..2022-10")


def division_from(text: str) -> Division:
    """The division of that name or code today. Raises Refused when there is none, or more than one."""
    divisions = Division.objects.on(clock.today())
    found = list(divisions.filter(code=text.ljust(12, "0")) if text.isdigit() else divisions.filter(name=text))
    if not found:
        raise Refused(f"没有区划“{text}”。")
    if len(found) > 1:
        raise Refused(f"有 {len(found)} 个“{text}”,请用代码:" + "、".join(division.code for division in found))
    return found[0]


def period_from(text: str) -> Period:
    try:
        return Period.parse(text)
    except BadPeriod as error:
        raise Refused(str(error)) from error
