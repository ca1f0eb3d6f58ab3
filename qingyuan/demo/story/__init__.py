"""What happened in the city, as clean rows: one module a subject, all from one seed."""
