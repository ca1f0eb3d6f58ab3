from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.foundation.identity import mask_name
from qingyuan.foundation.names import NameAsked, NameParts, Way, initials, name_parts, spells, surname_reading


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("何立新", NameParts("何立新", "何", "he", "hlx")),
        (" 何 立新", NameParts("何立新", "何", "he", "hlx")),
        ("单雄信", NameParts("单雄信", "单", "shan", "sxx")),
        ("欧阳单", NameParts("欧阳单", "欧阳", "ouyang", "oyd")),
        ("长孙无忌", NameParts("长孙无忌", "长孙", "zhangsun", "zswj")),
        ("尉迟恭", NameParts("尉迟恭", "尉迟", "yuchi", "ycg")),
        ("买买提·吐尔逊", NameParts("买买提·吐尔逊", "买", "mai", "mmttex")),
        ("吕布", NameParts("吕布", "吕", "lv", "lb")),
        ("John Smith", NameParts("John Smith", "J", "j", "js")),
        ("", NameParts("", "", "", "")),
        ("\U0002b37d", NameParts("\U0002b37d", "\U0002b37d", "xuan", "x")),
    ],
)
def test_a_name_is_found_whole_by_surname_and_by_initials(name: str, expected: NameParts) -> None:
    assert name_parts(name) == expected


def test_surnames_take_their_own_reading_only_in_front() -> None:
    assert (initials("仇英"), initials("解晓东"), initials("查良镛"), initials("王单")) == ("qy", "xxd", "zly", "wd")
    read = {name: surname_reading(name) for name in ("曾国藩", "单田芳", "解缙", "仇和", "翟志刚", "区伯", "阚泽", "卜算子", "万家宝")}
    assert list(read.values()) == ["zeng", "shan", "xie", "qiu", "zhai", "ou", "kan", "bu", "wan"]
    assert surname_reading("万俟卨") == "moqi"


@pytest.mark.parametrize(
    ("typed", "name", "way"),
    [
        ("张三", "张三", Way.WHOLE),
        ("张", "张三丰", Way.SURNAME),
        ("欧阳", "欧阳修", Way.SURNAME),
        ("zhang", "张三", Way.SURNAME_READING),
        ("Zhang", "章邯", Way.SURNAME_READING),
        ("ouyang", "欧阳修", Way.SURNAME_READING),
        ("zhang san", "张三", Way.READING),
        ("ZhangSan", "张三", Way.READING),
        ("Zhāng Sān", "张三", Way.READING),
        ("lü bu", "吕布", Way.READING),
        ("zs", "张三", Way.INITIALS),
        ("ZS", "张三", Way.INITIALS),
        ("xxd", "解晓东", Way.INITIALS),
        ("xie xiao dong", "解晓东", Way.READING),
        ("jiexiaodong", "解晓东", None),
        ("qy", "仇英", Way.INITIALS),
        ("cy", "仇英", None),
        ("wang le", "王乐", Way.READING),
        ("wang yue", "王乐", Way.READING),
        ("张三", "张三丰", None),
        ("三丰", "张三丰", None),
        ("zhangs", "张三", None),
        ("z", "张三", None),
        ("", "张三", None),
        ("zs", "", None),
        ("110101199001011234", "张三", None),
        ("john", "John", Way.READING),
    ],
)
def test_a_name_answers_to_its_surname_its_reading_and_its_initials_and_to_no_other_part(
    typed: str, name: str, way: Way | None
) -> None:
    assert NameAsked.of(typed).way(name) is way


@pytest.mark.parametrize("typed", ["zs", "zhangsan", "张三", "zsf", "z*"])
def test_a_masked_name_answers_by_nothing_that_the_mask_hides(typed: str) -> None:
    assert NameAsked.of(typed).way(mask_name("张三")) is None
    assert NameAsked.of("张").way(mask_name("张三")) is Way.SURNAME
    assert NameAsked.of("zhang").way(mask_name("张三")) is Way.SURNAME_READING


def test_several_readings_may_be_typed_and_none_half() -> None:
    assert spells("zengzhong", "曾重") and spells("zengchong", "曾重")
    assert not spells("cengzhong", "曾重") and not spells("zengzhon", "曾重") and not spells("", "曾重")


@given(st.text(max_size=12))
def test_initials_are_small_letters_whatever_was_typed(text: str) -> None:
    found = initials(text)
    assert found == found.lower() and len(found) <= len(text) * 4


@given(st.text(max_size=12), st.text(max_size=12))
def test_asking_anything_of_any_name_breaks_nothing(typed: str, name: str) -> None:
    NameAsked.of(typed).way(name)
    name_parts(name)
