"""Pure rules about divisions: codes, parents, and the closure a list of parents makes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from qingyuan.foundation.enums import Zone
from qingyuan.organisation.enums import ContactChannel, Level, Side
from qingyuan.reference import catalogue

# Digits of a 12-digit code that a level fixes (GB/T 2260 + GB/T 10114; domain.md §7).
DIGITS: dict[Level, int] = {
    Level.COUNTRY: 0,
    Level.PROVINCE: 2,
    Level.PREFECTURE: 4,
    Level.COUNTY: 6,
    Level.TOWN: 9,
    Level.VILLAGE: 12,
}


_MAILBOX = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_MESSENGER = re.compile(r"[A-Za-z0-9._@-]{2,60}")


class BadDivisionTable(ValueError):
    """The table of divisions cannot be taken as it is; the message names the line and what to do."""


@dataclass(frozen=True)
class DivisionLine:
    """One line of a national division table: ``code`` of any official length, ``name``."""

    code: str
    name: str
    urban: bool | None = None

    @property
    def full_code(self) -> str:
        return self.code.ljust(12, "0")

    @property
    def level(self) -> Level:
        return level_of(self.code)


def level_of(code: str) -> Level:
    """The level that a code of 2, 4, 6, 9 or 12 digits names; 12 digits are read by their trailing zeros.

    Raises BadDivisionTable for anything else.
    """
    if not code.isdigit() or len(code) not in {2, 4, 6, 9, 12}:
        raise BadDivisionTable(
            _("区划代码“%(code)s”不是 2、4、6、9 或 12 位数字,请按国家统计用区划代码填写。") % {"code": code}
        )
    full = code.ljust(12, "0")
    for level in (Level.PROVINCE, Level.PREFECTURE, Level.COUNTY, Level.TOWN, Level.VILLAGE):
        if not full[DIGITS[level] :].strip("0"):
            return level
    return Level.VILLAGE


def parent_code(code: str, known: Mapping[str, object] | set[str]) -> str | None:
    """The nearest ancestor of the 12-digit ``code`` that is itself in ``known``; None for a root."""
    levels = (Level.TOWN, Level.COUNTY, Level.PREFECTURE, Level.PROVINCE)
    for level in levels:
        candidate = code[: DIGITS[level]].ljust(12, "0")
        if candidate != code and candidate in known:
            return candidate
    return None


def closure(parents: Mapping[int, int | None]) -> Iterator[tuple[int, int, int]]:
    """(ancestor, descendant, depth) for every pair, itself included; raises on a circle."""
    for node in parents:
        depth = 0
        current: int | None = node
        seen: set[int] = set()
        while current is not None:
            if current in seen:
                raise BadDivisionTable(_("区划上下级成环,请检查上级代码。"))
            seen.add(current)
            yield current, node, depth
            current = parents.get(current)
            depth += 1


def kind_of(name: str) -> str:
    """街道、镇、乡 … from the name's ending, as the pages group towns by it."""
    for ending in ("街道", "社区", "镇", "乡", "村", "市", "州", "省", "县", "区"):
        if name.endswith(ending) or (ending == "社区" and name.endswith("居委会")):
            return ending
    return ""


def doubled(lines: Iterable[DivisionLine]) -> list[str]:
    """Codes that appear twice."""
    seen: set[str] = set()
    return sorted({line.full_code for line in lines if line.full_code in seen or seen.add(line.full_code)})  # type: ignore[func-returns-value]


def unit_side(kind: str, zone: str) -> Side:
    """On which side of the walls everyone of a unit stands: every police account counts as enforcement (mission line 1)."""
    if zone == Zone.POLICE:
        return Side.ENFORCEMENT
    if zone == Zone.HEALTH:
        return Side.TREATMENT
    code = catalogue.get_list("unit_kinds").code(kind)
    side = code.extra.get("side", "") if code else ""
    return Side(side) if side in Side.values else Side.NEUTRAL


@dataclass(frozen=True)
class Stay:
    """Something that puts an account on a side from ``start`` until ``end`` (the first day without it; None = open): the
    unit it belongs to, a role, a post it holds somewhere. ``what`` says it in words."""

    side: Side
    start: date
    end: date | None
    what: str

    def meets(self, other: Stay) -> bool:
        """Whether there is a day on which both hold."""
        return (self.end is None or other.start < self.end) and (other.end is None or self.start < other.end)


def across(new: Stay, others: Iterable[Stay]) -> Stay | None:
    """The first of ``others`` with which ``new`` would put one account on two sides of a wall on the same day."""
    if new.side is Side.NEUTRAL:
        return None
    return next((other for other in others if other.side not in (Side.NEUTRAL, new.side) and new.meets(other)), None)


def clean_address(text: str) -> str:
    """As typed, without blanks around or inside and in half-width letters."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def address_problem(channel: str, address: str) -> str:
    """What is wrong with an address of a channel, or ""."""
    if channel == ContactChannel.EMAIL and not (len(address) <= 120 and _MAILBOX.fullmatch(address)):
        return _("电子邮件地址应形如 name@example.gov.cn。")
    if channel == ContactChannel.SMS and not _MOBILE.fullmatch(address):
        return _("手机号应为 11 位数字,以 1 开头。")
    if channel == ContactChannel.MESSENGER and not _MESSENGER.fullmatch(address):
        return _("即时通讯账号应为 2 到 60 位字母、数字或 . _ @ -。")
    return ""
