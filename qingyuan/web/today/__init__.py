"""What people see first: their own work by its deadline, then their figures."""

from qingyuan.web.navigation import register_badge
from qingyuan.web.today.waiting import badge

register_badge("today", badge)
