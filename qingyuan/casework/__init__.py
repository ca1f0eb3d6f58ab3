"""Casework: how work moves. What should be done is a row: a *due* (应做) with a window, a source and one outcome.

Owns: dues and their outcomes. Hands out: generating, settling and excusing dues, and the fact table they publish.
Never does: decide who a client is, or what a test says; it knows subjects only by opaque ids.
"""
