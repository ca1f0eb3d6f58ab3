"""Situation: what is going on, for any division and period.

Owns: counts of registered users (count rows, no names), population. Hands out: the results paragraph of the year and
its document, each figure with what it is made of. Never does: hold a list of people, or colour a figure that falls when
people look away.
"""
