"""Questions about patterns: what was looked at, what a unit is asked, its answer, and what the office made of it."""
