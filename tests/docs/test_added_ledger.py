"""The how-to shows a whole ledger as a diff; here it is applied to a copy of the product, and the ledger works there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "how-to" / "add-a-ledger.md"
DIFF = re.compile(r"^```diff\n(.*?)^```$", re.S | re.M)
COPIED = ("qingyuan", "tests", "examples", "manage.py", "pyproject.toml")
TRIED = ("tests/docs/added_ledger.py", "tests/census/test_ledgers.py", "tests/census/test_models.py", "tests/ledgers/returning")


def the_diff() -> str:
    [found] = DIFF.findall(PAGE.read_text(encoding="utf-8"))
    return str(found)


def files_of(diff: str) -> dict[str, list[tuple[str, str]]]:
    """By path what each hunk replaces and by what; a file that is new replaces nothing."""
    found: dict[str, list[tuple[str, str]]] = {}
    for part in re.split(r"^--- .*\n(?=\+\+\+ )", diff, flags=re.M)[1:]:
        head, *hunks = re.split(r"^@@ .*\n", part, flags=re.M)
        path = head.removeprefix("+++ b/").strip()
        for hunk in hunks:
            lines = hunk.splitlines(keepends=True)
            before = "".join(line[1:] for line in lines if line[0] in " -")
            after = "".join(line[1:] for line in lines if line[0] in " +")
            found.setdefault(path, []).append((before, after))
    return found


def apply(diff: str, root: Path) -> None:
    """As ``patch`` does it, but each hunk must be found exactly once."""
    for name, hunks in files_of(diff).items():
        path = root / name
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        for before, after in hunks:
            assert (text.count(before) == 1) if before else (text == ""), f"{name} has changed: mend the how-to\n{before}"
            text = text.replace(before, after) if before else after
        path.write_text(text, encoding="utf-8")


def follow_the_last_migration(root: Path) -> None:
    """The how-to's migration follows the room's first; in the copy it follows the last there is, as makemigrations has it."""
    folder = root / "qingyuan" / "prevention" / "migrations"
    names = sorted(path.stem for path in folder.glob("0*.py"))
    new = next(name for name in names if name.endswith("_boards"))
    last = max(name for name in names if name != new)
    text = (folder / f"{new}.py").read_text(encoding="utf-8")
    (folder / f"{new}.py").unlink()
    following = folder / f"{int(last[:4]) + 1:04d}_boards.py"
    following.write_text(re.sub(r"\('prevention', '\w+'\)", f"('prevention', '{last}')", text), encoding="utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        else:
            shutil.copy(source, tmp_path / name)
    return tmp_path


def test_the_diff_adds_a_model_a_migration_and_a_declaration_and_hardly_more() -> None:
    files = files_of(the_diff())
    made = {path.removeprefix("qingyuan/prevention/") for path, hunks in files.items() if hunks[0][0] == ""}
    assert made == {"models/board.py", "migrations/0002_boards.py", "ledgers/boards.py", "actions/boards.py"}
    touched = [path for path in files if files[path][0][0]]
    assert len(touched) == 4 and all(len(after.splitlines()) <= 8 for path in touched for _before, after in files[path])


@pytest.mark.long
def test_what_the_how_to_shows_is_a_ledger_that_works(copy: Path) -> None:
    apply(the_diff(), copy)
    follow_the_last_migration(copy)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QINGYUAN_", "PYTEST_", "DATABASE", "AUDIT"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nomigrations", "-k", "added_ledger or boards or Board", *TRIED],
        cwd=copy,
        env=kept | {"PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed and int(passed.group(1)) >= 10 and "skipped" not in done.stdout
