from qingyuan.situation.models.closing import PeriodClose, ReopenNotice
from qingyuan.situation.models.counts import Population, RegistrationCount

__all__ = ["PeriodClose", "Population", "RegistrationCount", "ReopenNotice"]
