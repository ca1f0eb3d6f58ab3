"""Columns that several ledgers of this room have."""

from __future__ import annotations

from typing import Any

from qingyuan.foundation.enums import Sensitivity
from qingyuan.ledgers.columns import Column, Publish
from qingyuan.ledgers.declaration import Retention
from qingyuan.ledgers.kinds import Kind

KEEP = Retention("按公安机关案卷归档期限", article="CPL")
CASE_NUMBER = Column(
    "case_number",
    "案件编号",
    required=True,
    aliases=("案号", "案件号"),
    path="case.number",
    searchable=True,
    editable=False,
)
NAME = Column(
    "name",
    "姓名",
    Kind.PERSON_NAME,
    required=True,
    aliases=("名字", "人员姓名", "嫌疑人姓名", "当事人"),
    sensitivity=Sensitivity.PERSONAL,
    searchable=True,
    index="name_index",
    example="何立新",
    editable=False,
)
ID_NUMBER = Column(
    "id_number",
    "身份证号",
    Kind.ID_NUMBER,
    aliases=("身份证号码", "公民身份号码", "证件号码", "身份证"),
    sensitivity=Sensitivity.SENSITIVE,
    searchable=True,
    index="id_index",
    help="18 位,按文本填写;身份不明的先不填,查明后作废重登",
    example="999999199101010072",
    editable=False,
)
MINOR = Column(
    "minor",
    "未成年",
    Kind.BOOLEAN,
    aliases=("是否未成年", "未成年人"),
    help="行为时不满 18 周岁填“是”;不填的按身份证号推算。未成年人的姓名默认遮盖",
    listed=False,
)


def date_column(name: str, header: str, *aliases: str, required: bool = False, help: str = "") -> Column:
    return Column(
        name, header, Kind.DATE, required=required, aliases=aliases, publish=Publish.PUBLISHED, help=help
    )


def is_minor(row: Any) -> bool:
    """Whether the row's personal columns are masked by default (mission line 4)."""
    return bool(row.minor)
