"""Rehabilitation: community detox and rehabilitation, tests in the community, isolation status dates.

Owns: ``Client`` (its own noun for a person, in the community compartment), measures as periods on a client's timeline,
isolation status dates, tests. Hands out: ledgers, the client's timeline. Never does: a grade, colour or likelihood of
anything; in-facility records; treatment.
"""
