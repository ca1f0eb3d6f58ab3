"""Buckets of names: what they find, and how little they tell to somebody who has the database without the keys."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from pytest_django import Settings

from qingyuan.foundation import name_buckets
from qingyuan.foundation.crypto import keyring
from qingyuan.foundation.crypto.ring import Purpose
from qingyuan.foundation.name_buckets import INITIALS_BUCKETS, SURNAME_BUCKETS, index_of_name, indexes_of
from qingyuan.foundation.names import NameAsked, initials, surname_reading

# The twenty most borne surnames with their parts per thousand (公安部《二〇二〇年全国姓名报告》 and the 2010 census), the rest evenly.
BORNE = dict(
    zip("王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗", (76, 76, 70, 54, 45, 31, 23, 23, 21, 21, 17, 15, 13, 13, 13, 12, 12, 12, 11, 9), strict=True)
)
RARE = (
    "郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段"
    "雷黎史龙陶贺顾毛郝龚邵万钱严覃武莫孔汤向常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符"
    "舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦"
    "戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封"
)
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文华建国玉梅红志海燕春辉云飞雪梦琪思宇浩轩子涵欣怡晨曦"


def people(count: int) -> list[str]:
    """Names drawn as people bear them; the same ones every time."""
    draw = random.Random(20221123)
    surnames = [*BORNE, *RARE]
    weights = [*BORNE.values(), *[(1000 - sum(BORNE.values())) / len(RARE)] * len(RARE)]
    return [
        f"{family}{''.join(draw.choices(GIVEN, k=draw.choice((1, 2, 2, 2))))}"
        for family in draw.choices(surnames, weights, k=count)
    ]


@pytest.fixture
def keys(tmp_path: Path, settings: Settings) -> Path:
    settings.QINGYUAN_KEYS = tmp_path / "city" / "keys"
    return tmp_path / "city" / "keys"


def test_each_bucket_holds_several_surnames_and_several_initials(keys: Path) -> None:
    """A number is no fingerprint of a value: many values share each."""
    names = people(20_000)
    found = indexes_of("community", names)
    surnames: dict[int, set[str]] = {}
    letters: dict[int, set[str]] = {}
    for name, by_surname, by_initials in zip(names, found["surname_bucket"], found["initials_bucket"], strict=True):
        surnames.setdefault(by_surname, set()).add(surname_reading(name))
        letters.setdefault(by_initials, set()).add(initials(name))
    assert len(letters) == INITIALS_BUCKETS and min(map(len, letters.values())) >= 3
    several = sum(1 for readings in surnames.values() if len(readings) >= 2)
    assert several >= 0.9 * SURNAME_BUCKETS, several


def test_counting_buckets_tells_no_common_surname(keys: Path) -> None:
    """A surname of eight in a hundred would stand out as one bucket of that size. Spread, it stands in several, and what the
    fullest buckets hold is a mixture."""
    names = people(20_000)
    buckets = indexes_of("community", names)["surname_bucket"]
    held: dict[int, Counter[str]] = {}
    for name, bucket in zip(names, buckets, strict=True):
        held.setdefault(bucket, Counter())[surname_reading(name)] += 1
    for common in ("wang", "li", "zhang"):
        parts = [count[common] for count in held.values() if count[common]]
        assert len(parts) >= 3 and max(parts) < 0.75 * sum(parts), common
    for count in sorted(held.values(), key=Counter.total)[-3:]:
        assert count.most_common(1)[0][1] < 0.75 * count.total(), count.most_common(3)
    assert Counter(indexes_of("community", names)["initials_bucket"]).most_common(1)[0][1] < 0.03 * len(names)


def test_buckets_of_two_compartments_and_of_two_cities_have_nothing_to_do_with_each_other(
    keys: Path, settings: Settings, tmp_path: Path
) -> None:
    names = people(400)
    one, other = indexes_of("community", names), indexes_of("enforcement", names)
    settings.QINGYUAN_KEYS = tmp_path / "other" / "keys"
    elsewhere = indexes_of("community", names)
    for column, count in (("surname_bucket", SURNAME_BUCKETS), ("initials_bucket", INITIALS_BUCKETS)):
        for two in (other, elsewhere):
            same = sum(1 for a, b in zip(one[column], two[column], strict=True) if a == b)
            assert same < len(names) * (8 / count), column


def test_no_name_has_no_bucket(keys: Path) -> None:
    assert index_of_name("community", "") == {"name_index": "", "surname_bucket": None, "initials_bucket": None}


@pytest.mark.parametrize("name", ["王小明", "李雷", "欧阳锋", "单田芳", "John Smith", "阿不都·热合曼"])
@pytest.mark.parametrize("generation", ["one key", "rotating", "rotated"])
def test_whatever_part_is_asked_the_row_is_among_those_that_are_looked_at(keys: Path, name: str, generation: str) -> None:
    """Also of rows stored before an index key was replaced, as long as they are not indexed anew."""
    stored = index_of_name("community", name)
    ring = keyring()
    if generation != "one key":
        ring.add_index_key("community", 1)
        ring.write_with_newest_index_key("community")
    if generation == "rotated":
        ring.search_newest_index_key_only("community")
        stored = index_of_name("community", name)
    letters = "".join(sign for sign in name if sign.isascii() and sign.isalpha()) or initials(name)
    for typed in (name[:2] if name.startswith("欧阳") else name[:1], surname_reading(name), letters):
        asked = NameAsked.of(typed)
        if not asked.may_be_part:
            continue
        told = (child for child in name_buckets._may_answer(asked, "community", "").children if isinstance(child, tuple))
        looked_at = {where: values for where, values in told if where.endswith("__in")}
        by_surname = stored["surname_bucket"] in looked_at["surname_bucket__in"]
        assert by_surname or stored["initials_bucket"] in looked_at.get("initials_bucket__in", []), typed
    assert len({entry.id for entry in ring.entries() if entry.purpose is Purpose.INDEX and entry.scope == "community"}) == (
        1 if generation == "one key" else 2
    )
