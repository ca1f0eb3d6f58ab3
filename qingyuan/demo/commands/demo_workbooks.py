"""Write the demo's workbooks from the story."""

from __future__ import annotations

import argparse
from pathlib import Path

from qingyuan.demo import books as workbooks
from qingyuan.demo.loading import EXAMPLES
from qingyuan.demo.story.telling import tell

HELP = "演示:按故事重写 examples/ledgers 里的表格"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, default=EXAMPLES)


def run(args: argparse.Namespace) -> int:
    story = tell()
    written = [workbooks.write(book, args.out) for book in workbooks.books(story)]
    written.append(workbooks.write(workbooks.month_to_import(story), args.out))
    print(f"{len(written)} 个文件,共 {sum(path.stat().st_size for path in written) / 1e6:.1f} MB")
    return 0
