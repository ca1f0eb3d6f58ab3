"""What every test stands on: no network, a fixed day, both databases, and skips that say what was not run."""

from __future__ import annotations

import gc
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.template import Template
from django.test.utils import _TestState  # type: ignore[attr-defined]
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from qingyuan.indicators import store
from tests import emptying, schema

pytest_plugins = ("tests.cast",)

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
DATABASE_FIXTURES = frozenset({"db", "transactional_db", "live_server"})
NOT_ASKED = "浏览器测试未运行 / browser tests not run: python3 run.py browser"
NO_CHROMIUM = "未找到 Chromium / no Chromium found: apt install chromium fonts-noto-cjk"
NO_POSTGRES = "未设置 DATABASE_URL / PostgreSQL tests not run: set DATABASE_URL and AUDIT_DATABASE_URL"

# "quick" for every day, "ci" where there is time. Deadlines measure the machine, not the code.
hypothesis_settings.register_profile(
    "quick", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.register_profile(
    "ci", max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "quick")

# Half a million objects of the program and of the collected tests are there to stay: the collector would go through
# them again and again, a seventh of all work. What tests leave is still collected, only not after every 700 objects.
gc.set_threshold(20_000, 20, 50)

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex


class NetworkShut(RuntimeError):
    """A test tried to leave this machine."""


def _refuse_outside(sock: socket.socket, address: Any) -> None:
    if sock.family not in (socket.AF_INET, socket.AF_INET6):
        return
    host = str(address[0])
    if host not in ("localhost", "::1") and not host.startswith("127."):
        raise NetworkShut(f"测试不得访问网络 / tests may not reach the network: {host}")


def _guarded_connect(sock: socket.socket, address: Any) -> None:
    _refuse_outside(sock, address)
    _connect(sock, address)


def _guarded_connect_ex(sock: socket.socket, address: Any) -> int:
    _refuse_outside(sock, address)
    return _connect_ex(sock, address)


def chromium() -> str | None:
    """Path of the system's Chromium, or None."""
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def on_postgres() -> bool:
    return "postgresql" in django_settings.DATABASES["default"]["ENGINE"]


def _databases_in_files() -> None:
    """A browser asks several things at once: each needs a connection of its own, as in a real office."""
    for alias, database in django_settings.DATABASES.items():
        if "sqlite" in database["ENGINE"]:
            path = Path(django_settings.QINGYUAN_CITY_HOME) / f"browser-{alias}.sqlite3"
            database.setdefault("TEST", {})["NAME"] = str(path)


def pytest_configure(config: pytest.Config) -> None:
    asked = config.getoption("markexpr", "") or ""
    if "browser" in asked and "not browser" not in asked:
        _databases_in_files()
    socket.socket.connect = _guarded_connect  # type: ignore[method-assign,assignment]
    socket.socket.connect_ex = _guarded_connect_ex  # type: ignore[method-assign,assignment]


@pytest.hookimpl(tryfirst=True)  # before -m chooses by the marker that is set here
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    asked = config.getoption("markexpr", "") or ""
    browser_asked = "browser" in asked and "not browser" not in asked
    for item in items:
        if item.get_closest_marker("browser"):
            if not browser_asked:
                item.add_marker(pytest.mark.skip(reason=NOT_ASKED))
            elif chromium() is None:
                item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))
        if item.get_closest_marker("postgres") and not on_postgres():
            item.add_marker(pytest.mark.skip(reason=NO_POSTGRES))
        _open_both_databases(item)
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def _open_both_databases(item: pytest.Item) -> None:
    """Reading a sensitive row writes to the audit database, so a test that has one database has both."""
    marker = item.get_closest_marker("django_db")
    if marker is None and not DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
        return
    item.add_marker(pytest.mark.database)
    given = dict(marker.kwargs) if marker else {}
    if "databases" not in given and not (marker and marker.args):
        given["databases"] = ["default", "audit"]
        if marker is None and {"transactional_db", "live_server"} & set(item.fixturenames):  # type: ignore[attr-defined]
            given["transaction"] = True
        item.add_marker(pytest.mark.django_db(**given), append=False)


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    gc.unfreeze()  # else libraries written in C++ tell at the end of what was never collected


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Says plainly, in one line each, which kinds of test this run left out."""
    reasons: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
        reason = reason.removeprefix("Skipped: ")
        reasons[reason] = reasons.get(reason, 0) + 1
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"未运行 {count} 项 / {count} not run: {reason}", yellow=True)


@pytest.fixture(scope="session", autouse=True)
def templates_as_served(django_test_environment: None) -> None:
    """Django's test client keeps a copy of what each template and each part of one was given, twenty times a page; nobody asks."""
    Template._render = _TestState.saved_data.template_render


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Comes before the making of the test databases: what migrating makes is copied where it was made before."""
    schema.copy_from_now_on()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Comes after it: a test that migrates by itself really migrates."""
    schema.copy_no_more()
    emptying.only_what_is_filled()


@pytest.fixture
def facts_home(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """An empty fact folder for this test only; its database, with two threads of its own, ends with the test."""
    folder = tmp_path / "facts"
    folder.mkdir()
    settings.QINGYUAN_FACTS = folder
    yield folder
    settings.QINGYUAN_FACTS = folder
    store.close_current()


@pytest.fixture(scope="session")
def chromium_browser() -> Iterator[Browser]:
    """The system's Chromium, started once."""
    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(chromium_browser: Browser) -> Iterator[Page]:
    """A fresh Chinese browser window; the test fails when a script breaks or the security policy refuses something."""
    context = chromium_browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    opened = context.new_page()
    broken: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            broken.append(message.text)

    opened.on("console", heard)
    opened.on("pageerror", lambda error: broken.append(str(error)))
    yield opened
    context.close()
    assert broken == []
