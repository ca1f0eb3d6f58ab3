"""What all web processes must agree on about signing in: failures that slow the next try, codes that were used."""

from __future__ import annotations

from django.db import models


class SignInFailures(models.Model):
    """``key`` is a digest of whom or where; ``last_at`` in seconds since 1970. A line is dropped when it is out of date."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    last_at = models.FloatField(db_index=True)


class UsedCode(models.Model):
    """``key`` is a digest of an account and a code of its app: while the line stands, the code is no code any more."""

    key = models.CharField(max_length=64, primary_key=True)
    until = models.FloatField(db_index=True)
