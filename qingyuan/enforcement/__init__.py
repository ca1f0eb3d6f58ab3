"""Enforcement: cases, the people in them, what was seized and where it went, penalties and tests.

Owns: drug cases of the handling police unit with their parties, seizures, exhibits and operations; crimes linked with
drugs; administrative penalties, sealed from entry; tests in the course of enforcement. Hands out: their ledgers and facts,
the balance of each exhibit, what an operation came to. Never does: set a target on any of it (every count here is
coercive), or know a client of the helpers.
"""
