"""Pages of outcomes: how long measures last and when relapse comes, as curves that tell of nobody."""
