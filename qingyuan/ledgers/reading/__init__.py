"""Reading what people have: workbooks and text tables as offices keep them, turned into rows of clean values.

Owns: opening files safely (``open``), finding the table and its header (``header``), telling data rows from the rest
(``rows``), making sense of each cell by the kind of its column (``cells``), and the stream of rows (``reader``).
Hands out: ``open_workbook``, ``find_headers``, ``guess_ledger``, ``read_table``. Never does: the database, the meaning
of a ledger, a guess about a value it cannot be sure of.
"""
