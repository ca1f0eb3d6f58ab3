"""My reminders, how I want them, where they go; for the security officer whether the door works."""
