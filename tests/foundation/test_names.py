from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.foundation.names import NameParts, initials, name_parts


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("何立新", NameParts("何立新", "何", "hlx")),
        (" 何 立新", NameParts("何立新", "何", "hlx")),
        ("单雄信", NameParts("单雄信", "单", "sxx")),
        ("欧阳单", NameParts("欧阳单", "欧阳", "oyd")),
        ("长孙无忌", NameParts("长孙无忌", "长孙", "zswj")),
        ("尉迟恭", NameParts("尉迟恭", "尉迟", "ycg")),
        ("买买提·吐尔逊", NameParts("买买提·吐尔逊", "买", "mmttex")),
        ("John Smith", NameParts("John Smith", "J", "js")),
        ("", NameParts("", "", "")),
        ("\U0002b37d", NameParts("\U0002b37d", "\U0002b37d", "x")),
    ],
)
def test_a_name_is_found_whole_by_surname_and_by_initials(name: str, expected: NameParts) -> None:
    assert name_parts(name) == expected


def test_surnames_take_their_own_reading_only_in_front() -> None:
    assert (initials("仇英"), initials("解晓东"), initials("查良镛"), initials("王单")) == ("qy", "xxd", "zly", "wd")


@given(st.text(max_size=12))
def test_initials_are_small_letters_whatever_was_typed(text: str) -> None:
    found = initials(text)
    assert found == found.lower() and len(found) <= len(text) * 4
