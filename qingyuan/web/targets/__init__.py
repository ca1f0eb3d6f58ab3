"""Targets of the year: the city's, each town's share with how it came about, every move of it, publishing."""
