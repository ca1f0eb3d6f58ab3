from qingyuan.governance.models.meeting import Instruction, Meeting

__all__ = ["Instruction", "Meeting"]
