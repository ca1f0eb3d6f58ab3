"""Returns: filed by a unit, approved up the tree, locked; who has not filed."""

from __future__ import annotations
