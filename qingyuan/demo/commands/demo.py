"""Set the demo city up when it is not there yet, print the accounts, and serve it."""

from __future__ import annotations

import argparse
import time

from qingyuan.cli.output import progress, say, table
from qingyuan.demo import building
from qingyuan.demo.units import CITY_ACCOUNTS, PASSWORD

HELP = "演示:建好虚构的云岭市并在本机打开"
