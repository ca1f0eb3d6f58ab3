"""A file that came with a step, sent back as it was kept."""

from __future__ import annotations

import base64
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def file_response(kept: Any) -> HttpResponse:
    """``kept``: a row with content (base64), media_type, file_name and digest. The caller has asked who reads and logged it."""
    response = HttpResponse(base64.b64decode(kept.content or ""), content_type=kept.media_type)
    response["Content-Disposition"] = content_disposition_header(True, kept.file_name or kept.digest[:16]) or "attachment"
    return response
