"""Journeys: use cases that need two rooms. Owns no table. Never does: what one room can do alone."""
