"""Invented people: common surnames and given-name characters, ID numbers of an area that does not exist (999999)."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from qingyuan.foundation import identity

SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
MEN = "伟强军勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆峰磊洋林东海亮建国志文学永贵立新成兴德福荣昌元春富安"
WOMEN = "芳娜敏静丽艳娟霞秀玲桂英红梅燕琴云莲珍凤洁萍雪慧佳欣怡婷颖莉兰群"
RARE = "堃喆玥彧昇旻淏镕赟犇"
MALE_SHARE = 0.84


@dataclass(frozen=True)
class Person:
    name: str
    id_number: str
    male: bool


class Crowd:
    """Makes people one after the other from one seed; never the same ID number twice."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._used: set[str] = set()

    def person(self, youngest: int = 19, oldest: int = 58) -> Person:
        male = self.random.random() < MALE_SHARE
        born = date(2022, 6, 1) - timedelta(days=self.random.randint(youngest * 365, oldest * 365))
        return Person(name=self.name(male), id_number=self._number(born, male), male=male)

    def name(self, male: bool) -> str:
        pool = MEN if male else WOMEN
        given = "".join(self.random.sample(pool, 2 if self.random.random() < 0.72 else 1))
        if self.random.random() < 0.015:
            given = given[:-1] + self.random.choice(RARE)
        return self.random.choice(SURNAMES) + given

    def _number(self, born: date, male: bool) -> str:
        while True:
            serial = self.random.randrange(1, 999, 2) if male else self.random.randrange(2, 998, 2)
            first = f"999999{born:%Y%m%d}{serial:03d}"
            number = first + identity.check_digit(first)
            # A number that ends in 000 cannot be told from one Excel has rounded; nobody here has one.
            if number not in self._used and not number.endswith("000"):
                self._used.add(number)
                return number
