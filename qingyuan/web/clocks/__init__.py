"""Statutory clocks: what is due by law, how it is reckoned, what happened to it, and what a person has to decide."""

from qingyuan.casework.clocks.wanted import ledgers_with_clocks
from qingyuan.web.clocks.offering import acts
from qingyuan.web.row_acts import offer

for _code in ledgers_with_clocks():
    offer(_code, acts)
