from qingyuan.governance.models.archive import AssessmentArchive
from qingyuan.governance.models.assessment import ManualEntry, ScoreSnapshot
from qingyuan.governance.models.consequence import Consequence, ConsequenceFile
from qingyuan.governance.models.duty_plan import UnitPlan, UnitTask
from qingyuan.governance.models.impact import ImpactSignOff
from qingyuan.governance.models.inspection import (
    InspectionMark,
    InspectionPart,
    InspectionPhoto,
    InspectionPresence,
    InspectionRound,
    InspectionVisit,
)
from qingyuan.governance.models.letter import Letter, LetterScan, NumberSeries
from qingyuan.governance.models.meeting import Instruction, Meeting
from qingyuan.governance.models.need import TaskEvidence, UnitNeed, UnitNeedStep
from qingyuan.governance.models.order import OrderFile, SupervisionOrder
from qingyuan.governance.models.pattern import PatternFile, PatternLook, PatternQuestion, PatternRow, PictureSigns
from qingyuan.governance.models.programme import (
    Programme,
    ProgrammeChange,
    ProgrammeGoal,
    ProgrammeReview,
    ProgrammeStep,
)
from qingyuan.governance.models.returned import Return, ReturnCell, ReturnStep
from qingyuan.governance.models.reward_table import PublishedRewardTable, RewardDraft, RewardRevision
from qingyuan.governance.models.scheme import PublishedScheme, SchemeDraft, SchemeRevision
from qingyuan.governance.models.target import TargetBid, TargetMove, TargetPlan, TargetShare
from qingyuan.governance.models.year_end import (
    Assessment,
    AssessmentEvidence,
    AssessmentResult,
    AssessmentRound,
    ClauseReview,
    Objection,
    RoundSection,
    SampleFrame,
    SampleItem,
    SelfScore,
)

__all__ = [
    "Assessment",
    "AssessmentEvidence",
    "AssessmentResult",
    "AssessmentRound",
    "ClauseReview",
    "AssessmentArchive",
    "Consequence",
    "ConsequenceFile",
    "ImpactSignOff",
    "InspectionMark",
    "InspectionPart",
    "InspectionPhoto",
    "InspectionPresence",
    "InspectionRound",
    "InspectionVisit",
    "Instruction",
    "Letter",
    "LetterScan",
    "ManualEntry",
    "Meeting",
    "NumberSeries",
    "Objection",
    "OrderFile",
    "PatternFile",
    "PatternLook",
    "PatternQuestion",
    "PatternRow",
    "PictureSigns",
    "Programme",
    "ProgrammeChange",
    "ProgrammeGoal",
    "ProgrammeReview",
    "ProgrammeStep",
    "PublishedRewardTable",
    "PublishedScheme",
    "Return",
    "ReturnCell",
    "ReturnStep",
    "RewardDraft",
    "RewardRevision",
    "RoundSection",
    "SampleFrame",
    "SampleItem",
    "SchemeDraft",
    "SchemeRevision",
    "ScoreSnapshot",
    "SelfScore",
    "SupervisionOrder",
    "TargetBid",
    "TargetMove",
    "TargetPlan",
    "TargetShare",
    "TaskEvidence",
    "UnitNeed",
    "UnitNeedStep",
    "UnitPlan",
    "UnitTask",
]
