"""What a page says when it cannot be shown: what was asked for, whose it is, and how to ask for it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from qingyuan.foundation import audit
from qingyuan.foundation.quiet_logging import mark_error

API = "/api/"


class Forbidden(PermissionDenied):
    """Something that is not for this person; each part is a sentence or words for one. ``whose`` may be empty."""

    def __init__(self, what: str, whose: str = "", how: str = "") -> None:
        super().__init__(what)
        self.what, self.whose, self.how = what, whose, how


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403. A plain PermissionDenied gives its text as what was asked for."""
    if not isinstance(exception, Forbidden):
        exception = Forbidden(what=str(exception or ""))
    actor = getattr(request, "actor", None)
    if actor is not None and not actor.is_anonymous:
        # Who tries doors that are not theirs is for the inspectors to see.
        audit.record_read(
            by=actor,
            act="refused",
            ledger="",
            row_ids=[],
            path=request.path,
            reason=str(exception.what)[:300],
            address=str(request.META.get("REMOTE_ADDR", "")),
        )
    return _page(request, "errors/403.html", 403, {"refusal": exception})


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404. Says the same for a row that is not there and one that is not for this person (mission line 1).

    A program is answered as the machine interface answers it, and no page is made for it.
    """
    if request.path.startswith(API):
        how = _("请核对编号;在您范围之外的记录与不存在的记录回答相同。")
        return JsonResponse({"message": _("没有这一条,或者不在您的范围内。"), "how": how, "problems": []}, status=404)
    return _page(request, "errors/404.html", 404, {})


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400. Something in the request cannot be read, or the address it was sent to is not this site's: nothing is repeated."""
    return render(None, "errors/400.html", status=400)  # type: ignore[arg-type]


def too_large(request: HttpRequest) -> HttpResponse:
    """413. Refused by its announced length, before anything of it was read."""
    return render(None, "errors/413.html", status=413)  # type: ignore[arg-type]


def broken(request: HttpRequest) -> HttpResponse:
    """500. Asks nothing of the database, which may be what broke. The number it shows stands in the log's line of this error."""
    number = mark_error(request)
    return render(None, "errors/500.html", {"number": number}, status=500)  # type: ignore[arg-type]


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's protection token is missing or old (page left open overnight, cookies refused)."""
    refusal = Forbidden(
        what=_("这次提交"),
        how=_("页面停留太久或浏览器没有接受登录信息。请返回上一页刷新后再提交,已填内容可以先复制下来。"),
    )
    return _page(request, "errors/form_expired.html", 403, {"refusal": refusal})


def _page(request: HttpRequest, template: str, status: int, context: dict[str, object]) -> HttpResponse:
    actor = getattr(request, "actor", None)
    base = "web/base_alone.html" if actor is None or actor.is_anonymous else "web/base.html"
    return render(request, template, {**context, "base": base}, status=status)
