"""The navigation is the road: 今天 · 记录 · 流转 · 度量 · 责任 · 群众. A role sees its part; a page that is not there has
no entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Role


@dataclass(frozen=True)
class Count:
    """A number beside an entry; ``late`` when some of it is overdue or due today."""

    number: int
    late: bool = False


@dataclass(frozen=True)
class Item:
    """``url_name`` without namespace; ``roles`` empty means everyone who works here; ``badge`` a registered key.

    ``also`` are further url names (or prefixes ending in "*") whose pages belong to this entry. ``under`` names the entry of
    the same stretch that it belongs to: the road shows that one, counts both, and its pages lead to each other; who does not
    have that one has this one on the road.
    """

    label: str | Promise
    url_name: str
    roles: frozenset[Role] = frozenset()
    badge: str = ""
    phone: bool = False
    also: tuple[str, ...] = ()
    under: str = ""


@dataclass(frozen=True)
class Stretch:
    """A part of the road with its heading; the first has none."""

    label: str | Promise | None
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Link:
    """An entry as one person sees it; ``family``: itself and those under it, when there are any."""

    label: str
    href: str
    current: bool
    phone: bool
    count: Count | None = None
    family: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Group:
    label: str
    links: tuple[Link, ...] = ()


TOWN = frozenset({Role.CASEWORKER, Role.TOWN_SUPERVISOR, Role.TOWN_LEADER})
# The two who work with people by name (house.md §1).
BY_NAME = frozenset({Role.CASEWORKER, Role.TOWN_SUPERVISOR})
OFFICE = frozenset({Role.COMMISSION_CLERK, Role.COMMISSION_LEADER})
LAW = frozenset({Role.POLICE_OFFICER, Role.PROSECUTOR, Role.COURT_CLERK})
FIGURES = TOWN | OFFICE | LAW | {Role.UNIT_LIAISON, Role.AUDITOR}
# Whose unit stands at one end of a gate across a wall.
GATE_SIDES = BY_NAME | LAW | {Role.DOCTOR, Role.COMMISSION_CLERK}
# Who handles requests for figures, and who answers them.
ASKED = OFFICE | LAW | {Role.TOWN_SUPERVISOR, Role.UNIT_LIAISON}
INSPECTORS = frozenset({Role.AUDITOR, Role.SECURITY_OFFICER})
# Who leads a unit by the role itself; whoever leads by a post finds the pages from «today».
LEADERS = frozenset({Role.TOWN_LEADER, Role.COMMISSION_LEADER})

ROAD: tuple[Stretch, ...] = (
    Stretch(None, (Item(_("今天"), "today", badge="today", phone=True, also=("today-*",)),)),
    Stretch(
        _("记录"),
        (
            Item(
                _("台账"), "ledgers", badge="ledgers", phone=True, also=("ledger-*", "import-*", "source*", "layout*")
            ),
            Item(_("人员"), "people", BY_NAME, phone=True, also=("person-*",)),
            Item(_("案件"), "cases", LAW, also=("case-*",)),
            Item(_("入治汇总"), "clinic-entries", frozenset({Role.DOCTOR}), also=("clinic-*",)),
            Item(_("财物核对"), "exhibits", frozenset({Role.POLICE_OFFICER}), also=("exhibits-*",)),
        ),
    ),
    Stretch(
        _("流转"),
        (
            Item(_("办理"), "dues", TOWN | OFFICE, badge="dues", also=("due-*",)),
            Item(_("期限"), "clocks", BY_NAME | {Role.POLICE_OFFICER}, also=("clock", "clock-*")),
            Item(_("交接"), "handovers", TOWN | OFFICE, badge="handovers", also=("handover", "handover-*")),
            Item(
                _("普查帮教"),
                "campaigns",
                TOWN | OFFICE | {Role.POLICE_OFFICER},
                also=("campaign", "campaign-*", "admission-*"),
                under="dues",
            ),
            Item(
                _("帮扶转介"),
                "referrals",
                BY_NAME | OFFICE | {Role.UNIT_LIAISON},
                also=("referral", "referral-*"),
                under="handovers",
            ),
            Item(_("依法移交"), "gates", GATE_SIDES, also=("gate-*",)),
            Item(_("报表"), "returns", badge="returns", also=("return", "return-*")),
            Item(
                _("关账"),
                "closings",
                frozenset({Role.TOWN_SUPERVISOR, Role.TOWN_LEADER}) | OFFICE,
                also=("closing-*",),
                under="returns",
            ),
            Item(_("督办"), "orders", FIGURES, badge="orders", also=("order", "order-*", "orders-*")),
            Item(
                _("联合检查"),
                "inspections",
                TOWN | OFFICE | {Role.POLICE_OFFICER, Role.UNIT_LIAISON, Role.AUDITOR},
                also=("inspection", "inspection-*"),
                under="orders",
            ),
            Item(_("公文"), "papers", FIGURES, badge="papers", also=("paper", "paper-*", "papers-*")),
            Item(_("信息请求"), "desk", GATE_SIDES - {Role.PROSECUTOR, Role.COURT_CLERK}, also=("desk-*",), under="gates"),
            Item(_("送达"), "serving", BY_NAME | {Role.POLICE_OFFICER, Role.DOCTOR}, also=("served-*", "serving-*")),
            Item(_("要数"), "figure-requests", ASKED, badge="figure-requests", also=("figure-*",)),
        ),
    ),
    Stretch(
        _("度量"),
        (
            Item(_("形势"), "situation", FIGURES, phone=True, also=("situation-*",)),
            Item(_("指标"), "indicators", FIGURES, also=("indicator-*",)),
            Item(_("康复成效"), "outcomes", FIGURES, also=("outcomes-*",), under="situation"),
            Item(_("来表"), "foreign-forms", OFFICE, also=("foreign-form", "foreign-form-*")),
        ),
    ),
    Stretch(
        _("责任"),
        (
            Item(_("责任状"), "letters", FIGURES, phone=True, also=("letter-*", "score-*")),
            Item(_("指标分解"), "targets", FIGURES - {Role.COURT_CLERK}, also=("target-*",)),
            Item(
                _("年度任务"),
                "duties",
                FIGURES - {Role.CASEWORKER},
                also=("duty-*", "need", "need-*", "year-*", "programme", "programme-*", "programmes"),
            ),
            Item(
                _("考核评审"),
                "assessments",
                FIGURES - {Role.CASEWORKER},
                also=("assessment", "assessment-*", "sample-*"),
            ),
            Item(_("考核办法"), "schemes", OFFICE | {Role.AUDITOR}, also=("scheme-*",), under="assessments"),
            Item(_("奖惩"), "rewards", FIGURES - {Role.CASEWORKER}, also=("reward", "reward-*"), under="assessments"),
            Item(
                _("数据问询"),
                "questions",
                FIGURES - {Role.CASEWORKER},
                also=("question", "question-*"),
                under="assessments",
            ),
        ),
    ),
    Stretch(
        _("检查"),
        (
            Item(_("审计日志"), "audit", INSPECTORS | LEADERS, also=("audit-*",)),
            Item(
                _("紧急查阅"),
                "emergency",
                INSPECTORS | LEADERS | BY_NAME | {Role.POLICE_OFFICER},
                also=("emergency-*",),
            ),
            Item(_("权限总表"), "rights", INSPECTORS, also=("rights-*",)),
            Item(_("账号与授权"), "grants", INSPECTORS, also=("grant-*", "grants-*")),
            Item(_("影响评估"), "impact", INSPECTORS, also=("impact-*",)),
            Item(_("到期处理"), "retention", INSPECTORS | OFFICE, also=("retention-*",), under="impact"),
            Item(_("提醒发件箱"), "reminders", frozenset({Role.SECURITY_OFFICER}), also=("reminder-*",)),
        ),
    ),
)

Badge = Callable[[Actor, date], Count | None]
_badges: dict[str, Badge] = {}
PHONE_PLACES = 3


def register_badge(key: str, badge: Badge) -> None:
    """A slice says how to count what waits behind its entry. Called once, when the slice is loaded."""
    _badges[key] = badge


def road_for(actor: Actor, on: date, current: str = "", known: Mapping[str, Count] | None = None) -> list[Group]:
    """The road as ``actor`` sees it on day ``on``; ``current`` is the url name of the page being shown, ``known`` what that
    page has counted already, by badge."""
    groups = []
    for stretch in ROAD:
        links = {item: link for item in stretch.items if (link := _link(item, actor, on, current, known or {})) is not None}
        if links:
            groups.append(Group(str(stretch.label or ""), tuple(_in_families(links))))
    return groups


def family_of(groups: list[Group], current: str) -> tuple[Link, ...]:
    """The entries beside the page ``current`` (a url name), itself among them; none on a page further in or of no family."""
    try:
        href = reverse(f"web:{current}")
    except NoReverseMatch:
        return ()
    return next((one.family for group in groups for one in group.links if href in {kin.href for kin in one.family}), ())


def _in_families(links: Mapping[Item, Link]) -> list[Link]:
    """The links of one stretch in their order, those under another joined to it."""
    heads = {item.url_name for item in links if not item.under}
    found = []
    for item, link in links.items():
        if item.under in heads:
            continue
        kin = tuple(other for one, other in links.items() if one.under == item.url_name)
        found.append(_head_of(link, kin) if kin else link)
    return found


def _head_of(link: Link, kin: tuple[Link, ...]) -> Link:
    counts = [one.count for one in (link, *kin) if one.count]
    both = Count(sum(one.number for one in counts), any(one.late for one in counts)) if counts else None
    return replace(link, current=link.current or any(one.current for one in kin), count=both, family=(link, *kin))


def phone_links(groups: list[Group]) -> list[Link]:
    """The few ways at the thumb; the whole road is one touch further."""
    return [link for group in groups for link in group.links if link.phone][:PHONE_PLACES]


def _link(item: Item, actor: Actor, on: date, current: str, known: Mapping[str, Count]) -> Link | None:
    if item.roles and not actor.has_role(*item.roles):
        return None
    try:
        href = reverse(f"web:{item.url_name}")
    except NoReverseMatch:
        return None
    badge = _badges.get(item.badge)
    count = known.get(item.badge) or (badge(actor, on) if badge else None)
    return Link(
        str(item.label), href, _is_current(item, current), item.phone, count if count and count.number else None
    )


def _is_current(item: Item, current: str) -> bool:
    if current == item.url_name:
        return True
    return any(current.startswith(name[:-1]) if name.endswith("*") else current == name for name in item.also)
