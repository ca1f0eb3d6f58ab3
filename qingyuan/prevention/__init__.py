"""Prevention: what is done before anyone uses drugs, and against cultivation.

Owns: activities, schools and lessons, places, materials, surveys of the public, patches and survey rounds. Hands out: their
ledgers and facts. Never does: keep a list of persons; audiences are trades, ages and settings, counted.
"""
