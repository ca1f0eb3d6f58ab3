"""Units of the cast with patterns in their entries: activities typed together, files laid down twice."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from qingyuan.foundation import clock
from qingyuan.governance.actions import questions
from qingyuan.governance.actions.kept_files import Evidence
from qingyuan.governance.models import PatternQuestion
from qingyuan.prevention.models import Activity
from tests.cast import TODAY, City
from tests.governance.copied_city import photograph, saved
from tests.governance.orders import Orders

TYPED_ON = date(2022, 11, 20)


def at(day: date, hour: int = 10, second: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=clock.ZONE) + timedelta(seconds=second)


def typed(city: City, who: str, days: list[date], moments: list[datetime]) -> list[Any]:
    """Activities of one's unit, each with the moment it was typed."""
    rows = []
    for number, (day, moment) in enumerate(zip(days, moments, strict=True)):
        values = {
            "held_on": day, "title": f"禁毒宣传{number}", "theme": "daily", "place_name": "", "kind": "community",
            "audience": "residents", "form": "lecture", "reach": 20, "reach_basis": "counted", "handed_out": None, "evidence": "",
        }  # fmt: skip
        [row] = city.enter("activities", who, values)
        Activity.everything.filter(pk=row.pk).update(recorded_at=moment)
        rows.append(row)
    return rows


def typed_together(city: City, who: str = "supervisor", count: int = 12, start: int = 0) -> list[Any]:
    """Rows of different days of September, typed within seconds of one another in November."""
    days = [date(2022, 9, 1) + timedelta(days=2 * number) for number in range(start, start + count)]
    return typed(city, who, days, [at(TYPED_ON, 16, 7 * number) for number in range(start, start + count)])


def typed_as_done(city: City, who: str = "stranger", count: int = 40) -> list[Any]:
    """Rows each typed on the day of the activity."""
    days = [date(2022, 2, 1) + timedelta(days=5 * number) for number in range(count)]
    return typed(city, who, days, [at(day, 17) for day in days])


def picture(seed: int = 1, kind: str = "PNG") -> Evidence:
    media = "image/png" if kind == "PNG" else "image/jpeg"
    return Evidence(f"现场{seed}.{kind.lower()}", media, saved(photograph(Random(seed)), kind))


def saved_smaller(seed: int = 1) -> Evidence:
    other = photograph(Random(seed)).resize((200, 150))
    target = io.BytesIO()
    other.save(target, "JPEG", quality=70)
    return Evidence(f"转发{seed}.jpg", "image/jpeg", target.getvalue())


def answered_with(office: Orders, *files: Evidence, on: date = TODAY, **draft: Any) -> Any:
    """An order of 龙洞镇 answered with files."""
    order = office.received(on=on, **draft)
    return office.step(order, "answer", "supervisor", on, done="已办。", evidence=list(files))


def look(on: date = TODAY, again: bool = False) -> list[PatternQuestion]:
    """A look, and what it listed."""
    made = questions.look(on=on, again=again)
    return list(made.questions.select_related("unit").order_by("pattern", "unit__code"))


def step(city: City, question: PatternQuestion, step: str, who: str, **given: Any) -> PatternQuestion:
    return questions.take(question=question, step=step, by=city.actor(who), given=given)


def asked(city: City, on: date = TODAY) -> PatternQuestion:
    """The question about 龙洞镇's typed rows, signed by the clerk."""
    typed_together(city)
    typed_as_done(city)
    [found] = look(on)
    return step(city, found, "ask", "clerk", due_on=TODAY + timedelta(days=14))
