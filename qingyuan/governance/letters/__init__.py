"""What a responsibility letter says and how it is printed. Reads no table: facts come in as values."""
