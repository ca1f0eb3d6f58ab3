"""Signing in and out, one's own page, one's own words: language and password."""
