"""Supervision orders of the cast: what a draft says, and the steps that bring one along, with a day for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from qingyuan.foundation import clock
from qingyuan.governance.actions import orders
from qingyuan.governance.actions.orders import Basis
from qingyuan.governance.models import SupervisionOrder
from tests.cast import TODAY, City

DRAFT: dict[str, Any] = {
    "subject": "补齐9月以来缺检",
    "asked": "逐人核对窗口已过、没有检测的情况。\n有合法缺席凭证的登记凭证，没有的约定时间补检。",
    "basis": "9月以来龙洞镇定期检测缺检11人次。",
    "contact": "周文 0850-8200001",
}
DUE = TODAY + timedelta(days=10)


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=clock.ZONE)


@dataclass
class Orders:
    city: City

    def draft(self, *units: str, due: date | None = DUE, rests_on: Basis | None = None, on: date = TODAY, **changes: Any) -> SupervisionOrder:
        ids = [self.city.units[unit].pk for unit in units or ("longdong",)]
        made = orders.draft(
            values=DRAFT | changes, unit_ids=ids, due_on=due, by=self.city.actor("clerk"), basis=rests_on, at=at(on)
        )
        return made[0]

    def step(self, order: SupervisionOrder, step: str, who: str, on: date = TODAY, **given: Any) -> SupervisionOrder:
        return orders.take(order=order, step=step, by=self.city.actor(who), given=given, at=at(on))

    def issued(self, on: date = TODAY, **more: Any) -> SupervisionOrder:
        order = self.step(self.draft(on=on, **more), "submit", "clerk", on)
        return self.step(order, "issue", "leader", on)

    def received(self, on: date = TODAY, **more: Any) -> SupervisionOrder:
        return self.step(self.issued(on=on, **more), "receive", "supervisor", on)

    def answered(self, on: date = TODAY, **more: Any) -> SupervisionOrder:
        return self.step(self.received(on=on, **more), "answer", "supervisor", on, done="已逐人核对，补检9人次。")

    def closed(self, on: date = TODAY, **more: Any) -> SupervisionOrder:
        return self.step(self.answered(on=on, **more), "close", "clerk", on, finding="抽查3份检测记录，属实。")
