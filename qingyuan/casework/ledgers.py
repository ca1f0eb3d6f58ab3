"""What casework publishes; dues are generated, so there is no ledger to fill in."""

from __future__ import annotations

from qingyuan.casework.facts import TEST_DUES
from qingyuan.ledgers import registry

registry.register_fact(TEST_DUES)
