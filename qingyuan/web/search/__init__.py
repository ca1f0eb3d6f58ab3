"""One box for ledgers, indicators, document numbers and, for the two who work with them, people by their whole name."""
