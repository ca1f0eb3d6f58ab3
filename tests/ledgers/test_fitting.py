"""A number that its column cannot hold is refused in words, on either database."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from qingyuan.ledgers import registry
from qingyuan.ledgers.fitting import misfits


@pytest.mark.parametrize(
    ("ledger", "values", "said"),
    [
        ("seizures", {"item": Decimal(32_767)}, ""),
        ("seizures", {"item": Decimal(32_768)}, "最多 32,767"),
        ("seizures", {"item": Decimal(-1)}, "不会是负数"),
        ("seizures", {"item": None}, ""),
        ("lessons", {"hours": Decimal("0.001")}, "小数太多"),
        ("lessons", {"hours": Decimal("1.5")}, ""),
    ],
)
def test_a_number_beyond_its_column_is_told(ledger: str, values: dict[str, Any], said: str) -> None:
    found = misfits(registry.get(ledger), values)
    assert (len(found), said in "".join(one.message for one in found)) == (1 if said else 0, True)
