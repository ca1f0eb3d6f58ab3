"""Other offices' forms (来表): the list, binding cells on the form itself, filling a month, what went out."""
