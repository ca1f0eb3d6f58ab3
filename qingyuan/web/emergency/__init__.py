"""Emergency looks: asked for, read while they last, reviewed by a second person, told to the inspectors."""
