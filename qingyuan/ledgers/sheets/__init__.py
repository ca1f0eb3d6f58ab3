"""Writing workbooks: what a ledger hands out for people to fill in, read or mend.

Owns: the template of a ledger (``template``), the export of what a list shows (``export``), the bad rows of an import
with the reasons beside them (``bad_rows``), and that no cell we write ever runs as a formula. Never does: the
database, masking (it writes what it is given), reading (``ledgers.reading`` reads all three back).
"""
