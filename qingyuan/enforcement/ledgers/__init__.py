"""The ledgers of this room."""

from qingyuan.enforcement.ledgers import cases, goods, people

__all__ = ["cases", "goods", "people"]
