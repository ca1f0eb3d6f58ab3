"""The ledgers of this room, one module a subject; importing them registers them."""

from __future__ import annotations

from qingyuan.prevention.ledgers import cultivation, places, plans, schools, surveys

__all__ = ["cultivation", "places", "plans", "schools", "surveys"]
