"""The interface for programs: the same rows, masks, figures, rules and actions as the pages, under the same scope.

Sign in on the page first: the session is used, and every change needs the CSRF token (``X-CSRFToken``).
"""
