"""The same 20 000 rows × 20 columns into the ledger and, by django-import-export, into a plain table of the same shape.

    python benchmarks/import_beside_import_export.py [--rows 20000]

django-import-export is none of our packages: it is installed into a throw-away environment in a temporary folder (pip's
own index), which sees ours for everything else and is removed afterwards. What is compared, and that our side has keys,
encryption, audit and facts which the other has not, stands in ``import_200k.py``, whose parts this runs.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import sysconfig
import tempfile
import venv
from pathlib import Path

WANTED = ("django-import-export", "tablib", "diff-match-patch")


def environment(folder: Path) -> Path:
    """The interpreter of a new environment with ``WANTED`` beside our packages."""
    venv.create(folder, with_pip=False)
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--no-deps", *WANTED]
    subprocess.run(install, check=True)
    own = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    )
    (Path(own.stdout.strip()) / "ours.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=20_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        python = environment(Path(folder))
        beside = Path(__file__).with_name("import_200k.py")
        subprocess.run([python, beside, "--rows", "0", "--small", str(asked.rows)], check=True)


if __name__ == "__main__":
    main()
