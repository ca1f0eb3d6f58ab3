from __future__ import annotations

from tests.security.fixture import planted

__all__ = ["planted"]
