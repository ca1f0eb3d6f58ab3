"""The workbooks the offices keep, written from the story. A subject is a module here with ``books(story)``.

``SUBJECTS`` is the order of import: what others refer to comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from qingyuan.demo.books import city, duties, enforcement, participation, prevention, town
from qingyuan.demo.books.book import PLANTED, Book, PlantedCell, planted, read_planted, write, write_planted
from qingyuan.demo.books.town import month_to_import
from qingyuan.demo.story.telling import Story

SUBJECTS: tuple[Callable[[Story], Iterable[Book]], ...] = (
    enforcement.operations,
    city.books,
    town.books,
    participation.books,
    duties.books,
    prevention.books,
    enforcement.books,
)

__all__ = ["PLANTED", "Book", "PlantedCell", "books", "month_to_import", "planted", "read_planted", "write", "write_planted"]


def books(story: Story) -> list[Book]:
    """All workbooks, in the order in which they have to be imported."""
    return [book for subject in SUBJECTS for book in subject(story) if book.rows]
