"""Settings, addresses and server entry points: knows every room by name, decides nothing."""
