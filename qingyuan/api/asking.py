"""What every endpoint needs: who asks, about which place and period, and the trace a read leaves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Protocol
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Schema
from ninja.security import SessionAuth

from qingyuan.api.errors import NotHere, Refused
from qingyuan.foundation import audit, clock
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.actor import actor_of as actor_behind
from qingyuan.organisation.models import ApiToken, Division, DivisionPath
from qingyuan.organisation.scope import divisions_in_scope
from qingyuan.reference import periods
from qingyuan.reference.periods import BadPeriod, Period

LONGEST_PERIOD = 36


class HasActor(Protocol):
    actor: Actor


class SignedIn(SessionAuth):
    """A token (``Authorization: Bearer qy_…``), or the session of the pages, whose changes need the CSRF token.

    ``request.actor`` of a session is built by the pages' middleware; a token's is built here, with its account's grants.
    """

    def __call__(self, request: HttpRequest) -> Any:
        """Errors: Refused 415 for somebody known whose body is not said to be JSON."""
        found = self._known(request)
        if found is not None:
            _require_json(request)
        return found

    def _known(self, request: HttpRequest) -> Any:
        kind, _space, key = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer":
            return super().__call__(request)
        on = clock.today()
        token = ApiToken.objects.valid_on(on).with_key(key.strip()).select_related("account__unit__division").first()
        if token is None:
            return None
        request.actor = actor_behind(token.account, on)  # type: ignore[attr-defined]
        return self.authenticate(request, "")

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        actor: Actor | None = getattr(request, "actor", None)
        return None if actor is None or actor.is_anonymous else actor


def _require_json(request: HttpRequest) -> None:
    """A body is JSON and says so; nothing is guessed from what stands in it."""
    if request.META.get("CONTENT_LENGTH") in (None, "", "0") or request.content_type == "application/json":
        return
    raise Refused(415, _("这个接口只收 JSON。"), _("请带上 Content-Type: application/json。"))


class Place(Schema):
    """A place and a period; without them one's own place, and January to the last month that is over."""

    division: Annotated[str, Field(max_length=12, description="12 位区划代码")] = ""
    period: Annotated[str, Field(max_length=20, description="2022-10、2022Q3、2022H1、2022、2022-01..2022-10")] = ""


PlaceQuery = Annotated[Place, Query()]


def actor_of(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def division_of(actor: Actor, code: str, on: date) -> Division:
    """The division ``code`` inside the actor's range, its own when not given. Raises Refused 404 for any other."""
    roots = divisions_in_scope(actor)
    under = DivisionPath.objects.on(on).filter(ancestor_id__in=roots).values("descendant_id")
    mine = Division.objects.on(on).filter(pk__in=under)
    found = (
        mine.filter(code=code.ljust(12, "0")).first() if code else mine.filter(pk__in=roots).order_by("code").first()
    )
    if found is None:
        raise NotHere
    return found


def period_of(text: str, on: date) -> Period:
    """Raises Refused 422 for what is no period, has not begun or is longer than three years."""
    if not text:
        return periods.ytd(periods.month(on).previous())
    try:
        period = Period.parse(text)
        periods.as_of(period, on)
        period.same_last_year()
    except BadPeriod as error:
        raise Refused(422, str(error), _("请改 period。")) from error
    if period.length > LONGEST_PERIOD:
        raise Refused(422, _("期间最长 36 个月。"), _("请分段查询。"))
    return period


def day_of(text: str, name: str) -> date | None:
    """A day written 2022-10-13; empty = none. Raises Refused 422."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(422, _("%(name)s 不是日期。") % {"name": name}, _("请写成 2022-10-13。")) from None


def log_read(
    request: HttpRequest, act: str, ledger: str, row_ids: Iterable[UUID], *, query: str = "", reason: str = ""
) -> None:
    """Write one read entry before anything is sent."""
    audit.record_read(
        by=actor_of(request),
        act=act,
        ledger=ledger,
        row_ids=list(row_ids),
        path=request.path,
        query=query,
        reason=reason,
        address=str(request.META.get("REMOTE_ADDR", "")),
    )


def today() -> date:
    return clock.today()
