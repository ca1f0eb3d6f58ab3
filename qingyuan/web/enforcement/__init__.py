"""Whether exhibits come out, and what an operation came to. The ledgers themselves stand under /ledgers/."""
