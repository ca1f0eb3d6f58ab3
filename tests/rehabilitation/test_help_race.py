"""Campaign lines, referrals and what a person asks for: of those who act at once one gets through, the others are told so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.racing import of_its_own
from tests.rehabilitation.help_race import EXPECTED, race


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases=["default", "audit"])
def test_on_postgresql_nothing_is_done_twice() -> None:
    assert race() == EXPECTED


def test_on_an_sqlite_file_nothing_is_done_twice(tmp_path: Path) -> None:
    assert of_its_own("tests.rehabilitation.help_race", tmp_path) == EXPECTED
