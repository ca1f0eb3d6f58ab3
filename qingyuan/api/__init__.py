"""The interface for programs: the same rows, masks, figures, rules and actions as the pages, under the same scope.

Owns: the addresses under ``/api/v1`` and their JSON. Never does: decide who may see something, or answer what a page would not.
A program sends a token of its account (``Authorization: Bearer qy_…``, made on one's own page); a browser's session works
too, and then every change needs the CSRF token (``X-CSRFToken``).
"""
