"""Columns that several ledgers of this room have."""

from __future__ import annotations

from qingyuan.foundation.enums import Sensitivity
from qingyuan.ledgers.columns import Column, Publish
from qingyuan.ledgers.declaration import Retention
from qingyuan.ledgers.kinds import Kind

NAME = Column(
    "name",
    "姓名",
    Kind.PERSON_NAME,
    required=True,
    aliases=("名字", "人员姓名", "戒毒人员姓名", "吸毒人员姓名"),
    path="client.name",
    sensitivity=Sensitivity.PERSONAL,
    searchable=True,
    index="client.name_index",
    example="何立新",
    editable=False,
)
ID_NUMBER = Column(
    "id_number",
    "身份证号",
    Kind.ID_NUMBER,
    required=True,
    aliases=("身份证号码", "公民身份号码", "证件号码", "身份证"),
    path="client.id_number",
    sensitivity=Sensitivity.SENSITIVE,
    searchable=True,
    index="client.id_index",
    help="18 位,按文本填写",
    example="999999199101010072",
    editable=False,
)
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
