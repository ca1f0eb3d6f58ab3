"""Columns in one line each: most of this room's are a code, a count or a day that the facts publish."""

from __future__ import annotations

from typing import Any

from qingyuan.ledgers.columns import Column, Publish
from qingyuan.ledgers.declaration import Retention
from qingyuan.ledgers.kinds import Kind

KEEP = Retention("文书档案按保管期限表", article="档案法")
STATISTICS = Retention("统计资料长期保存")


def code(name: str, header: str, code_list: str, *aliases: str, required: bool = True, **more: Any) -> Column:
    """A chosen term, published, and a filter of the list."""
    return Column(
        name,
        header,
        Kind.CODE,
        required=required,
        aliases=aliases,
        code_list=code_list,
        publish=Publish.PUBLISHED,
        filterable=more.pop("filterable", True),
        **more,
    )


def count(name: str, header: str, *aliases: str, required: bool = True, **more: Any) -> Column:
    """A whole number, published."""
    more.setdefault("publish", Publish.PUBLISHED)
    return Column(name, header, Kind.INTEGER, required=required, aliases=aliases, **more)


def day(name: str, header: str, *aliases: str, required: bool = False, **more: Any) -> Column:
    """A date; published unless said otherwise."""
    more.setdefault("publish", Publish.PUBLISHED)
    return Column(name, header, Kind.DATE, required=required, aliases=aliases, **more)


def division(header: str, *aliases: str, required: bool = True, **more: Any) -> Column:
    """Where the row stands."""
    return Column(
        "division", header, Kind.DIVISION, required=required, aliases=aliases, publish=Publish.PUBLISHED, **more
    )
