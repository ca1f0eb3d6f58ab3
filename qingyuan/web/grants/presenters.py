"""Accounts as a table, what ends soon, and one account with everything it may be and has been."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qingyuan.foundation.time_left import TimeLeft, time_left_words
from qingyuan.organisation.enums import Responsibility, Role, Side
from qingyuan.organisation.models import Account, PostTerm, RoleGrant
from qingyuan.organisation.policy import SECOND_FACTOR, SIDE
from qingyuan.organisation.queries import DORMANT
from qingyuan.organisation.rules import unit_side
from qingyuan.web import shapes
from qingyuan.web.account.factors import accounts_with_factor

SOON = 30


def is_dormant(account: Account, on: date) -> bool:
    """In use, and nobody has signed in for three months (or ever, since it was opened as long ago)."""
    last = account.last_login or account.created_at
    return account.is_active and timezone.localtime(last).date() < on - DORMANT


def lacks_factor(accounts: Iterable[Account], on: date) -> set[int]:
    """The ids of accounts in use whose role asks for a second factor and that have none."""
    must = set(RoleGrant.objects.on(on).filter(role__in=SECOND_FACTOR).values_list("account_id", flat=True))
    held = accounts_with_factor()
    return {one.pk for one in accounts if one.is_active and one.pk in must and one.pk not in held}


def last_seen(account: Account) -> str:
    return f"{timezone.localtime(account.last_login):%Y-%m-%d}" if account.last_login else _("从未登录")


def table(accounts: Sequence[Account], on: date, empty: shapes.Empty) -> shapes.Table:
    headers = [_("姓名"), _("单位"), _("角色"), _("任职"), _("上次登录"), _("状态")]
    ids = [account.pk for account in accounts]
    grants = _by_account(RoleGrant.objects.not_ended_by(on).filter(account_id__in=ids).select_related("division"))
    terms = _by_account(PostTerm.objects.on(on).filter(account_id__in=ids).select_related("post__unit"))
    rows = [_row(one, grants.get(one.pk, []), terms.get(one.pk, []), on) for one in accounts]
    return shapes.Table([shapes.Header(label) for label in headers], rows, empty, caption=_("账号"))


def _by_account(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.account_id, []).append(row)
    return found


def _row(account: Account, grants: list[RoleGrant], terms: list[PostTerm], on: date) -> shapes.Row:
    state, tone = (_("在用"), "good") if account.is_active else (_("已停用"), "grey")
    if is_dormant(account, on):
        state, tone = _("久未登录"), "soon"
    href = reverse("web:grants-account", args=(account.username,))
    return shapes.Row(
        [
            shapes.Cell(account.name, note=account.username, href=href),
            shapes.Cell(account.unit.label, note=account.unit.division.name),
            shapes.Cell("、".join(_role(grant, on) for grant in grants), note=_places(grants)),
            shapes.Cell("、".join(f"{term.post.unit.label} {term.post.title}" for term in terms)),
            shapes.Cell(last_seen(account)),
            shapes.Cell(state, tone=tone),
        ]
    )


def _role(grant: RoleGrant, on: date) -> str:
    label = str(Role(grant.role).label)
    if grant.start > on:
        return _("%(role)s(%(day)s 起)") % {"role": label, "day": grant.start.isoformat()}
    return _("%(role)s(到 %(day)s)") % {"role": label, "day": grant.end.isoformat()} if grant.end else label


def _places(grants: list[RoleGrant]) -> str:
    return "、".join(dict.fromkeys(grant.division.name for grant in grants))


@dataclass(frozen=True)
class Ending:
    """A role or a post that ends soon."""

    title: str
    note: str
    left: TimeLeft
    href: str


def endings(found: tuple[list[RoleGrant], list[PostTerm]], on: date) -> list[Ending]:
    grants, terms = found
    made = [
        Ending(
            f"{grant.account.name} · {Role(grant.role).label}",
            f"{grant.account.unit.label} · {grant.division.name} · {grant.reason}",
            time_left_words(grant.end, on, SOON),
            reverse("web:grants-account", args=(grant.account.username,)),
        )
        for grant in grants
        if grant.end is not None
    ]
    made += [
        Ending(
            f"{term.holder_name} · {term.post.title}",
            term.post.unit.label,
            time_left_words(term.end, on, SOON),
            reverse("web:grants-account", args=(term.account.username,)) if term.account else "",
        )
        for term in terms
        if term.end is not None
    ]
    return sorted(made, key=lambda one: (one.left.day, one.title))


@dataclass(frozen=True)
class Held:
    """A role or post of one account with its days; ``can_end``: it has not ended yet."""

    pk: int
    title: str
    days: str
    note: str
    state: str
    tone: str
    can_end: bool


def roles(account: Account, on: date) -> list[Held]:
    grants = account.grants.select_related("division").order_by("-start", "-pk")
    return [
        Held(
            pk=grant.pk,
            title=_("%(role)s · %(division)s") % {"role": Role(grant.role).label, "division": grant.division.name},
            days=_days(grant.start, grant.end),
            note=_("%(side)s;%(by)s授权:%(reason)s")
            % {"side": Side(SIDE[Role(grant.role)]).label, "by": grant.granted_by, "reason": grant.reason or "—"},
            can_end=grant.end is None or grant.end > on,
            **_state(grant.start, grant.end, on),
        )
        for grant in grants
    ]


def posts(account: Account, on: date) -> list[Held]:
    terms = account.terms.select_related("post__unit").order_by("-start", "-pk")
    return [
        Held(
            pk=term.pk,
            title=f"{term.post.unit.label} · {term.post.title}",
            days=_days(term.start, term.end),
            note=_secondment(account, term),
            can_end=term.end is None or term.end > on,
            **_state(term.start, term.end, on),
        )
        for term in terms
    ]


def _secondment(account: Account, term: PostTerm) -> str:
    label = str(Responsibility(term.post.responsibility).label)
    return label if term.post.unit_id == account.unit_id else _("%(label)s · 借调") % {"label": label}


def _days(start: date, end: date | None) -> str:
    return _("%(start)s 起,%(end)s") % {
        "start": start.isoformat(),
        "end": _("到 %(day)s 前一天") % {"day": end.isoformat()} if end else _("没有止日"),
    }


def _state(start: date, end: date | None, on: date) -> dict[str, str]:
    if start > on:
        return {"state": _("未到"), "tone": "soon"}
    if end is not None and end <= on:
        return {"state": _("已结束"), "tone": "grey"}
    return {"state": _("在任"), "tone": "good"}


def side_of(account: Account) -> str:
    return str(Side(unit_side(account.unit.kind, account.unit.zone)).label)
