"""Ledgers: list, open, enter, change and void, one set of addresses for each, made from its declaration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Field, Query, Router, Schema, Status

from qingyuan.api.asking import SignedIn, actor_of, division_of, log_read, period_of, today
from qingyuan.api.errors import NotHere, Refusal, Refused
from qingyuan.api.row_shapes import Given, Reason, RowOut, RowsOut, row_out, typed, typed_now, values_model
from qingyuan.foundation.name_buckets import TooManyNames
from qingyuan.ledgers import entering, queries, registry
from qingyuan.ledgers.declaration import Ledger, Writing
from qingyuan.ledgers.queries import RowFilter
from qingyuan.ledgers.writing import CannotVoid, DuplicateRow, RowChanged
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.reference import catalogue

router = Router(tags=["ledgers"])
NO = {401: Refusal, 403: Refusal, 404: Refusal, 409: Refusal, 422: Refusal}


class LedgerOut(Schema):
    code: str
    title: str
    purpose: str
    may: list[str]


class Wanted(Schema):
    """``division`` and ``period`` narrow the list; nothing given = everything in one's range."""

    division: Annotated[str, Field(max_length=12)] = ""
    period: Annotated[str, Field(max_length=20)] = ""
    search: Annotated[str, Field(max_length=60)] = ""
    sort: Annotated[str, Field(max_length=40)] = ""
    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    per_page: Annotated[int, Field(ge=1, le=200)] = 50


PURPOSES = "unseal_purposes"


class Statement(Given):
    """Why and by which article a sealed row is opened, and its whole number."""

    purpose: str = Field(..., description=f"代码表 {PURPOSES}", max_length=20)
    basis: str = Field(..., description="法律名称和条号", min_length=4, max_length=120)
    which: str = Field(..., description="完整的文号或身份证号", min_length=1, max_length=60)


@router.get("", response={200: list[LedgerOut], **NO}, summary="有哪些台账,可以做什么")
def ledgers(request: HttpRequest) -> list[LedgerOut]:
    actor, on = actor_of(request), today()
    acts = (Action.READ, Action.CREATE, Action.CHANGE, Action.VOID)
    found = [
        LedgerOut(
            code=ledger.code,
            title=ledger.title,
            purpose=ledger.purpose,
            may=[str(act.value) for act in acts if entering.allowed(ledger, actor, act, on).allowed],
        )
        for ledger in registry.all_ledgers()
    ]
    return [one for one in found if one.may]


class Gate(SignedIn):
    """Who may not open a row is told so before anything they sent is read."""

    def __init__(self, ledger: Ledger, action: Action) -> None:
        super().__init__()
        self.ledger, self.action = ledger, action

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        actor = super().authenticate(request, key)
        if actor is not None:
            _may(self.ledger, actor, self.action)
            match = request.resolver_match
            row_id = match.kwargs.get("row_id") if match else None
            if row_id is not None:
                _row(request, self.ledger, row_id, self.action)
        return actor


def _add(ledger: Ledger) -> None:
    """The addresses of one ledger."""
    code = ledger.code
    new, changed = values_model(ledger), values_model(ledger, change=True)

    def listed(request: HttpRequest, wanted: Annotated[Wanted, Query()]) -> RowsOut:
        return _listed(request, ledger, wanted)

    def opened(request: HttpRequest, row_id: UUID) -> RowOut:
        row = _row(request, ledger, row_id, Action.READ)
        _trace(request, ledger, "detail", [row.pk])
        return row_out(ledger, row, actor_of(request))

    def created(request: HttpRequest, values: Any) -> Status[RowOut]:
        return Status(201, _created(request, ledger, values.model_dump(exclude_unset=True)))

    def change(request: HttpRequest, row_id: UUID, about: Any) -> RowOut:
        return _changed(request, ledger, row_id, about.values.model_dump(exclude_unset=True), about)

    def void(request: HttpRequest, row_id: UUID, reason: Reason) -> Status[None]:
        _voided(request, ledger, row_id, reason)
        return Status(204, None)

    def unseal(request: HttpRequest, stated: Statement) -> RowOut:
        return _unsealed(request, ledger, stated)

    created.__annotations__["values"] = new
    change.__annotations__["about"] = type(
        f"{changed.__name__}In", (Reason,), {"__annotations__": {"values": changed}, "__module__": __name__}
    )
    title, one = ledger.title, f"/{code}/{{uuid:row_id}}"

    def route(method: str, path: str, view: Callable[..., Any], yes: dict[int, Any], what: str, action: Action) -> None:
        named = f"{code}_{view.__name__}".replace("-", "_")
        answers = {**yes, **NO}
        add = getattr(router, method)
        add(path, response=answers, summary=f"{title}:{what}", operation_id=named, auth=Gate(ledger, action))(view)

    route("post", f"/{code}", created, {201: RowOut}, "登记一条", Action.CREATE)
    if ledger.sealed:
        # No list, no row by its identifier, no change from afar: one row, for a stated purpose, by its whole number.
        route("post", f"/{code}/open", unseal, {200: RowOut}, "写明目的和条款,打开一条", Action.READ)
        return
    route("get", f"/{code}", listed, {200: RowsOut}, "列表", Action.READ)
    route("get", one, opened, {200: RowOut}, "查看一条", Action.READ)
    route("patch", one, change, {200: RowOut}, "修改一条", Action.CHANGE)
    route("post", f"{one}/void", void, {204: None}, "作废一条", Action.VOID)


def _listed(request: HttpRequest, ledger: Ledger, wanted: Wanted) -> RowsOut:
    actor, on = actor_of(request), today()
    _may(ledger, actor, Action.READ)
    place = division_of(actor, wanted.division, on) if wanted.division else None
    period = period_of(wanted.period, on) if wanted.period else None
    asked = RowFilter(
        division_id=place.pk if place else None,
        start=period.start if period else None,
        end=period.end if period else None,
        search=wanted.search,
        sort=wanted.sort,
    )
    try:
        found = queries.filtered(ledger, queries.rows(ledger, actor, on), asked, on, by=actor)
    except TooManyNames:
        raise Refused(422, _("这样找,要打开的姓名太多。"), _("请写全姓名,或加上 period、division 缩小范围。")) from None
    total = found.count()
    first = (wanted.page - 1) * wanted.per_page
    shown = list(found[first : first + wanted.per_page])
    _trace(request, ledger, "search" if wanted.search else "list", [row.pk for row in shown], wanted.search)
    return RowsOut(
        rows=[row_out(ledger, row, actor) for row in shown],
        total=total,
        page=wanted.page,
        per_page=wanted.per_page,
        pages=max(-(-total // wanted.per_page), 1),
    )


def _created(request: HttpRequest, ledger: Ledger, values: dict[str, Any]) -> RowOut:
    actor = actor_of(request)
    _may(ledger, actor, Action.CREATE)
    writing = Writing(by=actor, on=today())
    draft = entering.draft_of_new(ledger, typed(ledger, values), writing)
    if draft.problems:
        raise Refused(422, _("没有登记:有不能用的值。"), _("请逐项修改后重发。"), draft.problems)
    try:
        row = entering.enter(ledger, draft, writing)
    except DuplicateRow as error:
        raise Refused(409, str(error)) from error
    return row_out(ledger, row if ledger.sealed else _row(request, ledger, row.pk, Action.READ), actor)


def _unsealed(request: HttpRequest, ledger: Ledger, stated: Statement) -> RowOut:
    """One row of a sealed ledger; what was stated is in the read audit before it is looked for."""
    actor, on = actor_of(request), today()
    _may(ledger, actor, Action.READ)
    purposes = catalogue.get_list(PURPOSES)
    if stated.purpose not in {code.code for code in purposes.valid_on(on)}:
        raise Refused(422, _("purpose 不是代码表 %(list)s 里的目的。") % {"list": PURPOSES}, _("请改 purpose。"))
    found = queries.sealed_row(ledger, actor, on, stated.which)
    reason = gettext_noop("目的:%(purpose)s;依据:%(basis)s") % {"purpose": purposes.label(stated.purpose), "basis": stated.basis}
    log_read(request, "unseal", ledger.code, [row.pk for row in found], query=stated.which, reason=reason)
    if not found:
        raise NotHere
    if len(found) > 1:
        raise Refused(409, _("这个号码不止一条。"), _("请改用决定书文号。这次查询已记入日志。"))
    return row_out(ledger, found[0], actor)


def _changed(request: HttpRequest, ledger: Ledger, row_id: UUID, values: dict[str, Any], about: Reason) -> RowOut:
    row = _row(request, ledger, row_id, Action.CHANGE)
    _same_version(row, about)
    writing = Writing(by=actor_of(request), on=today(), reason=about.reason.strip())
    draft = entering.draft_of_change(ledger, row, typed_now(ledger, row) | typed(ledger, values), writing)
    if draft.problems:
        raise Refused(422, _("没有修改:有不能用的值。"), _("请逐项修改后重发。"), draft.problems)
    try:
        entering.change(ledger, row, draft, writing)
    except (DuplicateRow, RowChanged) as error:
        raise Refused(409, str(error)) from error
    return row_out(ledger, _row(request, ledger, row_id, Action.READ), actor_of(request))


def _voided(request: HttpRequest, ledger: Ledger, row_id: UUID, about: Reason) -> None:
    row = _row(request, ledger, row_id, Action.VOID)
    _same_version(row, about)
    if not about.reason.strip():
        raise Refused(422, _("请写明作废原因。"), _("在 reason 中写。"))
    try:
        ledger.void(rows=[row], writing=Writing(by=actor_of(request), on=today(), reason=about.reason.strip()))
    except (CannotVoid, RowChanged) as error:
        raise Refused(409, str(error)) from error


def _row(request: HttpRequest, ledger: Ledger, row_id: UUID, action: Action) -> Any:
    """A row on which this person may take ``action``. Raises NotHere, also for rows of others."""
    actor, on = actor_of(request), today()
    _may(ledger, actor, action)
    row = queries.rows(ledger, actor, on, action=action).filter(pk=row_id).first()
    if row is None:
        raise NotHere
    return row


def _may(ledger: Ledger, actor: Actor, action: Action) -> None:
    decision = entering.allowed(ledger, actor, action, today())
    if not decision.allowed:
        raise Refused(403, decision.reason, _("需要的,请向安全管理员申请授权。"))


def _same_version(row: Any, about: Reason) -> None:
    if row.version != about.version:
        raise Refused(409, _("这一条在您读取以后被别人改过。"), _("请重新读取,核对后带新的 version 重发。"))


def _trace(request: HttpRequest, ledger: Ledger, act: str, row_ids: list[UUID], searched: str = "") -> None:
    if ledger.leaves_trace and (row_ids or searched):
        log_read(request, act, ledger.code, row_ids, query=searched)


for _ledger in registry.all_ledgers():
    _add(_ledger)
