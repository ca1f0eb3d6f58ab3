"""What follows from a published result: the list of a year, one entry with its rule and its way, the rules themselves."""
