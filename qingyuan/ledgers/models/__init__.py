from qingyuan.ledgers.models.facts import FactRow, OutboxEntry
from qingyuan.ledgers.models.imports import ImportBatch, LearntSynonym, StagedRow
from qingyuan.ledgers.models.row import LedgerRow

__all__ = ["FactRow", "ImportBatch", "LearntSynonym", "LedgerRow", "OutboxEntry", "StagedRow"]
