"""Enforcement: cases and what was seized in them.

Owns: drug cases and seizures of the handling police unit. Hands out: their ledgers and facts. Never does: set a target
on any of it (every count here is coercive), or know a client of the helpers.
"""
