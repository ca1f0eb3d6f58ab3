"""What ``qingyuan demo`` does with the folder it finds: a new schema takes minutes, so it is never made twice."""

from __future__ import annotations

import argparse

import pytest

from qingyuan.demo import building
from qingyuan.demo.commands import demo
from qingyuan.demo.units import PASSWORD


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every step that touches the folder, in order; whether a city is begun and built is said by the test."""
    taken: list[str] = []
    for name in ("clear", "prepare_databases", "build"):
        monkeypatch.setattr(building, name, lambda *_, name=name: taken.append(name))
    monkeypatch.setattr(demo, "_print_accounts", lambda: print(PASSWORD))
    return taken


@pytest.mark.parametrize(
    ("begun", "built", "fresh", "expected"),
    [
        (False, False, False, ["clear", "prepare_databases", "build"]),
        (True, True, False, ["prepare_databases"]),
        (True, False, True, ["clear", "prepare_databases", "build"]),
        (True, False, False, ["prepare_databases", "clear", "prepare_databases", "build"]),
    ],
    ids=["new", "there", "wanted anew", "without accounts"],
)
def test_the_schema_is_made_once_unless_the_city_has_to_be_built_again(
    steps: list[str], monkeypatch: pytest.MonkeyPatch, begun: bool, built: bool, fresh: bool, expected: list[str]
) -> None:
    monkeypatch.setattr(building, "is_begun", lambda: begun)
    monkeypatch.setattr(building, "is_built", lambda: built)
    args = argparse.Namespace(port=8123, fresh=fresh, only_build=False)
    assert demo.run(args) == ["serve", "--port", "8123"]
    assert steps == expected
