"""Several people do something at the same moment, each in a thread with its own connection; what became of each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.db import connections

ROOT = Path(__file__).parents[1]


def at_once(acts: Sequence[Callable[[], object]], *refusals: type[Exception]) -> dict[str, Any]:
    """How many got through, how many were told why not (one of ``refusals``), and what else came up: that is a fault."""
    start, guard = threading.Barrier(len(acts)), threading.Lock()
    found: dict[str, Any] = {"through": 0, "told": 0, "failed": []}

    def work(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
        except refusals:
            kept: Any = "told"
        except Exception as error:
            kept = repr(error)
        else:
            kept = "through"
        finally:
            connections.close_all()
        with guard:
            if kept in ("told", "through"):
                found[kept] += 1
            else:
                found["failed"].append(kept)

    threads = [threading.Thread(target=work, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def of_its_own(module: str, home: Path) -> Any:
    """What ``module.main`` prints in a process of its own, on SQLite files of its own; races there are between real connections."""
    kept = {name: value for name, value in os.environ.items() if not name.endswith("DATABASE_URL")}
    env = kept | {
        "DJANGO_SETTINGS_MODULE": "qingyuan.config.settings",
        "QINGYUAN_HOME": str(home),
        "QINGYUAN_CITY": "race",
        "QINGYUAN_TODAY": "2022-11-23",
        "QINGYUAN_DEBUG": "1",
        "PYTHONPATH": str(ROOT),
    }
    program = f"import django; django.setup(); from {module} import main; main()"
    done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
