"""What an installation gets when nobody sets anything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
REPORT = """
import json
from qingyuan.config import settings as s
names = [n for n in dir(s) if n.isupper() and n not in ("INSTALLED_APPS", "LANGUAGES")]
print(json.dumps({n: getattr(s, n) for n in names}, default=str))
"""


def settings_with(home: Path, **variables: str) -> dict[str, Any]:
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LANG") if name in os.environ}
    env = {**kept, "QINGYUAN_HOME": str(home), "PYTHONUTF8": "1", **variables}
    command = [sys.executable, "-c", REPORT]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    reported: dict[str, Any] = json.loads(done.stdout)
    return reported


def test_an_installation_is_secure_by_default(tmp_path: Path) -> None:
    found = settings_with(tmp_path)
    assert found["DEBUG"] is False
    assert found["QINGYUAN_DEMO"] is False
    assert found["SESSION_COOKIE_SECURE"] is True
    assert found["CSRF_COOKIE_SECURE"] is True
    assert found["SECURE_SSL_REDIRECT"] is True
    assert found["QINGYUAN_REQUIRE_SECOND_FACTOR"] is True
    assert found["QINGYUAN_OIDC"] is None
    assert found["PASSWORD_HASHERS"] == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert found["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]


def test_the_demo_speaks_plain_http_and_needs_no_collected_files(tmp_path: Path) -> None:
    found = settings_with(tmp_path, QINGYUAN_DEMO="1", QINGYUAN_TODAY="2022-11-23")
    assert found["SESSION_COOKIE_SECURE"] is False
    assert found["SECURE_SSL_REDIRECT"] is False
    assert found["STATIC_ROOT"] is None
    assert found["QINGYUAN_REQUIRE_SECOND_FACTOR"] is False
    assert found["QINGYUAN_TODAY"] == "2022-11-23"


def test_a_city_keeps_everything_in_its_own_folder(tmp_path: Path) -> None:
    found = settings_with(tmp_path, QINGYUAN_CITY="yunling")
    city = tmp_path / "yunling"
    assert found["DATABASES"]["default"]["NAME"] == str(city / "db.sqlite3")
    assert found["DATABASES"]["audit"]["NAME"] == str(city / "audit.sqlite3")
    kept = [found[name] for name in ("QINGYUAN_KEYS", "QINGYUAN_FACTS", "QINGYUAN_UPLOADS")]
    assert kept == [str(city / name) for name in ("keys", "facts", "uploads")]


def test_two_cities_share_no_secret(tmp_path: Path) -> None:
    first = settings_with(tmp_path, QINGYUAN_CITY="one")["SECRET_KEY"]
    assert settings_with(tmp_path, QINGYUAN_CITY="two")["SECRET_KEY"] != first
    assert settings_with(tmp_path, QINGYUAN_CITY="one")["SECRET_KEY"] == first


def test_no_script_or_style_runs_from_a_page_itself() -> None:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    allowed = {source for sources in directives.values() for source in sources}
    assert allowed == {"'self'", "'none'", "data:"}
    assert [name for name, sources in directives.items() if "data:" in sources] == ["img-src"]


def test_no_database_wraps_a_request_in_a_transaction() -> None:
    assert [name for name, entry in settings.DATABASES.items() if entry.get("ATOMIC_REQUESTS")] == []


def test_the_way_around_scope_is_not_installed() -> None:
    assert "django.contrib.admin" not in settings.INSTALLED_APPS


def test_tests_run_on_a_fixed_day_in_a_home_of_their_own() -> None:
    assert date(2022, 11, 23) == settings.QINGYUAN_TODAY
    assert ROOT not in settings.QINGYUAN_HOME.parents


def test_a_connection_to_a_file_is_kept_from_page_to_page_and_not_for_ever(tmp_path: Path) -> None:
    """A new one reads the definitions of all tables before it answers."""
    script = (
        "import django, time; django.setup(); from django.db import close_old_connections, connections;"
        "c = connections['default']; c.ensure_connection(); first = c.connection; close_old_connections();"
        "print(c.connection is first, 0 < c.close_at - time.monotonic() <= 60)"
    )
    env = {**os.environ, "QINGYUAN_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "qingyuan.config.settings"}
    env.pop("DATABASE_URL", None)
    done = subprocess.run([sys.executable, "-c", script], env=env, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True"]


def test_sqlite_readers_need_not_wait_for_the_writer(tmp_path: Path) -> None:
    script = (
        "import django; from django.conf import settings; django.setup();"
        "from django.db import connections;"
        "c = connections['default'].cursor(); c.execute('PRAGMA journal_mode'); print(c.fetchone()[0])"
    )
    env = {**os.environ, "QINGYUAN_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "qingyuan.config.settings"}
    env.pop("DATABASE_URL", None)
    done = subprocess.run([sys.executable, "-c", script], env=env, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "wal"
