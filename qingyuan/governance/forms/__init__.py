"""The forms of returns (报表): ``*.yaml``, read once. A return holds what other organs may not share row by row."""
