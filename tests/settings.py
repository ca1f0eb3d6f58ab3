"""Settings of the tests: the real ones, in a home of their own that is thrown away, with a fixed day.

Databases are SQLite in memory unless DATABASE_URL and AUDIT_DATABASE_URL name PostgreSQL ones.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

_home = tempfile.mkdtemp(prefix="qingyuan-test-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)

for _name in [name for name in os.environ if name.startswith("QINGYUAN_")]:
    del os.environ[_name]
os.environ.update(
    QINGYUAN_HOME=_home,
    QINGYUAN_CITY="test",
    QINGYUAN_TODAY="2022-11-23",
    QINGYUAN_DEBUG="0",
    QINGYUAN_HTTPS="0",
    QINGYUAN_HOSTS="testserver,localhost,127.0.0.1",
    QINGYUAN_LOG_LEVEL="WARNING",
    # The cast has no telephones. What the switch does is tested where it is switched on (tests/web/account).
    QINGYUAN_REQUIRE_SECOND_FACTOR="0",
)

from qingyuan.config.settings import *  # noqa: E402, F403
from qingyuan.config.settings import DATABASES as _DATABASES  # noqa: E402
from qingyuan.config.settings import STORAGES as _STORAGES  # noqa: E402
from tests import schema as _schema  # noqa: E402

# Argon2 is slow on purpose; a test that signs in a hundred times need not be.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
STORAGES = {**_STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": ["default"]}}
_schema.audit_first(_DATABASES, os.environ.get("PYTEST_XDIST_WORKER", ""))
