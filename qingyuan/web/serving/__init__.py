"""Papers to persons: made from a ledger row, numbered, served, proved; and the register of every paper's number."""
