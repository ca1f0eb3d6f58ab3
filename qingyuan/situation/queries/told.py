"""One number of an indicator told to one reader with its source: for other offices' forms and their requests for figures.

What stands on the reader's own page of the indicator stands here, closed where it is closed there; nothing is guessed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from qingyuan.indicators import catalogue
from qingyuan.indicators.catalogue import UnknownIndicator
from qingyuan.indicators.definition import DENOMINATOR, NUMERATOR, VALUE, Indicator, UnknownPart
from qingyuan.indicators.disclosure import Shown
from qingyuan.indicators.query import BadQuery
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division
from qingyuan.reference.periods import Period
from qingyuan.situation.queries.figures import CLOSED
from qingyuan.situation.queries.readings import Part, Reading, read
from qingyuan.situation.rules.forms import CHANGE, PREVIOUS

COMPUTED: Final = "computed"
RETURNED: Final = "returned"


@dataclass(frozen=True)
class Told:
    """``text`` as the page writes it, "" with ``why`` where there is none. ``number`` only of an open number.

    ``division`` and ``period`` are words, ``place`` and ``span`` what an address says. ``source``: computed from ledgers, or
    returned (上报数). ``note`` says what a reader of the file must know about it.
    """

    text: str = ""
    number: Decimal | None = None
    unit: str = ""
    closed: bool = False
    why: str = ""
    indicator: str = ""
    title: str = ""
    part: str = ""
    division: str = ""
    period: str = ""
    place: str = ""
    span: str = ""
    known: str = ""
    source: str = ""
    includes: str = ""
    excludes: str = ""
    note: str = ""

    @property
    def percent(self) -> bool:
        return self.unit == "%"

    def to_dict(self) -> dict[str, Any]:
        """For keeping: plain values, empty ones left out."""
        plain = {name: str(value) if isinstance(value, Decimal) else value for name, value in asdict(self).items()}
        return {name: value for name, value in plain.items() if value not in ("", None, False)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Told:
        known = {name: data[name] for name in cls.__dataclass_fields__ if name in data}
        if "number" in known:
            known["number"] = Decimal(known["number"])
        return cls(**known)


def parts_of(indicator: Indicator) -> list[tuple[str, str]]:
    """What can be asked of an indicator: (key, words), the figure itself first."""
    found = [(VALUE, _("数值"))]
    titles = {NUMERATOR: _("分子"), DENOMINATOR: _("分母")}
    for term in indicator.terms:
        if term.key == NUMERATOR and indicator.denominator is None:
            continue
        prefix = titles.get(term.key, _("其中"))
        found.append((term.key, f"{prefix}:{term.title}"))
    return [*found, (PREVIOUS, _("去年同期")), (CHANGE, _("同比"))]


def tell(
    *,
    code: str,
    part: str,
    division: Division,
    period: Period,
    reader: Actor,
    on: date,
    known: date | None = None,
    among: int | None = None,
) -> Told:
    """The number, or why there is none; never raises for what an office may have chosen wrongly. ``among``: see ``read``."""
    place, when = division.name, period.label_zh
    if period.start > on:
        return Told("", why=_("%(period)s还没有开始") % {"period": when}, indicator=code, division=place, period=when)
    try:
        indicator = catalogue.get(code, period.last_day)
        reading = read(
            code=code, division=division, period=period, reader=reader, on=on, known=known, among=among
        )
        text, number, closed, unit = _chosen(reading, part)
    except (UnknownIndicator, UnknownPart, BadQuery) as error:
        return Told("", why=str(error), indicator=code, division=place, period=when)
    about = Told(
        text="",
        unit=unit,
        indicator=code,
        title=indicator.title,
        part=dict(parts_of(indicator)).get(part, part),
        division=place,
        period=when,
        place=division.code,
        span=str(period),
        known=(known or on).isoformat()[:10],
        source=RETURNED if reading.returned else COMPUTED,
        includes=";".join(indicator.includes),
        excludes=";".join(indicator.excludes),
        note=_("本期尚未结束") if reading.running else "",
    )
    if closed:
        return _with(about, text=text, closed=True, why=closed_words(reading.state, text))
    if not text:
        reason = reading.change if part == CHANGE else ""
        return _with(about, why=reason or _("这个期间没有数据"))
    return _with(about, text=text, number=number)


def closed_words(state: Shown, text: str) -> str:
    """Why a number is closed, in one clause."""
    if "<" in text or state is Shown.FEW:
        return _("不足 5 人,在本单位之外不公开")
    return _("为防止从合计倒推出不足 5 人的数字,不公开")


def _chosen(reading: Reading, part: str) -> tuple[str, Decimal | None, bool, str]:
    """Text, number, closed, unit. Raises UnknownPart."""
    unit = reading.indicator.unit
    if part == VALUE:
        return _open(reading.text, reading.closed, reading.amount), _number(reading.text), reading.closed, unit
    if part == PREVIOUS:
        before = _number(reading.before_text)
        return _open(reading.before_text, reading.closed, before), before, reading.closed, unit
    if part == CHANGE:
        if reading.closed:
            return CLOSED, None, True, ""
        return (reading.change if _is_change(reading.change) else ""), None, False, ""
    reading.indicator.term(part)  # raises UnknownPart
    found = reading.part(part)
    assert found is not None
    return _of_part(found)


def _of_part(part: Part) -> tuple[str, Decimal | None, bool, str]:
    if part.closed:
        return part.text, None, True, part.unit
    return _open(part.text, False, part.amount), _number(part.text), False, part.unit


def _open(text: str, closed: bool, amount: Decimal | None) -> str:
    """The words, "" for an open number that is not known."""
    return text if closed or amount is not None else ""


def _is_change(words: str) -> bool:
    """A change, and not the reason why there is none."""
    return words == _("持平") or any(sign.isdigit() for sign in words)


def _number(text: str) -> Decimal | None:
    """The number exactly as the page says it, so that a form and the page never differ in the last digit."""
    plain = text.replace(",", "")
    return Decimal(plain) if plain.replace(".", "", 1).replace("-", "", 1).isdigit() else None


def _with(about: Told, **more: Any) -> Told:
    return Told(**(asdict(about) | more))
