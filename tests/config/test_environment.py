"""A mistaken variable is named, in Chinese and English, with what to write instead."""

from __future__ import annotations

import stat
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.config import environment
from qingyuan.config.environment import EnvironmentProblem

SOME_FILE = Path("db.sqlite3")


@pytest.mark.parametrize("word", ["1", "true", "YES", " on "])
def test_words_for_yes(word: str) -> None:
    assert environment.flag({"X": word}, "X") is True


@pytest.mark.parametrize("word", ["0", "False", "no", "off"])
def test_words_for_no(word: str) -> None:
    assert environment.flag({"X": word}, "X", default=True) is False


@pytest.mark.parametrize("default", [True, False])
def test_an_empty_value_is_an_absent_one(default: bool) -> None:
    assert environment.flag({"X": " "}, "X", default=default) is default
    assert environment.day({"X": ""}, "X") is None
    assert environment.whole_number({"X": ""}, "X", 8000) == 8000


def test_a_day_is_read() -> None:
    assert environment.day({"X": "2022-11-23"}, "X") == date(2022, 11, 23)


@pytest.mark.parametrize(
    ("reader", "value", "zh", "en"),
    [
        (environment.flag, "maybe", "请填 1", "use 1"),
        (environment.day, "2022-02-30", "真实存在的日期", "real date"),
        (environment.day, "yesterday", "2022-11-23", "2022-11-23"),
        (environment.city, "云岭", "小写英文字母", "lower-case"),
        (environment.city, "../etc", "小写英文字母", "lower-case"),
        (lambda env, name: environment.whole_number(env, name, 1), "-3", "整数", "whole number"),
        (lambda env, name: environment.chosen(env, name, {"police", "health"}), "army", "health, police", "choose"),
        (lambda env, name: environment.home(env, name, Path("/x")), "var", "完整路径", "absolute"),
        (lambda env, name: environment.database(env, name, SOME_FILE), "mysql://a/b", "postgresql://", "SQLite"),
        (lambda env, name: environment.database(env, name, SOME_FILE), "postgresql://host/", "postgresql://", "SQLite"),
        (lambda env, name: environment.database(env, name, SOME_FILE), "postgresql://h:x/b", "postgresql://", "SQLite"),
    ],
)
def test_a_mistake_is_explained_in_both_languages(reader: object, value: str, zh: str, en: str) -> None:
    assert callable(reader)
    with pytest.raises(EnvironmentProblem) as raised:
        reader({"QINGYUAN_X": value}, "QINGYUAN_X")
    told = str(raised.value)
    chinese, english = told.split("\n")
    assert "QINGYUAN_X" in chinese
    assert "QINGYUAN_X" in english
    assert zh in chinese
    assert en in english


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(EnvironmentProblem, match="请改为文件夹"):
        environment.home({"X": str(file)}, "X", tmp_path)


def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentProblem, match="有写权限"):
        environment.private_folder(tmp_path / "file" / "below", "QINGYUAN_HOME")


def test_a_choice_left_unset_is_everything() -> None:
    assert environment.chosen({}, "X", ("police", "health")) == {"police", "health"}
    assert environment.chosen({"X": "Police, "}, "X", ("police", "health")) == {"police"}


def test_without_an_address_the_database_is_a_file_that_waits_for_its_writer() -> None:
    entry = environment.database({}, "DATABASE_URL", SOME_FILE)
    assert entry["NAME"] == SOME_FILE
    assert entry["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert entry["OPTIONS"]["timeout"] == 20


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1)


@given(user=WORDS, password=WORDS, name=WORDS, port=st.integers(1, 65535))
def test_any_name_and_password_survive_the_address(user: str, password: str, name: str, port: int) -> None:
    user, password, name = (quote(word, safe="") for word in (user, password, name))
    url = f"postgresql://{user}:{password}@db.local:{port}/{name}?sslmode=require"
    entry = environment.database({"DATABASE_URL": url}, "DATABASE_URL", SOME_FILE)
    assert [quote(entry[key], safe="") for key in ("USER", "PASSWORD", "NAME")] == [user, password, name]
    assert (entry["HOST"], entry["PORT"]) == ("db.local", str(port))
    assert entry["OPTIONS"] == {"sslmode": "require"}


def test_a_wrong_address_does_not_repeat_the_password() -> None:
    with pytest.raises(EnvironmentProblem) as raised:
        environment.database({"DATABASE_URL": "mysql://me:hush-hush@h/n"}, "DATABASE_URL", SOME_FILE)
    assert "hush-hush" not in str(raised.value)


def test_a_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "secret-key"
    first = environment.secret({}, "QINGYUAN_SECRET_KEY", file)
    assert len(first) >= 50
    assert environment.secret({}, "QINGYUAN_SECRET_KEY", file) == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_given_secret_is_used_and_leaves_no_file(tmp_path: Path) -> None:
    file = tmp_path / "secret-key"
    assert environment.secret({"X": "s" * 32}, "X", file) == "s" * 32
    assert not file.exists()


def test_a_short_secret_is_refused_without_being_shown(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="32") as raised:
        environment.secret({"X": "hush"}, "X", tmp_path / "secret-key")
    assert "hush" not in str(raised.value)


NAMES = ("X_SERVER", "X_CLIENT", "X_SECRET", "X_NAME")
OIDC = {"X_SERVER": "https://sso.example.gov.cn/realms/city/", "X_CLIENT": "qingyuan", "X_SECRET": "secret-of-ours"}


def test_the_single_sign_on_is_off_until_all_of_it_is_set() -> None:
    assert environment.single_sign_on({}, *NAMES) is None
    assert environment.single_sign_on(OIDC, *NAMES) == {
        "server": "https://sso.example.gov.cn/realms/city",
        "client": "qingyuan",
        "secret": "secret-of-ours",
        "name": "统一身份认证",
    }


@pytest.mark.parametrize("missing", sorted(OIDC))
def test_half_a_single_sign_on_names_what_is_missing_and_no_secret(missing: str) -> None:
    with pytest.raises(EnvironmentProblem) as problem:
        environment.single_sign_on({**OIDC, missing: " "}, *NAMES)
    assert problem.value.name == missing
    assert "secret-of-ours" not in str(problem.value)


@pytest.mark.parametrize(
    "server", ["sso.example.gov.cn", "http://sso.example.gov.cn", "ftp://sso.example.gov.cn", "https://"]
)
def test_a_single_sign_on_without_encryption_is_refused_except_on_this_machine(server: str) -> None:
    with pytest.raises(EnvironmentProblem):
        environment.single_sign_on({**OIDC, "X_SERVER": server}, *NAMES)
    assert environment.single_sign_on({**OIDC, "X_SERVER": "http://localhost:9400"}, *NAMES) is not None


def test_a_rule_pack_nobody_ships_is_refused_with_those_there_are() -> None:
    assert environment.one_of({}, "PACK", ("national", "zhejiang")) == ""
    assert environment.one_of({"PACK": " zhejiang "}, "PACK", ("national", "zhejiang")) == "zhejiang"
    with pytest.raises(EnvironmentProblem, match="national, zhejiang"):
        environment.one_of({"PACK": "atlantis"}, "PACK", ("national", "zhejiang"))
