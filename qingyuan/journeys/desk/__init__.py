"""What the desk needs of several rooms: everything on file about one person within one compartment, and the copy made of it."""
