"""Django commands for developers."""
