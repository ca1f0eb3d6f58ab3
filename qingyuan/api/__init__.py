"""The interface for programs: the same rows, masks, figures, rules and actions as the pages, under the same scope.

Owns: the addresses under ``/api/v1`` and their JSON. Never does: decide who may see something, or answer what a page would not.
Sign in on the page first: the session is used, and every change needs the CSRF token (``X-CSRFToken``).
"""
