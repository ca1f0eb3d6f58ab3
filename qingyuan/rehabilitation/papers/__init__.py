"""The papers this room makes for a person: ``of_measure``, ``beside`` (rows beside a measure, and the exit), built alike by ``common``."""

from qingyuan.rehabilitation.papers import beside, of_measure
from qingyuan.rehabilitation.papers.beside import CERTIFICATE
from qingyuan.rehabilitation.papers.of_measure import DATA_ANSWER, OWN_CODE

FORMS = (*beside.FORMS, *of_measure.FORMS)

__all__ = ["CERTIFICATE", "DATA_ANSWER", "FORMS", "OWN_CODE"]
