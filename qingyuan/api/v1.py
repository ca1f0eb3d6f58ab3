"""Version 1, put together. The description is at ``/api/v1/openapi.json``; there is no page that loads scripts from afar."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from qingyuan.api import errors
from qingyuan.api.asking import SignedIn
from qingyuan.api.clocks import router as clocks
from qingyuan.api.figures import router as figures
from qingyuan.api.ledgers import router as ledgers
from qingyuan.api.letters import router as letters


class DescribedOnce(NinjaAPI):
    """The description is worked out once for each language: that takes more than a second, and anybody may ask for it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._described: dict[tuple[str, str | None], OpenAPISchema] = {}

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        key = (prefix, get_language())
        if key not in self._described:
            self._described[key] = super().get_openapi_schema(path_prefix=prefix)
        return self._described[key]


api = DescribedOnce(
    title="清源",
    version="1",
    description="与网页同一范围、同一遮盖、同一规则。",
    urls_namespace="api-v1",
    docs_url=None,
    auth=SignedIn(),
)
errors.register(api)
api.add_router("/ledgers", ledgers)
api.add_router("", figures)
api.add_router("/clocks", clocks)
api.add_router("/letters", letters)
