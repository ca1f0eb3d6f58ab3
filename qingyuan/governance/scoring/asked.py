"""What a rule kind asks its writer for: its parameters, named in Chinese, so that a form can be made of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Ask(StrEnum):
    """NUMBER an exact decimal; MARK a number or the name of an input; INPUT one input of the clause, INPUTS several; FLAG yes or
    left out; ROWS a list of tables; TABLE one table; RULE {kind, params} under its name; PART kind and params among its neighbours."""

    NUMBER = "number"
    TEXT = "text"
    LONG = "long"
    DATE = "date"
    CHOICE = "choice"
    FLAG = "flag"
    MARK = "mark"
    SOURCE = "source"
    INPUT = "input"
    INPUTS = "inputs"
    KINDS = "kinds"
    ROWS = "rows"
    TABLE = "table"
    RULE = "rule"
    PART = "part"


@dataclass(frozen=True, slots=True)
class Asked:
    """One parameter. options: (value, words) of a choice; inside: the fields of a row or table; lone: an example of what is written."""

    name: str
    label: str
    ask: Ask = Ask.NUMBER
    must: bool = False
    help: str = ""
    options: tuple[tuple[str, str], ...] = ()
    inside: tuple[Asked, ...] = ()


def number(name: str, label: str, help: str = "", *, must: bool = False) -> Asked:
    return Asked(name, label, Ask.NUMBER, must, help)


def text(name: str, label: str, help: str = "", *, must: bool = False) -> Asked:
    return Asked(name, label, Ask.TEXT, must, help)


def choice(name: str, label: str, *options: tuple[str, str], must: bool = False, help: str = "") -> Asked:
    return Asked(name, label, Ask.CHOICE, must, help, options)


def rows(name: str, label: str, *inside: Asked, help: str = "", must: bool = False) -> Asked:
    return Asked(name, label, Ask.ROWS, must, help, inside=inside)


INPUT = Asked("input", "用哪个取数", Ask.INPUT, help="只有一个取数时可以不选")
UNIT = text("unit", "单位", "如 %、次、件")
THEN = Asked("then", "算出来以后怎么给分", Ask.RULE, must=True)
CLOSED = choice("closed", "边界归哪一档", ("from", "下限归本档(95 以上含 95)"), ("to", "上限归本档(5 以下含 5)"))


def named_input(name: str, label: str) -> Asked:
    return Asked(name, label, Ask.INPUT, must=True)
