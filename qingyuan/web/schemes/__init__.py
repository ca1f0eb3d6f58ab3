"""Assessment schemes: published ones, and the desk where a clerk writes the next."""
