"""The yearly assessment of responsibility letters: a round, each letter in it, its papers."""
