from qingyuan.rehabilitation.models.client import Client
from qingyuan.rehabilitation.models.isolation import Isolation
from qingyuan.rehabilitation.models.measure import Measure
from qingyuan.rehabilitation.models.test import CommunityTest

__all__ = ["Client", "CommunityTest", "Isolation", "Measure"]
