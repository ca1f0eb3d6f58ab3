from qingyuan.ledgers.models.facts import FactRow, OutboxEntry
from qingyuan.ledgers.models.imports import ImportBatch, LearntSynonym, StagedBlock
from qingyuan.ledgers.models.row import InFlight, LedgerRow

__all__ = ["FactRow", "ImportBatch", "InFlight", "LearntSynonym", "LedgerRow", "OutboxEntry", "StagedBlock"]
