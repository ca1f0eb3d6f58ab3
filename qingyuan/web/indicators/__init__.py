"""Indicators: the catalogue, one indicator with its definition and figures, the rows behind a number, exports."""
