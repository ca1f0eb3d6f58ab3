"""Reference: what the law and the standards say, as dated data files.

Owns code lists, statutory schedules and clocks, period words, period calendars, holiday arrangements, rule packs by
province and the citations the platform names. Hands out immutable values, loaded once from ``data/*.csv``. Never reads
a database, a request or the clock: callers pass the day. Never concludes what no source confirms: such a value sits in
a rule pack with ``confirmed = no`` and a note.

Every ``valid_from``/``valid_to`` pair is half-open: ``valid_to`` is the first day on which the row no longer holds.
"""
