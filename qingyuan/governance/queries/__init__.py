"""Reads for pages and for rooms above."""
