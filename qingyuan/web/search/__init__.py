"""The box in the bar: one text, everything of the reader's own that answers to it, and why."""
