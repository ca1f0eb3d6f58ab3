"""Ledgers: how facts are kept. One declaration per ledger gives template, import, list, form, export, API and facts.

Owns: the declaration (``declaration.py``), the registry, the writing of rows with their audit and facts, the import.
Hands out: ``registry``, ``Ledger``, ``Column``, ``queries``, ``writing``. Never does: anything about one ledger's
meaning; that is its room's ``actions``, which the declaration names.
"""
