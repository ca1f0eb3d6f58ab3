"""Statutory clocks as rows: which a ledger row runs, what its columns say about them, and what the engine answers."""
