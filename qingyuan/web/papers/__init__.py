"""Papers of the unit: drafted, signed, issued, served, signed for."""
