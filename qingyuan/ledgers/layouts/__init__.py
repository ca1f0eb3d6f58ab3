"""Export layouts (导出格式): a ledger's rows in the columns of another system that must be filled anyway.

Owns: the dated files of this folder, a unit's own layouts, and how a value is written in one. The column lists are our
assumption of those systems and say so; an office checks them, or binds the system's own blank workbook. Never does: a
connection to another system. A file is made, a person takes it there.
"""
