"""Every ledger's list, detail, form, import and export, made from its declaration."""
