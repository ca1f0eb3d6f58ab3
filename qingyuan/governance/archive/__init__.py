"""A year's letters as one file that can be recomputed without us: how it is laid out, written, read and checked.

Pure: no database, no settings, no clock. Who keeps one is ``actions.archive``, from what ``queries.archive`` gathers.
"""
