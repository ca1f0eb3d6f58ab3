"""Pure rules of the room: values in, answer with its reason out."""
