from qingyuan.enforcement.models.admission import AdmissionCheck
from qingyuan.enforcement.models.case import Case
from qingyuan.enforcement.models.enforcement_test import EnforcementTest
from qingyuan.enforcement.models.linked_crime import LinkedCrime
from qingyuan.enforcement.models.movement import Movement
from qingyuan.enforcement.models.operation import Operation
from qingyuan.enforcement.models.party import Party
from qingyuan.enforcement.models.penalty import Penalty
from qingyuan.enforcement.models.seizure import Seizure

__all__ = [
    "AdmissionCheck",
    "Case",
    "EnforcementTest",
    "LinkedCrime",
    "Movement",
    "Operation",
    "Party",
    "Penalty",
    "Seizure",
]
