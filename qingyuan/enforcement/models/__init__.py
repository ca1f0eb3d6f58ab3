from qingyuan.enforcement.models.case import Case
from qingyuan.enforcement.models.seizure import Seizure

__all__ = ["Case", "Seizure"]
