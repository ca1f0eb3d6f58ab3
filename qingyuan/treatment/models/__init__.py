from qingyuan.treatment.models.care import Agreement, Dose, Enrolment, MedicalTest
from qingyuan.treatment.models.entry import TreatmentEntry
from qingyuan.treatment.models.patient import Patient

__all__ = ["Agreement", "Dose", "Enrolment", "MedicalTest", "Patient", "TreatmentEntry"]
