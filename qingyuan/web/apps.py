from __future__ import annotations

import time
from typing import Any, Final

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

PROVED_AT: Final = "proved_at"


class WebConfig(AppConfig):
    name = "qingyuan.web"
    label = "web"
    verbose_name = _("页面")

    def ready(self) -> None:
        user_logged_in.connect(_proved, dispatch_uid="qingyuan.web.proved")


def _proved(sender: Any, request: HttpRequest, user: Any, **_kwargs: Any) -> None:
    """Whoever has just come in has just proved who it is; nothing weighty asks again for a while."""
    request.session[PROVED_AT] = time.time()
