from qingyuan.situation.models.closing import PeriodClose, ReopenNotice
from qingyuan.situation.models.counts import Population, RegistrationCount
from qingyuan.situation.models.published import PublishedFigure
from qingyuan.situation.models.wastewater import WaterSample

__all__ = ["PeriodClose", "Population", "PublishedFigure", "RegistrationCount", "ReopenNotice", "WaterSample"]
