"""«The grep»: people planted through every door stand nowhere in clear, in no file of the installation, log, dump or copy.

A city in files, with real settings and the real worker, is founded and walked by a process of its own (``grepping``);
here its folders are searched byte by byte, in every encoding and packing (``clear_text``). The same city is then put away,
thrown away and brought back.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core import signing

from tests import schema
from tests.cast import id_number
from tests.census.house import ROOT
from tests.security.clear_text import search, told_by, values_of

WORD, NUMBER = "阚晓雾", id_number(601)
PATIENCE = 600
pytestmark = pytest.mark.long


@dataclass
class Walked:
    """Where the city lies and what its process told."""

    base: Path
    env: dict[str, str]
    told: dict[str, Any]
    backup: Path
    keys: Path

    @property
    def home(self) -> Path:
        return self.base / "home"

    @property
    def city(self) -> Path:
        return self.home / "grepped"

    @property
    def words(self) -> list[str]:
        return list(self.told["words"])


def run(env: dict[str, str], log: Path, *command: str) -> dict[str, Any]:
    with log.open("ab") as said:
        done = subprocess.run(
            [sys.executable, "-m", *command], env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=said, timeout=PATIENCE, check=False
        )
    out = done.stdout.decode()
    assert done.returncode == 0, out[-2000:] + log.read_text(encoding="utf-8")[-2000:]
    told: dict[str, Any] = json.loads(out[out.index("{") :])
    assert "fault" not in told, told["fault"][-4000:]
    return told


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    base = tmp_path_factory.mktemp("grep")
    for name in ("home", "tmp", "out", "backups"):
        (base / name).mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QINGYUAN_") and "DATABASE_URL" not in name}
    env = kept | {
        "QINGYUAN_HOME": str(base / "home"),
        "QINGYUAN_CITY": "grepped",
        "QINGYUAN_TODAY": "2022-11-23",
        "QINGYUAN_HTTPS": "0",
        "QINGYUAN_REQUIRE_SECOND_FACTOR": "0",
        "QINGYUAN_HOSTS": "testserver",
        "QINGYUAN_LOG_LEVEL": "DEBUG",
        "DJANGO_SETTINGS_MODULE": "qingyuan.config.settings",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "TMPDIR": str(base / "tmp"),
        schema.FOLDER: str(schema.folder()),
    }
    run(env, base / "founding.log", "tests.security.grepping", "founding")
    told = run(env, base / "walking.log", "tests.security.grepping", "walking", str(base / "out"))
    saved = run(
        env, base / "walking.log", "qingyuan", "backup", str(base / "backups"), "--keys", str(base / "safe"), "--json"
    )
    yield Walked(base, env, told, Path(saved["folder"]), base / "safe")
    shutil.rmtree(base, ignore_errors=True)


# --- the search itself -------------------------------------------------------------------------------------------------
def zipped(text: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", f"<si>{text}</si>")
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as nested:
            nested.writestr("word/document.xml", "".join(f"<w:t>{letter}</w:t>" for letter in text))
        archive.writestr("embedded.docx", inner.getvalue())
    return target.getvalue()


HIDING: dict[str, Callable[[str], bytes]] = {
    "utf-8": lambda text: f"…{text}…".encode(),
    "utf-16": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "utf-16 of the other order": lambda text: text.encode("utf-16-be"),
    "gb18030": lambda text: b"\x81\x30\x81\x30" + text.encode("gb18030"),
    "base64": lambda text: b64encode(f"电{text}话".encode()),
    "base64 one byte later": lambda text: b64encode(f"1{text}话".encode()),
    "base64 two bytes later": lambda text: b64encode(f"12{text}话1".encode()),
    "url-safe base64": lambda text: urlsafe_b64encode(f"{text}".encode()),
    "base64 of utf-16": lambda text: b64encode(text.encode("utf-16-le")),
    "percent signs": lambda text: quote(text).encode(),
    "json": lambda text: json.dumps({"a": text}).encode(),
    "hexadecimal": lambda text: text.encode().hex().encode(),
    "zip in a zip": zipped,
    "gzip": lambda text: gzip.compress(text.encode()),
    "a session": lambda text: signing.dumps({"a": text, "b": "x" * 500}, compress=True).encode(),
}


@pytest.mark.parametrize("way", HIDING)
def test_a_word_hidden_in_this_way_is_found(way: str, tmp_path: Path) -> None:
    hidden = HIDING[way](WORD)
    assert told_by(hidden, [WORD]), "the search would pass over it"
    (tmp_path / "file.bin").write_bytes(hidden)
    assert search(tmp_path, [WORD]) and not search(tmp_path, ["别的人"])
    assert told_by(HIDING[way](NUMBER), [NUMBER])


# --- the city ----------------------------------------------------------------------------------------------------------
def test_somebody_went_through_every_door(walked: Walked) -> None:
    """Otherwise the silence below would prove nothing."""
    passed = walked.told["passed"]
    assert passed["form"] == passed["import"] == passed["interface"] == passed["paper"] == 1
    assert passed["case"] == passed["order"] == 1 and passed["words of a paper"] == 2 and passed["notes"] == 3
    assert passed["broken page"] == 500 and passed["sign-in"] == 422 and passed["no table"] >= 1
    held = "\n".join(walked.told["holds"]["clients"])
    for who in ("阚晓雾", "逄清霜"):
        assert who in held, "they are in the database, readable with its keys"
    assert len(walked.words) > 50 and WORD in walked.words and NUMBER in walked.words
    values = dict(values_of(walked.city / "db.sqlite3"))
    assert any(value.startswith(b"q1.1.") for value in values.values())


def test_nothing_in_the_installation_is_readable_without_its_keys(walked: Walked) -> None:
    """Both databases with their logs, facts, uploads, jobs, sessions, keys, everything below the city's folder."""
    files = [path for path in walked.home.rglob("*") if path.is_file()]
    assert {"db.sqlite3", "audit.sqlite3"} <= {path.name for path in files}
    assert any(path.suffix == ".parquet" for path in files) and any(path.suffix == ".q1" for path in files)
    assert search(walked.city, walked.words) == []


def test_nothing_is_left_in_the_temporary_folder(walked: Walked) -> None:
    assert search(walked.base / "tmp", walked.words) == []


def test_no_log_names_anybody_even_at_its_most_talkative(walked: Walked) -> None:
    log = (walked.base / "walking.log").read_bytes()
    assert b"builtins.KeyError at" in log and b"builtins.ValueError at" in log, "errors are told, by kind and place"
    assert b"Not Found" in log and b"DEBUG" in log
    assert told_by(log, walked.words) == []


def test_the_returned_workbook_goes_to_its_owner_and_is_kept_nowhere(walked: Walked) -> None:
    returned = (walked.base / "out" / "returned.xlsx").read_bytes()
    assert told_by(returned, ["亓残雪"]), "the owner gets back what was typed"
    assert search(walked.city, ["亓残雪"]) == []


def test_an_export_holds_no_number_in_full_in_any_of_its_parts(walked: Walked) -> None:
    exports = [path for path in (walked.base / "out").glob("*.xlsx") if path.name != "returned.xlsx"]
    assert len(exports) == 4
    for path in exports:
        assert told_by(path.read_bytes(), walked.told["numbers"]) == [], path.name
    assert told_by((walked.base / "out" / "measures.xlsx").read_bytes(), ["阚晓雾"]), "names of one's own people stand in it"


# --- putting away and bringing back --------------------------------------------------------------------------------------
def test_a_copy_put_away_tells_nothing_and_holds_no_key(walked: Walked) -> None:
    assert search(walked.base / "backups", [*walked.words, "龙洞镇", "SQLite format 3", "龙洞社区"]) == []
    names = {path.name for path in walked.backup.rglob("*")}
    assert {"backup.json", "default.sqlite3.q1", "audit.sqlite3.q1"} <= names
    assert not {"keys", "master.key", "keyring.json", "secret-key", "facts"} & names
    assert {path.name for path in walked.keys.iterdir()} == {"keys", "keys.id", "secret-key"}
    assert {path.stat().st_mode & 0o077 for path in walked.keys.rglob("*")} == {0}
    assert {path.stat().st_mode & 0o077 for path in walked.backup.rglob("*") if path.is_file()} == {0}


def restore(walked: Walked, home: Path, *more: str, backup: Path | None = None) -> subprocess.CompletedProcess[str]:
    env = walked.env | {"QINGYUAN_HOME": str(home)}
    command = [sys.executable, "-m", "qingyuan", "restore", str(backup or walked.backup), *more]
    return subprocess.run(command, env=env, cwd=ROOT, text=True, capture_output=True, timeout=PATIENCE, check=False)


def test_a_copy_brought_back_is_the_same_city(walked: Walked, tmp_path: Path) -> None:
    done = restore(walked, tmp_path, "--keys", str(walked.keys), "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout[done.stdout.index("{") :])
    assert told["audit"] is True and told["partitions"] > 0
    env = walked.env | {"QINGYUAN_HOME": str(tmp_path)}
    held = run(env, tmp_path / "log", "tests.security.grepping", "holding")
    before = walked.told["holds"]
    assert held["verified"] == [True, True]
    assert {key: held[key] for key in ("clients", "facts", "scans", "writes")} == {
        key: before[key] for key in ("clients", "facts", "scans", "writes")
    }
    assert search(tmp_path / "grepped", walked.words) == []
    again = restore(walked, tmp_path)
    assert again.returncode == 1 and "恢复不覆盖现有数据" in again.stderr


def test_a_copy_of_before_keys_were_changed_is_brought_back_with_the_keys_of_today(walked: Walked, tmp_path: Path) -> None:
    """Master, data and index keys are changed in the living city; the copy of before is readable and searchable with what
    stands in the key folder now."""
    log = tmp_path / "log"
    for words in (("rotate-master",), ("rotate", "community"), ("rotate-index", "community")):
        run(walked.env, log, "qingyuan", "keys", *words, "--reason", "年度例行更换", "--json")
    run(walked.env, log, "qingyuan", "backup", str(tmp_path / "new"), "--keys", str(tmp_path / "today"), "--json")
    now = run(walked.env, log, "tests.security.grepping", "holding")
    assert now["verified"] == [True, True] and now["clients"] == walked.told["holds"]["clients"] and now["found"] > 3
    home = tmp_path / "home"
    done = restore(walked, home, "--keys", str(tmp_path / "today"), "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    held = run(walked.env | {"QINGYUAN_HOME": str(home)}, log, "tests.security.grepping", "holding")
    assert held["clients"] == now["clients"] and held["found"] == now["found"] and held["verified"] == [True, True]
    assert search(walked.city, walked.words) == [] and search(home / "grepped", walked.words) == []


def test_without_the_right_keys_or_with_a_changed_copy_nothing_is_brought_back(walked: Walked, tmp_path: Path) -> None:
    changed = tmp_path / "changed"
    shutil.copytree(walked.backup, changed)
    sealed = changed / "default.sqlite3.q1"
    sealed.write_bytes(sealed.read_bytes()[:-100])
    for name, backup, keys, words in (
        ("none", walked.backup, (), "密钥"),
        ("changed", changed, ("--keys", str(walked.keys)), "被改动"),
        ("nowhere", tmp_path, ("--keys", str(walked.keys)), "不是一份备份"),
    ):
        home = tmp_path / f"home-{name}"
        done = restore(walked, home, *keys, backup=backup)
        assert done.returncode == 1 and words in done.stderr, done.stderr
        assert not list(home.rglob("*.sqlite3")), "half a city would be worse than none"


def test_keys_are_never_put_beside_the_copy(walked: Walked) -> None:
    command = [sys.executable, "-m", "qingyuan", "backup", str(walked.base / "more"), "--keys", str(walked.base / "more")]
    done = subprocess.run(command, env=walked.env, cwd=ROOT, text=True, capture_output=True, timeout=PATIENCE, check=False)
    assert done.returncode == 1 and "不能和备份放在一起" in done.stderr
    inside = [sys.executable, "-m", "qingyuan", "backup", str(walked.city / "backups")]
    done = subprocess.run(inside, env=walked.env, cwd=ROOT, text=True, capture_output=True, timeout=PATIENCE, check=False)
    assert done.returncode == 1 and "不能放在城市自己的目录里" in done.stderr
