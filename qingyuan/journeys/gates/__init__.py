"""Gates between two rooms: what one side works out from its own rows before it signs, or after something has arrived."""
