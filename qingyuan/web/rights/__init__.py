"""The policy table as the security officer reviews it: by role, by ledger, against the last review, for one account."""
