"""Closing of months (关账): the place's own months, what the places below have closed, the steps that move one."""
