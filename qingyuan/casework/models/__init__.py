from qingyuan.casework.models.clock import ClockCheck, ClockDecision, ClockEvent, RunningClock
from qingyuan.casework.models.data_request import DataRequest, DataRequestItem, DataRequestSlip, DataRequestStep
from qingyuan.casework.models.due import Due
from qingyuan.casework.models.gate import GateAct, GateDelivery
from qingyuan.casework.models.handover import HandOver, HandOverRow
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
from qingyuan.casework.models.procedure import ProcedureStep
from qingyuan.casework.models.reminder import Reminder, ReminderChoice
from qingyuan.casework.models.retention import RetentionPlan
from qingyuan.casework.models.served_paper import PaperService, ServedPaper, ServiceProof

__all__ = [
    "ClockCheck",
    "ClockDecision",
    "ClockEvent",
    "DataRequest",
    "DataRequestItem",
    "DataRequestSlip",
    "DataRequestStep",
    "Due",
    "GateAct",
    "GateDelivery",
    "HandOver",
    "HandOverRow",
    "Paper",
    "PaperDelivery",
    "PaperFigure",
    "PaperIssue",
    "PaperScan",
    "PaperSeries",
    "PaperService",
    "PaperStep",
    "PaperTemplate",
    "ProcedureStep",
    "Reminder",
    "ReminderChoice",
    "RetentionPlan",
    "RunningClock",
    "ServedPaper",
    "ServiceProof",
]
