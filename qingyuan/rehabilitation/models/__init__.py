from qingyuan.rehabilitation.models.campaign import Campaign, CampaignLine
from qingyuan.rehabilitation.models.case import Absence, CarePlan, Credit, Move, Suspension, TeamMember, Warned
from qingyuan.rehabilitation.models.client import Client
from qingyuan.rehabilitation.models.control import Control
from qingyuan.rehabilitation.models.draw import TestDraw
from qingyuan.rehabilitation.models.help import AbsenceReason, Referral, SupportReview
from qingyuan.rehabilitation.models.inspection import Inspection
from qingyuan.rehabilitation.models.isolation import Isolation
from qingyuan.rehabilitation.models.measure import Measure
from qingyuan.rehabilitation.models.own_page import OwnCode, OwnRequest
from qingyuan.rehabilitation.models.plan import Encouraged, PlanGoal, PlanLook
from qingyuan.rehabilitation.models.release import Release
from qingyuan.rehabilitation.models.test import CommunityTest
from qingyuan.rehabilitation.models.texting import AppointmentText, TextConsent

__all__ = [
    "Absence",
    "AbsenceReason",
    "AppointmentText",
    "Campaign",
    "CampaignLine",
    "CarePlan",
    "Client",
    "CommunityTest",
    "Control",
    "Credit",
    "Encouraged",
    "Inspection",
    "Isolation",
    "Measure",
    "Move",
    "OwnCode",
    "OwnRequest",
    "PlanGoal",
    "PlanLook",
    "Referral",
    "Release",
    "SupportReview",
    "Suspension",
    "TeamMember",
    "TestDraw",
    "TextConsent",
    "Warned",
]
