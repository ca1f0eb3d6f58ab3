"""Every refusal as JSON: what is wrong in ``message``, what to do in ``how``, and each bad value in ``problems``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from qingyuan.foundation.words import Problem


class ProblemOut(Schema):
    """``column`` is the name of the value; the value itself is never sent back."""

    column: str
    message: str
    hint: str = ""


class Refusal(Schema):
    message: str
    how: str = ""
    problems: list[ProblemOut] = []


class Refused(Exception):
    """An answer that is no answer. ``status`` 403, 404, 409, 415 or 422."""

    def __init__(self, status: int, message: str, how: str = "", problems: Iterable[Problem] = ()) -> None:
        super().__init__(message)
        self.status, self.message, self.how, self.problems = status, message, how, list(problems)


class NotHere(Refused):
    """The same for what is not there and for what is not for this person (mission line 1)."""

    def __init__(self) -> None:
        how = _("请核对编号;在您范围之外的记录与不存在的记录回答相同。")
        super().__init__(404, _("没有这一条,或者不在您的范围内。"), how)


def register(api: NinjaAPI) -> None:
    """Teach ``api`` to answer every error in the one shape."""

    def say(
        request: HttpRequest, status: int, message: str, how: str = "", problems: Iterable[Any] = ()
    ) -> HttpResponse:
        body = {"message": message, "how": how, "problems": list(problems)}
        return api.create_response(request, body, status=status)

    @api.exception_handler(Refused)
    def refused(request: HttpRequest, error: Refused) -> HttpResponse:
        problems = [
            {"column": one.column, "message": str(one.message), "hint": str(one.hint)} for one in error.problems
        ]
        return say(request, error.status, error.message, error.how, problems)

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        problems = [
            {"column": ".".join(str(step) for step in one["loc"][1:]), "message": one["msg"], "hint": ""}
            for one in error.errors
        ]
        return say(request, 422, _("请求里有不能用的值。"), _("请按 openapi.json 的说明修改后重发。"), problems)

    @api.exception_handler(AuthenticationError)
    def stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        how = _("请带上 Authorization: Bearer 令牌(在“我的账号”页生成),或先登录再带着会话访问。")
        return say(request, 401, _("还没有登录,或令牌不对、已到期、已停用。"), how)

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:
        gone = NotHere()
        return say(request, 404, gone.message, gone.how)

    @api.exception_handler(HttpError)
    def other(request: HttpRequest, error: HttpError) -> HttpResponse:
        how = _("改动数据的请求要带 X-CSRFToken。") if error.status_code == 403 else ""
        return say(request, error.status_code, str(error), how)
