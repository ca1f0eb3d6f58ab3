from qingyuan.situation.models.counts import Population, RegistrationCount
from qingyuan.situation.models.forms import ForeignForm, FormFile, FormFilling, FormLayout
from qingyuan.situation.models.requests import FigureAnswer, FigureQuestion, FigureRequest, FigureStep

__all__ = [
    "FigureAnswer",
    "FigureQuestion",
    "FigureRequest",
    "FigureStep",
    "ForeignForm",
    "FormFile",
    "FormFilling",
    "FormLayout",
    "Population",
    "RegistrationCount",
]
