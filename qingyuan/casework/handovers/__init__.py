"""Hand-overs: what may be handed over and how it moves, by when it is answered, who may give, take and look."""
