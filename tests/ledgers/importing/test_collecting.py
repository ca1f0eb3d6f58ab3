"""Looking for garbage less often ends with the import."""

from __future__ import annotations

import gc

import pytest

from qingyuan.ledgers.importing.collecting import RARELY, rarely


def test_of_two_imports_at_once_the_last_to_end_puts_back_what_was() -> None:
    before = gc.get_threshold()
    first, second = rarely(), rarely()
    with first:
        with second:
            assert gc.get_threshold() == RARELY
        assert gc.get_threshold() == RARELY
    assert gc.get_threshold() == before


def test_an_import_that_fails_puts_it_back_too() -> None:
    before = gc.get_threshold()
    with pytest.raises(ZeroDivisionError), rarely():
        raise ZeroDivisionError
    assert gc.get_threshold() == before


def test_circles_made_during_an_import_are_still_found() -> None:
    gc.collect()

    class Link:
        other: Link

    with rarely():
        for _n in range(3 * RARELY[0]):
            link = Link()
            link.other = link
        assert sum(type(one) is Link for one in gc.get_objects()) < 2 * RARELY[0]
    gc.collect()
