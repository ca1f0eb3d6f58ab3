"""Accounts, the roles they hold and the posts of their owners, as the security officer keeps them."""
