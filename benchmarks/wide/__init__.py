"""Two ledgers of twenty columns that exist only for the benchmark, and a plain table of the same shape.

No ledger of the city is that wide; padding one with columns that nobody reads would measure less than is claimed. All
twenty are read, validated, staged, stored and audited; ten are published as facts. ``wide`` names nobody, in
``wide-personal`` three of the twenty are personal (encrypted columns, a key for each row in the audit).
"""
