"""run.py is what a newcomer starts with nothing installed."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run() -> ModuleType:
    spec = importlib.util.spec_from_file_location("qingyuan_run", ROOT / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_imports_only_the_standard_library() -> None:
    tree = ast.parse((ROOT / "run.py").read_text(encoding="utf-8"))
    named: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            named |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            named.add((node.module or "").partition(".")[0])
    assert named
    assert named - set(sys.stdlib_module_names) == set()


def test_without_a_command_it_lists_them_all(run: ModuleType) -> None:
    done = subprocess.run([sys.executable, ROOT / "run.py"], capture_output=True, text=True, check=True)
    assert [name for name in run.COMMANDS if f"    {name} " not in done.stdout] == []


def test_an_unknown_command_fails(run: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["dance"]) == 2
    assert "demo" in capsys.readouterr().out


def test_an_old_python_is_told_what_to_install(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run.sys, "version_info", (3, 9, 2))
    assert run.main(["setup"]) == 1
    told = capsys.readouterr().err
    assert "3.9.2" in told
    assert "apt install git make python3-venv" in told


def test_a_python_that_cannot_make_environments_is_told_the_debian_line(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "VENV", tmp_path / "venv")
    monkeypatch.setattr(run, "PYTHON", tmp_path / "venv" / "python")
    failed = subprocess.CompletedProcess(args=[], returncode=1, stdout="", stderr="ensurepip is not available")
    monkeypatch.setattr(run.subprocess, "run", lambda *args, **named: failed)
    monkeypatch.setattr(run.shutil, "which", lambda name: None)
    assert run.main(["setup"]) == 1
    told = capsys.readouterr().err
    assert "apt install git make python3-venv" in told
    assert "ensurepip is not available" in told


def test_a_set_up_that_is_current_installs_nothing(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(run, "VENV", tmp_path)
    monkeypatch.setattr(run, "PYTHON", Path(sys.executable))
    ran: list[object] = []
    monkeypatch.setattr(run, "call", lambda command, **named: ran.append(command))
    run.set_up_python(dev=False)
    first = len(ran)
    run.set_up_python(dev=False)
    assert first > 0
    assert len(ran) == first


def test_a_changed_lock_is_installed_again(run: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    changed = tmp_path / "requirements.lock"
    changed.write_text("one", encoding="utf-8")
    monkeypatch.setattr(run, "LOCK", changed)
    monkeypatch.setattr(run, "VENV", tmp_path)
    monkeypatch.setattr(run, "PYTHON", Path(sys.executable))
    ran: list[object] = []
    monkeypatch.setattr(run, "call", lambda command, **named: ran.append(command))
    run.set_up_python(dev=False)
    first = len(ran)
    changed.write_text("two", encoding="utf-8")
    run.set_up_python(dev=False)
    assert len(ran) == 2 * first > 0


def test_the_tests_on_sqlite_forget_a_postgresql_address(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/x")
    monkeypatch.setenv("AUDIT_DATABASE_URL", "postgresql://elsewhere/y")
    monkeypatch.setenv("PORT", "8123")
    kept = run.on_sqlite()
    assert kept["PORT"] == "8123"
    assert not {"DATABASE_URL", "AUDIT_DATABASE_URL"} & set(kept)


def test_every_fetched_file_names_a_locked_package(run: ModuleType) -> None:
    listed = {line.rsplit(" ", 2)[0].partition(" ")[0] for line in run.licence_list().splitlines()}
    assert {package for package, *_ in run.FRONT_END_FILES} <= listed
    assert "?" not in run.licence_list()
