"""Columns that several ledgers of this room have."""

from __future__ import annotations

from qingyuan.ledgers.columns import Column, Publish
from qingyuan.ledgers.declaration import Retention
from qingyuan.ledgers.identity_columns import id_number_column, name_column
from qingyuan.ledgers.kinds import Kind

NAME = name_column("client", "名字", "人员姓名", "戒毒人员姓名", "吸毒人员姓名")
ID_NUMBER = id_number_column("client")
DIVISION = Column(
    "division",
    "执行地",
    Kind.DIVISION,
    required=True,
    aliases=("执行地村(社区)", "所在村(社区)", "村(社区)", "社区", "村居", "乡镇(街道)"),
    help="村(社区)全称或代码",
    publish=Publish.PUBLISHED,
    may_default=True,
)
KEEP = Retention("措施结束并满三年未发现复吸后,移出在册、封存", article="DR7(2)", months=36)


def day(name: str, header: str, *aliases: str, required: bool = False, listed: bool = True) -> Column:
    return Column(
        name, header, Kind.DATE, required=required, aliases=aliases, publish=Publish.PUBLISHED, listed=listed
    )
