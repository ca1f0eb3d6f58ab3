"""General check-ups: the campaign, its frame by town, the lists of lines and help plans, and the police's own checks."""
