"""Write the demo's workbooks from the story."""

from __future__ import annotations

import argparse
from pathlib import Path

from qingyuan.demo import books as workbooks
from qingyuan.demo.loading import EXAMPLES
from qingyuan.demo.story.telling import tell

HELP = "演示:按故事重写 examples/ledgers 里的表格,和埋了哪些毛病的清单"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, default=EXAMPLES)


def run(args: argparse.Namespace) -> int:
    story = tell()
    books = [*workbooks.books(story), workbooks.month_to_import(story)]
    written = [workbooks.write(book, args.out) for book in books]
    workbooks.write_planted(books, args.out)
    print(f"{len(written)} 个文件,共 {sum(path.stat().st_size for path in written) / 1e6:.1f} MB")
    return 0
