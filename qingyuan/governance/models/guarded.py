"""Rows whose content is written once; the refusal itself stands in ``foundation.guarded``, where every room finds it."""

from __future__ import annotations

from qingyuan.foundation.guarded import Guarded, GuardedQuerySet, WrittenOnce

__all__ = ["Guarded", "GuardedQuerySet", "WrittenOnce"]
