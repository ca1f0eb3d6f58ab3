"""Rows of this room as the handling unit would enter them."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.cast import City, id_number

CASE: dict[str, Any] = {
    "number": "云公刑〔2022〕1号",
    "title": "一号案",
    "case_kind": "criminal",
    "offence": "CL347",
    "drug_main": "OP01",
    "filed_on": date(2022, 5, 1),
    "cracked_on": date(2022, 5, 20),
}
PARTY: dict[str, Any] = {
    "case_number": CASE["number"],
    "name": "测试甲",
    "id_number": id_number(711),
    "role": "suspect",
    "gang_role": "core",
    "caught_on": date(2022, 5, 20),
    "outcome": "detained",
    "outcome_on": date(2022, 5, 21),
}
PENALTY: dict[str, Any] = {
    "document_number": "云公(禁)行罚决字〔2022〕7号",
    "name": "测试乙",
    "id_number": id_number(712),
    "act": "AD-PS84c",
    "kind": "detention",
    "decided_on": date(2022, 6, 3),
    "days": 10,
}
MINORS_NUMBER = id_number(713, born="20060801")


def filed(city: City, who: str = "officer", **changes: Any) -> Any:
    return city.enter("cases", who, {"division": city.divisions["石桥镇"].pk} | CASE | changes)[0]


def penalty(city: City, who: str = "officer", **changes: Any) -> Any:
    return city.enter("penalties", who, {"division": city.divisions["石桥镇"].pk} | PENALTY | changes)[0]
