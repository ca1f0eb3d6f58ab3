"""Papers served on the person of a ledger row (送达): which there are, how they read, who sees them, how service is proved."""
