from qingyuan.ledgers.models.facts import FactRow, OutboxEntry
from qingyuan.ledgers.models.imports import ImportBatch, LearntSynonym, StagedBlock
from qingyuan.ledgers.models.row import InFlight, LedgerRow, listed
from qingyuan.ledgers.models.sources import OwnLayout, SavedRecipe, Source

__all__ = [
    "FactRow",
    "ImportBatch",
    "InFlight",
    "LearntSynonym",
    "LedgerRow",
    "OutboxEntry",
    "OwnLayout",
    "SavedRecipe",
    "Source",
    "StagedBlock",
    "listed",
]
