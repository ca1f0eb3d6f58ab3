"""The only writers of posts and of the terms in which people hold them."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.foundation import audit
from qingyuan.organisation.actions.accounts import GrantRefused, locked, require
from qingyuan.organisation.actions.stays import of_unit, refuse_across, stays_of
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Responsibility
from qingyuan.organisation.models import Account, Post, PostTerm, Unit
from qingyuan.organisation.permissions import may_keep_accounts


@transaction.atomic
def open_post(*, unit: Unit, title: str, responsibility: Responsibility, by: Actor, reason: str) -> Post:
    """A post of a unit. Raises GrantRefused."""
    require(may_keep_accounts(by, unit.division_id))
    title = title.strip()
    if not title or not reason.strip():
        raise GrantRefused(_("请写明职务和事由。"))
    if unit.closed_on is not None:
        raise GrantRefused(_("这个单位已撤销,不能设岗位。"))
    post = Post.objects.create(unit=unit, title=title[:60], responsibility=responsibility)
    _record(post, "posts.create", by, reason, post.title)
    return post


@transaction.atomic
def appoint(
    *,
    post: Post,
    account: Account | None,
    holder_name: str = "",
    start: date,
    end: date | None = None,
    by: Actor,
    reason: str,
) -> PostTerm:
    """Somebody holds ``post`` in [start, end): an account's owner (also of another unit: a secondment), or a name alone.

    Raises GrantRefused when the account would stand on both sides of a wall on one of those days, whether the role or the
    post came first and whether either is still to come.
    """
    require(may_keep_accounts(by, post.unit.division_id))
    if not reason.strip():
        raise GrantRefused(_("请写明任职的事由,如任免文号。"))
    if end is not None and end <= start:
        raise GrantRefused(_("止日要在起日之后。"))
    held = locked(account) if account is not None else None
    if held is not None:
        if held.pk == by.account_id:
            raise GrantRefused(_("不能给自己任职:请另一位安全管理员办理。"))
        if not held.is_active:
            raise GrantRefused(_("这个账号已停用。"))
        refuse_across(of_unit(post.unit, start, end), stays_of(held), GrantRefused)
        again = post.terms.filter(account=held)
        if any(_overlap(term, start, end) for term in again):
            raise GrantRefused(_("这个人这段时间已任此职。"))
    name = held.name if held is not None else holder_name.strip()
    if not name:
        raise GrantRefused(_("请选账号,或写任职人姓名。"))
    term = PostTerm.objects.create(post=post, account=held, holder_name=name[:40], start=start, end=end)
    _record(post, "posts.appoint", by, reason, f"{held.username if held else ''} {post.title} {start}".strip())
    return term


@transaction.atomic
def appoint_in(
    *,
    unit: Unit,
    title: str,
    responsibility: Responsibility,
    account: Account,
    start: date,
    end: date | None,
    by: Actor,
    reason: str,
) -> PostTerm:
    """Appoint to the unit's post of that title, which is opened when it is not there yet. Raises GrantRefused."""
    post = unit.posts.filter(title=title.strip(), responsibility=responsibility).first()
    if post is None:
        post = open_post(unit=unit, title=title, responsibility=responsibility, by=by, reason=reason)
    return appoint(post=post, account=account, start=start, end=end, by=by, reason=reason)


@transaction.atomic
def end_term(*, term: PostTerm, end: date, by: Actor, reason: str) -> None:
    """End a term on day ``end`` (the first day without it); an end only moves inwards. Raises GrantRefused."""
    term = PostTerm.objects.select_for_update(of=("self",)).select_related("post__unit").get(pk=term.pk)
    require(may_keep_accounts(by, term.post.unit.division_id))
    if not reason.strip():
        raise GrantRefused(_("请写明免职的事由。"))
    if end <= term.start:
        raise GrantRefused(_("止日要在起日之后。"))
    if term.end is not None and end > term.end:
        raise GrantRefused(_("只能提前结束;要延长的,请另任一次。"))
    term.end = end
    term.save(update_fields=["end"])
    _record(term.post, "posts.end_term", by, reason, f"{term.post.title} {end}")


def _overlap(term: PostTerm, start: date, end: date | None) -> bool:
    return (end is None or term.start < end) and (term.end is None or start < term.end)


def _record(post: Post, act: str, by: Actor, reason: str, summary: str) -> None:
    audit.record_write(
        by=by,
        act=act,
        ledger="accounts",
        rows=[],
        division_id=post.unit.division_id,
        reason=reason,
        summary=summary[:300],
    )
