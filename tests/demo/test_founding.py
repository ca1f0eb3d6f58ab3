"""Accounts of the fictional city sit in the posts that bear their names, so that leaders by post see their pages."""

from __future__ import annotations

import pytest

from qingyuan.demo.city import TOWNS
from qingyuan.demo.founding import found
from qingyuan.demo.governing import posts_of_the_office
from qingyuan.demo.story.telling import tell
from qingyuan.organisation.actor import actor_of
from qingyuan.organisation.models import Account
from tests.cast import TODAY

pytestmark = pytest.mark.django_db


def test_leaders_hold_their_posts_with_their_accounts_and_others_do_not() -> None:
    found(tell().staff)
    posts_of_the_office()
    leads = {account.username for account in Account.objects.all() if actor_of(account, TODAY).leads}
    assert leads == {"leader", *(f"{town.key}.ld" for town in TOWNS)}
    officer = Account.objects.get(username="longdong")
    assert officer.terms.get().post.title == "禁毒专干" and officer.terms.get().post.unit_id == officer.unit_id
