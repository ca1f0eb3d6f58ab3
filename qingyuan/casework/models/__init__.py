from qingyuan.casework.models.due import Due

__all__ = ["Due"]
