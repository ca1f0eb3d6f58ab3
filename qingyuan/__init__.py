"""Qingyuan 清源: drug-control work of a city, from the daily ledger to the answer for it.

One road, one direction: record, move, measure, answer. The storeys and who may import whom stand in ``pyproject.toml``
(``tool.importlinter``) and are checked in every test run.
"""

__version__ = "0.1.0"
