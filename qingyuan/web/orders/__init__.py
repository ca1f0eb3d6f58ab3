"""Supervision orders: the list, one order with its road and its next step, drafts; and engagement by unit and month."""
