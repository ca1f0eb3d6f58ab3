"""The city's settings with the benchmark's ledgers beside its rooms."""

from qingyuan.config.settings import *  # noqa: F403
from qingyuan.config.settings import INSTALLED_APPS as _ROOMS

INSTALLED_APPS = [*_ROOMS, "wide"]
