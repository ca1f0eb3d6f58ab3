"""Organisation: divisions and their history, units, posts and terms, accounts, roles, scope.

Owns: who works here and what they may see. Hands out: ``visible_to`` and ``may`` (scope.py), the only two functions
that decide, and the policy table they read. Never does: anything about a case, a client or a figure.
"""
