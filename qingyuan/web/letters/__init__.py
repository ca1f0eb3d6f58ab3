"""Responsibility letters: the year's list, the live score, the paper and its signed page, numbers given by hand."""
