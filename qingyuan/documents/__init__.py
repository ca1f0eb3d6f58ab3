"""Official documents on paper: the form of GB/T 9704-2012, in Word and in PDF.

Owns: what an official document is made of (`model`), how it is set (`sheet`, `word`, `pdf`), what it hashes to
(`hashing`), the square code that leads from paper back to the record (`qr`), and whether a page is the paper it
should be (`page_code`).
Hands out: `render_docx`, `render_pdf`, `content_hash`, `short_code`, `verify`, `read_qr`.
Never does: read a table, know a ledger or a letter, decide who may sign, give out a number.
"""
