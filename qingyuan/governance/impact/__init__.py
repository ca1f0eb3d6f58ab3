"""The living impact assessment of personal information (PIPL 55, 56): made from what the program really keeps and does."""
