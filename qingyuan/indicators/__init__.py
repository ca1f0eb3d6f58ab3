"""The observatory: what the figures mean and what they are.

Owns the indicator definitions (``definitions/*.yaml``), the fact files and the one door to DuckDB (``store``).
Hands out matrices and values with their parts, the rows behind any of them, and the inputs a scheme may name.
Never imports a front, never sees a name, an ID number or an address: only published facts reach it (house.md §1).
"""
