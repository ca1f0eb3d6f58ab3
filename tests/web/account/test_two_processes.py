"""Two web processes agree on who must wait and on which code was used: both ask the database, neither its own memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.cache import cache

from qingyuan.organisation.actions import sign_ins
from qingyuan.organisation.models import SignInFailures, UsedCode
from qingyuan.web.account import factors, throttle
from tests.cast import City
from tests.web.account.codes import SECRET, code_now
from tests.web.account.sign_in_race import EXPECTED, race

ROOT = Path(__file__).parents[3]
PROGRAM = "import django; django.setup(); from tests.web.account.sign_in_race import main; main()"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_on_postgresql_connections_count_on_one_line_and_a_code_is_used_once() -> None:
    assert race() == EXPECTED


def test_on_an_sqlite_file_connections_count_on_one_line_and_a_code_is_used_once(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.endswith("DATABASE_URL")}
    env = kept | {
        "DJANGO_SETTINGS_MODULE": "qingyuan.config.settings",
        "QINGYUAN_HOME": str(tmp_path),
        "QINGYUAN_CITY": "sign-in-race",
        "QINGYUAN_DEBUG": "1",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == EXPECTED


def test_a_used_code_stays_used_in_a_process_that_did_not_see_it(city: City) -> None:
    account = city.accounts["clerk"]
    factors.TOTP.activate(account, SECRET)
    code = code_now()
    assert factors.check_code(account, code) is not None
    cache.clear()
    assert factors.check_code(account, code) is None
    assert code not in str(UsedCode.objects.values()), "only a digest is kept"


def test_a_try_that_must_wait_leaves_no_line_for_the_name_it_made_up(db: None) -> None:
    for _try in range(throttle.ADDRESS_TRIES):
        assert throttle.begin(f"guess{_try}", "198.51.100.8").wait == 0
    lines = set(SignInFailures.objects.values_list("key", "count", "last_at"))
    for number in range(5):
        assert throttle.begin(f"made-up-{number}", "198.51.100.8").wait > 0
    assert set(SignInFailures.objects.values_list("key", "count", "last_at")) == lines


def test_failures_are_remembered_by_a_process_that_did_not_see_them_and_forgotten_in_time(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _try in range(throttle.FREE_TRIES):
        throttle.begin("clerk", "198.51.100.8")
    cache.clear()
    assert throttle.begin("clerk", "198.51.100.8").wait > 0
    now = time.time()
    monkeypatch.setattr(sign_ins.time, "time", lambda: now + throttle.WINDOW + 1)
    throttle.begin("someone", "203.0.113.9")
    assert not SignInFailures.objects.filter(key=throttle._key("pair", "clerk", "198.51.100.8")).exists(), "nothing is kept for good"
    assert throttle.begin("clerk", "198.51.100.8").wait == 0
    assert sign_ins.spend("one", lasts=10) and not sign_ins.spend("one", lasts=10)
