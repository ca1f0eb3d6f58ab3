from qingyuan.participation.models.association import Association, ServiceContract
from qingyuan.participation.models.reports import ReportCount
from qingyuan.participation.models.staff import StaffMember
from qingyuan.participation.models.volunteer import Volunteer

__all__ = ["Association", "ReportCount", "ServiceContract", "StaffMember", "Volunteer"]
