from qingyuan.situation.models.closing import PeriodClose, ReopenNotice
from qingyuan.situation.models.counts import Population, RegistrationCount
from qingyuan.situation.models.forms import ForeignForm, FormFile, FormFilling, FormLayout
from qingyuan.situation.models.published import PublishedFigure
from qingyuan.situation.models.requests import FigureAnswer, FigureQuestion, FigureRequest, FigureStep
from qingyuan.situation.models.wastewater import WaterSample

__all__ = [
    "FigureAnswer",
    "FigureQuestion",
    "FigureRequest",
    "FigureStep",
    "ForeignForm",
    "FormFile",
    "FormFilling",
    "FormLayout",
    "PeriodClose",
    "Population",
    "PublishedFigure",
    "RegistrationCount",
    "ReopenNotice",
    "WaterSample",
]
