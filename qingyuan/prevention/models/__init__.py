from qingyuan.prevention.models.activity import Activity
from qingyuan.prevention.models.cultivation import Eradication, Patch, SurveyRound
from qingyuan.prevention.models.material import MaterialMove
from qingyuan.prevention.models.place import Place
from qingyuan.prevention.models.plan import LessonPlan, Planned, ReachPlan, SurveyPlan
from qingyuan.prevention.models.public_survey import AwarenessSurvey, SafetySurvey
from qingyuan.prevention.models.school import Lesson, School

__all__ = [
    "Activity",
    "AwarenessSurvey",
    "Eradication",
    "Lesson",
    "LessonPlan",
    "MaterialMove",
    "Patch",
    "Place",
    "Planned",
    "ReachPlan",
    "SafetySurvey",
    "School",
    "SurveyPlan",
    "SurveyRound",
]
