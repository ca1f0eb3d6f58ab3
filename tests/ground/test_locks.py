"""The locked lists: complete, hashed, and free of the names of the places they were resolved from."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-npm.lock")
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*])?==(\S+)", re.MULTILINE)
REASONED_LINE = re.compile(r'^\s+"(?P<name>[A-Za-z0-9._-]+)[^"]*",\s+# \S+ .+$')


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lock: str) -> set[tuple[str, str]]:
    return {(normal(name), version) for name, version in PIN.findall((ROOT / lock).read_text(encoding="utf-8"))}


def declared() -> dict[str, list[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {"runtime": project["project"]["dependencies"], **project["dependency-groups"]}


def name_of(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found, requirement
    return normal(found[0])


@pytest.mark.parametrize("lock", [*LOCKS, "package-lock.json"])
def test_a_lock_names_no_host(lock: str) -> None:
    body = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in body
    assert "--index-url" not in body
    assert "--find-links" not in body


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_of_a_lock_has_a_hash(lock: str) -> None:
    body = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in body.splitlines() if line.strip() and not line.startswith("#")]
    assert lines
    unhashed = [line.split()[0] for line in lines if not re.search(r"==\S+ .*--hash=sha256:[0-9a-f]{64}", line)]
    assert unhashed == []


def test_every_front_end_file_has_an_integrity_hash() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    fetched = {path: entry for path, entry in packages.items() if path}
    assert fetched
    assert [path for path, entry in fetched.items() if not entry.get("integrity", "").startswith("sha512-")] == []
    assert [path for path, entry in fetched.items() if "resolved" in entry] == []


def test_the_developers_lock_contains_the_runtime_lock() -> None:
    assert pins("requirements.lock") <= pins("requirements-dev.lock")


@pytest.mark.parametrize(
    ("group", "lock"), [("runtime", LOCKS[0]), ("dev", LOCKS[1]), ("npm", LOCKS[2])], ids=["runtime", "dev", "npm"]
)
def test_every_declared_dependency_is_locked(group: str, lock: str) -> None:
    locked = {name for name, _ in pins(lock)}
    assert {name_of(requirement) for requirement in declared()[group]} - locked == set()


def test_every_dependency_says_why_it_is_here() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    explained = {normal(found["name"]) for line in lines if (found := REASONED_LINE.match(line))}
    wanted = {name_of(requirement) for group in declared().values() for requirement in group}
    assert wanted - explained == set()
