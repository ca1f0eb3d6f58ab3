from qingyuan.casework.models.due import Due
from qingyuan.casework.models.paper import (
    Paper,
    PaperDelivery,
    PaperFigure,
    PaperIssue,
    PaperScan,
    PaperSeries,
    PaperStep,
)
from qingyuan.casework.models.paper_template import PaperTemplate
from qingyuan.casework.models.reminder import Reminder, ReminderChoice

__all__ = [
    "Due",
    "Paper",
    "PaperDelivery",
    "PaperFigure",
    "PaperIssue",
    "PaperScan",
    "PaperSeries",
    "PaperStep",
    "PaperTemplate",
    "Reminder",
    "ReminderChoice",
]
