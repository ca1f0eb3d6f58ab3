"""The desk for requests about one's own information: received, identity seen, collected, decided, handed over."""
