from qingyuan.rehabilitation.models.client import Client
from qingyuan.rehabilitation.models.inspection import Inspection
from qingyuan.rehabilitation.models.isolation import Isolation
from qingyuan.rehabilitation.models.measure import Measure
from qingyuan.rehabilitation.models.own_page import OwnCode, OwnRequest
from qingyuan.rehabilitation.models.test import CommunityTest

__all__ = ["Client", "CommunityTest", "Inspection", "Isolation", "Measure", "OwnCode", "OwnRequest"]
