"""Reads the environment variables that set up an installation, and explains in two languages what is wrong with one.

Every function takes the environment as a mapping, so that it can be tested with any, and the variable's name.
An empty value means the same as an absent one.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

Environment = Mapping[str, str]

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})
_CITY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
_POSTGRES = frozenset({"postgres", "postgresql"})
_DATABASE_EXAMPLE = "postgresql://user:password@127.0.0.1:5432/qingyuan"

# WAL lets readers go on while one writer writes; NORMAL is durable against a crash of the program, and loses at most
# the last commits, never the file, in a power cut.
# The cache (64 MB at most, taken as needed) holds the indexes that a large import writes all over; what SQLite sorts
# stays in memory, so that nothing of it is left in a temporary file.
_KEEP_CONNECTION = 60  # seconds
_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
)


class EnvironmentProblem(ImproperlyConfigured):
    """An environment variable that cannot be used: names it, its value, and what to set instead (Chinese, English)."""

    def __init__(self, name: str, value: str, zh: str, en: str) -> None:
        self.name = name
        super().__init__(f"环境变量 {name}={value!r} 无法使用：{zh}\nEnvironment variable {name}={value!r}: {en}")


def text(env: Environment, name: str, default: str = "") -> str:
    """The value without surrounding blanks, or the default."""
    return env.get(name, "").strip() or default


def flag(env: Environment, name: str, *, default: bool = False) -> bool:
    """Yes or no. Errors: EnvironmentProblem for any other word."""
    value = text(env, name).lower()
    if not value:
        return default
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise EnvironmentProblem(name, value, "请填 1（是）或 0（否）。", "use 1 for yes or 0 for no.")


def day(env: Environment, name: str) -> date | None:
    """A day as YYYY-MM-DD, or None when unset. Errors: EnvironmentProblem."""
    value = text(env, name)
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise EnvironmentProblem(
            name, value, "请填写真实存在的日期，格式如 2022-11-23。", "use a real date such as 2022-11-23."
        ) from None


def whole_number(env: Environment, name: str, default: int) -> int:
    """A number of zero or more. Errors: EnvironmentProblem."""
    value = text(env, name)
    if not value:
        return default
    if not (value.isascii() and value.isdigit()):
        raise EnvironmentProblem(name, value, "请填写不小于 0 的整数。", "use a whole number of 0 or more.")
    return int(value)


def names(env: Environment, name: str, default: Collection[str]) -> list[str]:
    """Words between commas, in their order, blanks dropped."""
    value = text(env, name)
    return [word.strip() for word in value.split(",") if word.strip()] if value else list(default)


def chosen(env: Environment, name: str, allowed: Collection[str]) -> set[str]:
    """A choice among ``allowed``; all of them when unset. Errors: EnvironmentProblem names what is allowed."""
    words = {word.lower() for word in names(env, name, allowed)}
    unknown = sorted(words - set(allowed))
    if unknown or not words:
        listed = ", ".join(sorted(allowed))
        raise EnvironmentProblem(
            name, text(env, name), f"只能从 {listed} 中选择，用英文逗号分开。", f"choose among {listed}, with commas."
        )
    return words


def one_of(env: Environment, name: str, allowed: Collection[str]) -> str:
    """One of ``allowed``, or "" when unset. Errors: EnvironmentProblem names what is allowed."""
    value = text(env, name)
    if value and value not in allowed:
        listed = ", ".join(allowed)
        raise EnvironmentProblem(name, value, f"只能填 {listed} 中的一个。", f"use one of {listed}.")
    return value


def city(env: Environment, name: str) -> str:
    """The short name of the city, which is also its folder. Errors: EnvironmentProblem."""
    value = text(env, name, "demo")
    if not _CITY.fullmatch(value):
        raise EnvironmentProblem(
            name,
            value,
            "请用小写英文字母、数字、- 或 _（最多 40 个，以字母或数字开头），例如 yunling。",
            "use lower-case letters, digits, - or _ (at most 40, beginning with a letter or digit), such as yunling.",
        )
    return value


def home(env: Environment, name: str, default: Path) -> Path:
    """An absolute folder. Errors: EnvironmentProblem when it is relative or a file."""
    value = text(env, name)
    if not value:
        return default
    path = Path(value).expanduser()
    if not path.is_absolute():
        raise EnvironmentProblem(
            name, value, "请填写完整路径，例如 /srv/qingyuan。", "use an absolute path such as /srv/qingyuan."
        )
    if path.exists() and not path.is_dir():
        raise EnvironmentProblem(name, value, "这是一个文件，请改为文件夹。", "this is a file; name a folder.")
    return path


def private_folder(path: Path, name: str) -> Path:
    """The folder, made if absent, readable by its owner only. Errors: EnvironmentProblem about variable ``name``."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.name == "posix" and path.stat().st_mode & 0o077:
            path.chmod(0o700)
    except OSError as error:
        raise EnvironmentProblem(
            name,
            str(path),
            f"无法建立该文件夹（{error.strerror}），请换一个有写权限的位置。",
            f"cannot make this folder ({error.strerror}); choose a place you may write to.",
        ) from error
    return path


def secret(env: Environment, name: str, kept_in: Path) -> str:
    """The secret that signs sessions: from the environment, else the one kept in the file, made on first use (0600).

    Errors: EnvironmentProblem when a given secret is shorter than 32 characters.
    """
    value = text(env, name)
    if value:
        if len(value) < 32:
            raise EnvironmentProblem(
                name,
                "…",
                "密钥太短，至少 32 个字符；不填则自动生成。",
                "too short: 32 characters or more, or leave it unset.",
            )
        return value
    try:
        with open(kept_in, "x", encoding="ascii", opener=_owner_only) as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return kept_in.read_text(encoding="ascii").strip()


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def single_sign_on(env: Environment, server: str, client: str, secret: str, name: str) -> dict[str, str] | None:
    """The government's OpenID Connect provider, or None when nothing is set.

    The variables: ``server`` its address (issuer), ``client`` and ``secret`` what it knows us by, ``name`` the words on the
    button. Errors: EnvironmentProblem when only some are set, or plain HTTP is asked for anywhere but on this machine.
    """
    values = {variable: text(env, variable) for variable in (server, client, secret)}
    if not any(values.values()):
        return None
    for variable, value in values.items():
        if not value:
            raise EnvironmentProblem(
                variable,
                "",
                f"{server}、{client}、{secret} 要一起填；不用统一身份认证就都不填。",
                f"set {server}, {client} and {secret} together, or none of them.",
            )
    parts = urlsplit(values[server])
    encrypted = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _THIS_MACHINE)
    if not parts.hostname or not encrypted:
        raise EnvironmentProblem(
            server,
            values[server],
            "请填写完整的 https 地址，例如 https://sso.example.gov.cn/realms/city。",
            "use a whole https address such as https://sso.example.gov.cn/realms/city.",
        )
    return {
        "server": values[server].rstrip("/"),
        "client": values[client],
        "secret": values[secret],
        "name": text(env, name, "统一身份认证"),
    }


def mail_server(env: Environment, name: str) -> str:
    """The address of the mail server, or "" when unset. Errors: EnvironmentProblem.

    ``smtps://user:password@host:465?from=qingyuan@example.gov.cn``; ``smtp://`` asks for STARTTLS except on this machine.
    """
    value = text(env, name)
    if not value:
        return ""
    parts = urlsplit(value)
    sender = dict(parse_qsl(parts.query)).get("from", "")
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or not re.fullmatch(r"[^@\s]+@[^@\s]+", sender):
        # The value may hold a password: only its scheme is repeated.
        raise EnvironmentProblem(
            name,
            f"{value.partition('://')[0][:10]}://…",
            "应形如 smtps://user:password@mail.example.gov.cn:465?from=qingyuan@example.gov.cn；不填则不发邮件。",
            "use smtps://user:password@mail.example.gov.cn:465?from=qingyuan@example.gov.cn, or leave it unset.",
        )
    return value


def gateway(env: Environment, url: str, secret: str) -> dict[str, str] | None:
    """An HTTP gateway and the secret shared with it, or None when neither is set. Errors: EnvironmentProblem."""
    address, key = text(env, url), text(env, secret)
    if not address and not key:
        return None
    parts = urlsplit(address)
    encrypted = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _THIS_MACHINE)
    if not parts.hostname or not encrypted:
        raise EnvironmentProblem(
            url, address, "请填写完整的 https 地址；不用则两项都不填。", "use a whole https address, or set neither."
        )
    if len(key) < 16:
        raise EnvironmentProblem(
            secret, "…", "与网关约定的密钥至少 16 个字符。", "the secret shared with the gateway has 16 characters or more."
        )
    return {"url": address, "secret": key}


def database(env: Environment, name: str, sqlite_file: Path) -> dict[str, Any]:
    """One entry of Django's DATABASES: PostgreSQL when the variable holds an address, else the SQLite file.

    Address: postgresql://user:password@host:port/name, percent-encoded, libpq options as a query
    (``?sslmode=verify-full``; ``?host=/var/run/postgresql`` for a socket). Errors: EnvironmentProblem.
    """
    value = text(env, name)
    if not value:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": sqlite_file,
            "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": _SQLITE_PRAGMAS},
            # A new connection reads the definitions of every table: eight milliseconds of work on every page.
            "CONN_MAX_AGE": _KEEP_CONNECTION,
        }
    parts = _address(name, value)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
        "CONN_MAX_AGE": _KEEP_CONNECTION,
        "CONN_HEALTH_CHECKS": True,
    }


def _address(name: str, value: str) -> SplitResult:
    scheme = value.partition("://")[0] if "://" in value else ""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        parts = None
    if parts is None or parts.scheme not in _POSTGRES or not parts.path.strip("/"):
        # The value may hold a password: only its scheme is repeated.
        raise EnvironmentProblem(
            name,
            f"{scheme}://…",
            f"数据库地址应形如 {_DATABASE_EXAMPLE}；不填则使用 SQLite 文件。",
            f"a database address looks like {_DATABASE_EXAMPLE}; leave it unset to use an SQLite file.",
        )
    return parts
