"""Small shared value types, and the words of data in the language of the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from django.conf import settings
from django.utils.translation import get_language, override, pgettext

Given = ParamSpec("Given")
Made = TypeVar("Made")
DATA: Final = "data"
"""The context of words of data in the catalogue: «条» counts rows there, whatever it means in a sentence of a page."""


@dataclass(frozen=True)
class Problem:
    """Something wrong with one value, told so that the person can mend it.

    ``column`` is the attribute name, ``address`` where it stands for a person ("C7" in a sheet, "" in a form).
    ``value`` may be personal: it is left out of the repr so that it cannot slip into a log.
    """

    column: str
    address: str
    value: str = field(repr=False)
    message: str
    hint: str = ""


@dataclass(frozen=True)
class Decision:
    """Whether something is allowed, with the reason a person can read; true when allowed."""

    allowed: bool
    reason: str

    def __bool__(self) -> bool:
        return self.allowed


def in_english() -> bool:
    """Whether the page that is being made is read in English."""
    return (get_language() or "").startswith("en")


def said(text: object) -> str:
    """A word of data (the title of a ledger, a header, a unit…) in the language of the page.

    Words of data are declared in Chinese, kept in ``web/data_words.py`` for the catalogue, and translated here, when a
    page shows them; what the catalogue does not know (a city's own words) stays as it is written. Papers, exports and
    templates do not ask: they are Chinese.
    """
    words = str(text)
    return pgettext(DATA, words) if words and in_english() else words


def in_chinese(make: Callable[Given, Made]) -> Callable[Given, Made]:
    """For what leaves the platform as a file: it is Chinese, whatever language its maker reads pages in."""

    @wraps(make)
    def made(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        with override(settings.LANGUAGE_CODE):
            return make(*args, **kwargs)

    return made
