"""Reminders: the one door through which a word about somebody's work leaves the platform.

A reminder is a sentence of a closed list and at most two numbers; no other text has a place in its row. ``senders`` carry
it by e-mail, to an SMS gateway or to the office messenger; ``actions.reminders`` claims each row before sending, so that
two workers, or one that was broken off, send nothing twice.
"""
