"""Requests for figures (要数): the list, one request with its questions, settling a question, a unit's answer."""
