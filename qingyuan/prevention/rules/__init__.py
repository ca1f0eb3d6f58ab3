"""Pure rules of prevention: one row, a store's slips, a year's windows; no database, request or clock."""
