"""Participation: the public as main body of the work.

Owns: volunteers, associations, the staff roster, counts of reports received. Hands out: their ledgers and facts. Never does:
know who reported; rank a volunteer or a worker.
"""
