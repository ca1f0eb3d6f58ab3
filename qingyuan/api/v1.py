"""Version 1, put together. The description is at ``/api/v1/openapi.json``; there is no page that loads scripts from afar."""

from __future__ import annotations

from ninja import NinjaAPI

from qingyuan.api import errors
from qingyuan.api.asking import SignedIn
from qingyuan.api.figures import router as figures
from qingyuan.api.ledgers import router as ledgers
from qingyuan.api.letters import router as letters

api = NinjaAPI(
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
api.add_router("/letters", letters)
