"""What the checker of schemes says, phrase by phrase: in the language of the page, for the command and the editor alike.

The checker speaks Chinese: what it says of a clause that may not be scored stands in the score and is hashed with it. Each phrase is
a message of the catalogue; its gaps are numbers, words of data and other phrases. What no phrase fits (a city's own words) stays as
it is written. Which phrases there are is read from the checker's source by a test.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from qingyuan.foundation.words import in_english, said
from qingyuan.governance.scoring.problems import Problem

_GAP: Final = re.compile(r"%\\\((\w)\\\)s")
_NUMBERS: Final = frozenset("nmabcd")
_NUMBER: Final = r"[−+-]?[\d.,]+"
_LISTED: Final = re.compile(r"(;|,|、| \+ )")
_WRITTEN: Final = {";": "; ", ",": ", ", "、": ", "}
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_KEY: Final = re.compile(r"参数 %\(w\)s")
PHRASES: Final = (
    # bands
    _("%(n)s 不在任何一档里,请先检查这份办法"),
    _("%(w)s与%(x)s重叠,同一个数会落在两档里,请改起止"),
    _("%(w)s与%(x)s之间有空档:%(n)s 到 %(m)s 没有规定,请把起止接上"),
    _("低于"),
    _("不超过"),
    _("%(w)s %(n)s 的没有规定,请补最低一档"),
    _("达到或超过"),
    _("超过"),
    _("%(w)s %(n)s 的没有规定,请让最高一档不设上限"),
    _("%(w)s的起点 %(n)s 不小于终点 %(m)s"),
    # catalogue
    _("“%(w)s”数的是案件、缴获、处置、收治、阳性或查获的人。这类数量一旦计分、定指标,就成了对人的摊派,而且不去查就会变好看,本平台不予采用。请改用过程类指标(如报到率、应检尽检率);它只可以作分母"),
    _("“%(w)s”只供监测:少看就会变好,不能据以判断好坏,请不要计分"),
    # check
    _("分母可能为零(没有应办事项),请写明 when_empty:full(满分)、zero(零分)、not_applicable(不适用)、manual(人工评定)或 ask(待裁定)"),
    _("条款 %(w)s"),
    _("readings 只有一种读法,不成问题,请补另一种或删去"),
    _("readings 里读法的 id 重复"),
    _("chosen 选的“%(w)s”不在 readings 里"),
    _("分值 %(n)s 应大于 0"),
    _("分值 %(n)s 的小数多于全文规定的 %(w)s 位"),
    _("over(可以超出的分)和 under(可以倒扣的分)不能小于 0"),
    _("not_applicable: omit 只用于有 only_for 的条款"),
    _("规模“%(w)s”没有写 at_least(以上)或 below(不足)"),
    _("规模“%(w)s”的 at_least %(n)s 不小于 below %(m)s"),
    _("本条 %(n)s 分,按规则最多得 %(m)s,有 %(a)s 分谁也拿不到"),
    _("条文有 %(n)s 种读法,请选一种写进 chosen:%(w)s"),
    _("全文"),
    _("生效日 %(w)s 不早于失效日 %(x)s"),
    _("第 %(w)s 组"),
    _("组号重复,请改成不同的号"),
    _("等次"),
    _("等次名称重复"),
    _("refused 只能写在上级下发的办法里(写明 received_from)"),
    _("派生的数“%(w)s”与取数同名,请改名"),
    _("前提“%(w)s”的取数“%(x)s”不在本条款的 inputs 里"),
    _("取数“%(w)s”没有用到,请删去或补进规则"),
    _("派生的数“%(w)s”没有用到,请删去或补进规则"),
    _("规则按“%(w)s”写,“%(x)s”的单位是“%(y)s”,请统一"),
    _("“%(w)s”没有“%(x)s”这一部分,可取:%(y)s"),
    _("取数“%(w)s”目前没有,请改用已有的指标或报表"),
    _("有效期 %(w)s 至 %(x)s 超出全文的 %(y)s 至 %(z)s"),
    _("“%(w)s”与“%(x)s”同号且同时有效,请改号或错开有效期"),
    _("%(w)s要 %(n)s 分,满分加分一共 %(m)s,谁也达不到"),
    _("否决清单里的条款规则应为 veto、分值应为 0"),
    _("否决后降一等,但没有等次"),
    _("否决后第 %(w)s 组计 0,但没有这一组"),
    _("否决后总分最多 %(n)s,应不小于 0、小于总分 %(m)s"),
    _("否决后定为“%(w)s”,但等次里没有它"),
    # clauses
    _("派生的数“%(w)s”:%(x)s"),
    # examples
    _("得分"),
    _("数据未到"),
    _("不适用"),
    _("待裁定"),
    _("不计分"),
    _("按规则是 %(w)s,示例写的是 %(x)s"),
    _("按规则%(w)s否决,与示例不符"),
    _("按规则%(w)s(%(x)s),示例写的是 %(n)s,请改规则或示例"),
    _("没有得分"),
    _("得 %(n)s"),
    _("示例 %(w)s:取数%(x)s不在本条款的 inputs 里"),
    _("示例 %(w)s:没有读法“%(x)s”,现有:%(y)s"),
    _("示例 %(w)s:%(x)s"),
    _("按读法“%(w)s”,"),
    _("示例 %(w)s(%(x)s):%(y)s"),
    _("触发"),
    _("不触发"),
    _("无"),
    # expression
    _("除数写成了 0"),
    _("没有一种情形成立,case 里请写 else"),
    _("“%(w)s”不是数"),
    _("“%(w)s”没有给出数"),
    _("“%(w)s”为零,不能作除数"),
    _("“%(w)s”的结果太大,算不出来"),
    # given
    _("办法里没有用到它%(w)s"),
    _("请写 {parts: {%(w)s: …}}"),
    _("规模 %(w)s"),
    _(",是不是 %(w)s?"),
    _(",请对照办法里的 inputs"),
    _("请写 {missing: 11},或 {numerator: 203, denominator: 214}"),
    _("请写 {%(w)s: …}"),
    _("应为“名称: 值”的一组"),
    _("取数文件"),
    _("不认识“%(w)s”,这里只能写 %(x)s"),
    _("不认识“%(w)s”,这里只能写 kind(单位类别)、name(名称);规模写进 inputs"),
    _("应为日期(如 2022-12-31),现为“%(w)s”"),
    _("%(w)s 取数 %(x)s"),
    _("办法里没有这一条,现有:%(w)s"),
    _("这一条读的是“%(w)s”,没有给出;%(x)s"),
    _("“%(w)s”算出来是 %(x)s,小于 0,请核对分子、分母"),
    _("“%(w)s”给了两次,数不一样,请只留一个"),
    _("应为“取数名: 数”的一组,或 {on, unit, inputs, clauses}"),
    _("取数 %(w)s"),
    _("有几个取数,请写成一组:{%(w)s}"),
    _("没有取数“%(w)s”,可写:%(x)s"),
    _("条款 %(w)s 取数 %(x)s"),
    # given_numbers
    _("“%(w)s”不在等级里,可写:%(x)s"),
    _("不能是负数,现为 %(n)s"),
    _("写的单位是“%(w)s”,这里按“%(x)s”计,请换算"),
    _("%(w)s 是 %(x)s 还是 %(y)s?请写 %(z)s,或写明 {value: %(s)s, unit: \"%(t)s\"}"),
    _("%(w)s 超过 %(x)s;如果属实,请写 {value: %(y)s, unit: \"%(z)s\"}"),
    _("应为数字,现为“%(w)s”"),
    _(",请写阿拉伯数字"),
    _("“%(w)s”不是数字%(x)s"),
    _("%(w)s 不是一个数(NaN 或无穷大)"),
    _("%(w)s 太大,应不超过一万亿,请核对"),
    _("%(w)s 太小,请核对"),
    _("%(w)s 不能是负数,现为 %(n)s"),
    _("%(w)s:写的单位是“%(x)s”,这里按“%(y)s”计,请换算"),
    _("%(w)s 应为“名称: 数”的一组"),
    _("只有分子没有分母,算不出比率;请补 denominator"),
    _("分母是 0,分子却是 %(n)s,请核对"),
    _("series 相加是 %(n)s,value 是 %(m)s,两者不符"),
    _("没有给出(null)"),
    _(",只写数,不带单位和说明"),
    _(";还没有就写 null"),
    _("没有“%(w)s”这一项,可写:%(x)s"),
    _("%(w)s 应为文字"),
    _("part_labels 应为“名称: 文字”的一组"),
    _("没有给出数"),
    _("series:“%(w)s”不是月、季或半年,请写 2022-03、2022Q1 或 2022H1"),
    _("people 应为整数,现为 %(n)s"),
    _("kind 只能是 %(w)s,现为“%(x)s”"),
    _("只有分母没有分子;请补 numerator"),
    _("value 是 %(n)s,分子除以分母是 %(m)s,两者不符,请只留一样"),
    _("数"),
    # baseline
    _("目标与基数都是 %(n)s,没有进度可算"),
    # bonus
    _("起点"),
    _("没有写加分项(add)或扣分项(take_off)"),
    # composite
    _("count %(n)s 应为 1 到 %(m)s 的整数"),
    _("各项相加 %(w)s = %(n)s,不等于本条 %(m)s 分"),
    _("各项权重相加 %(n)s%%,不等于 100%%"),
    _("加分项、扣分项只能用在 take: sum 里"),
    _("分值 %(n)s 超过本条 %(m)s 分"),
    # deduct_per_missing
    _("扣分上限 %(n)s 应大于 0、不超过 %(m)s"),
    _("写了 per 就要写明不足一个时怎么算:count 为 exact(按比例)、started(按一个算)或 full(不扣)"),
    # formula
    _("公式:%(w)s"),
    # linear
    _("低点 %(n)s 应小于高点 %(m)s"),
    _("两个点得分相同,不成比例,请改用分档"),
    # manual
    _("下限"),
    _("上限"),
    _("下限 %(n)s 大于上限 %(m)s"),
    _("“%(w)s”写了两次"),
    # per_event_cap
    _("封顶 %(n)s 超过本条 %(m)s 分"),
    _("写了 period_cap 就要写 period:month(月)、quarter(季)或 half(半年)"),
    # rank
    _("没有写明并列怎么算(参数 ties):best(并列取前)、worst(取后)或 middle(取中间)"),
    # rounds
    _("只有 %(n)s 轮,去掉最高最低就没有了"),
    # where in a list of a rule
    _("第 %(n)s %(w)s"),
    # sample
    _("总数、抽查数、不合格数应是三个不同的取数"),
    _("抽查比例 %(n)s%% 超过 100%%"),
    # veto
    _("没有写明否决的后果(参数 effect):sheet_zero(全年计零分)或 grade(定为某等次)"),
    _("effect 为 grade 时要写 grade(定为哪一等次),其他后果不写"),
    _("effect 为 cap 时要写 cap(总分最多几分),其他后果不写"),
    _("effect 为 group_zero 时要写 group(哪一组计零),其他后果不写"),
    # lines
    _("总分"),
    _("共同规定"),
    _("附件"),
    _("第 %(w)s 行 %(x)s"),
    _("第 "),
    _(" 行"),
    # nested
    _("规则“%(w)s”不认识,现有:%(x)s"),
    _("否决不能写在别的规则里,请另列一条"),
    _("其中"),
    # refs
    _("“%(w)s”不是取数名,请写 indicator:代码.部分、return:表号.单元格 或 manual"),
    # rule
    _("参数 %(w)s 应为一条规则:{kind: …, params: {…}}"),
    _("%(w)s %(n)s 不在 %(m)s 到 %(a)s 之间"),
    _("参数 %(w)s 应为 true 或 false,现为“%(x)s”"),
    _("参数 %(w)s 应为数字,现为“%(x)s”"),
    _("参数 %(w)s 太大,应不超过一万亿,现为“%(x)s”"),
    _("缺参数 %(w)s"),
    _("参数 %(w)s 应大于 0,现为 %(x)s"),
    _("参数 %(w)s 只能是 %(x)s,现为“%(y)s”"),
    _("没有写明用哪个取数(参数 %(w)s),本条款的取数有:%(x)s"),
    _("取数“%(w)s”不在本条款的 inputs 里"),
    _("参数 %(w)s 应为非空列表"),
    _("参数 %(w)s 应为一组参数"),
    _("参数 %(w)s 应为取数名的列表"),
    _("参数 %(w)s 的第 %(x)s 项应为一组参数"),
    _("参数 %(w)s 不认识,请检查拼写"),
    # serialise
    _("“%(w)s”写了两次,不知道以哪个为准,请只留一个"),
    _("第 %(w)s 行"),
    _("应为“取数名: 数”的一组"),
    _("层次太深,读不下去,请检查括号和缩进"),
    _("内容太多,读不下去:展开引用以后超过 20 万个值,请检查“&”和“*”"),
    _("不是有效的 YAML 或 JSON,请检查缩进、冒号和引号"),
    # structure
    _("只能是 %(w)s,现为“%(x)s”"),
    _("应为文字,现为“%(w)s”"),
    _("应为列表"),
    _("应为一组字段"),
    _("应为 true 或 false,现为“%(w)s”"),
    _("应为整数,现为“%(w)s”"),
    _("(是不是上一段文字里有逗号?含逗号的文字请加引号)"),
    _("没有这个字段%(w)s,可用的有:%(x)s"),
    _("应为日期(如 2022-01-01),现为“%(w)s”"),
    _("缺这个字段"),
    _("太大,应不超过一万亿,现为“%(w)s”"),
    # sums
    _("其他单位"),
    _("附件 %(w)s %(x)s"),
    _("比%(w)s %(n)s 分%(x)s %(m)s 分,请改分值"),
    _("第 %(w)s 组 %(x)s"),
    _("(自 %(w)s 起)"),
    _("多"),
    _("少"),
    _("共同规定 %(w)s"),
    _("%(w)s不足 %(n)s"),
    _("各组和附件"),
    _("各组"),
    _("与“%(w)s”都管条款 %(x)s,先后不明,请合并"),
    _("与条款 %(w)s 规则和取数完全相同,同一件事计了两次分;请删去一条,或在 shared 里写明怎么计"),
    _("%(w)s相加 %(x)s,%(y)s"),
    _("points(折算分)和 raw(附件满分)都应大于 0"),
    _("各组相加 %(w)s,%(x)s"),
    _("同号的几条同时适用%(w)s,请把规模和类别分清%(x)s"),
    _("各条款相加 %(w)s,%(x)s"),
    _("各条款加起来只有 %(n)s,到不了封顶的 %(w)s"),
    _("没有写明怎么管:take: highest(只取最高)、cap(合计最多)或 deduct_cap(合计最多扣)"),
    _("合计最多 %(n)s,应大于 0、不超过各条相加的 %(m)s"),
    _("deduct_cap 只用于得分条款;扣分组请用 cap"),
    _("得分条款的分值都计入总分,只取最高或合计封顶会有分谁也拿不到;请写成一条(composite),或放进加分组"),
    _("没有附件“%(w)s”"),
    _("加分组、扣分组不能放在附件里"),
    _("编号重复"),
    _("没有条款 %(w)s"),
    _("至少要管两条"),
    _("本组"),
    _("所管条款有的是得分、有的是加分或扣分,不能放在一起"),
)


def problem_said(text: str, named: Callable[[str], str] = str) -> str:
    """A sentence of the checker in the language of the page. ``named``: how a parameter of a rule is called there."""
    return _said(text, named) if text and in_english() else text


def line_of(problem: Problem) -> str:
    """Place and sentence, as a list of problems shows them."""
    return f"{problem_said(problem.where)}:{problem_said(problem.message)}"


def is_chinese(text: str) -> bool:
    """Whether a sentence stands there as it was written: no phrase fitted."""
    return _HAN.match(text) is not None


def _said(text: str, named: Callable[[str], str]) -> str:
    if not _HAN.search(text):
        return text
    if (known := said(text)) != text:
        return known
    return _phrase(text, named) or _in_pieces(text, named)


def _phrase(text: str, named: Callable[[str], str]) -> str:
    """The whole as one phrase; empty where none fits."""
    for phrase, pattern in _patterns():
        if found := pattern.fullmatch(text):
            called = _KEY.search(phrase) is not None
            gaps = {gap: named(word) if called and gap == "w" else _said(word, named) for gap, word in found.groupdict().items()}
            return gettext(phrase) % gaps if gaps else gettext(phrase)
    return ""


def _in_pieces(text: str, named: Callable[[str], str]) -> str:
    """Phrases that follow each other, and words of data beside them as they are."""
    place, _colon, rest = text.partition(":")
    if rest:
        return f"{_said(place, named)}: {_said(rest, named)}"
    pieces = [*_LISTED.split(text), ""]
    if len(pieces) == 2:
        return text
    told = ""
    for piece, mark in zip(pieces[::2], pieces[1::2], strict=True):
        # A phrase may end with its own mark: «按读法“甲”,».
        told += (mark and _phrase(piece + mark, named)) or _said(piece, named) + _WRITTEN.get(mark, mark)
    return told


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The phrase that says most of a sentence comes first."""
    found = sorted(PHRASES, key=lambda phrase: (-len(re.sub(r"%\(\w\)s", "", phrase)), phrase))
    return tuple((phrase, re.compile(_pattern(phrase), re.DOTALL)) for phrase in found)


def _pattern(phrase: str) -> str:
    escaped = re.escape(phrase)
    if not _GAP.search(escaped):
        return escaped
    return _GAP.sub(_group, escaped.replace("%%", "%"))


def _group(gap: re.Match[str]) -> str:
    return f"(?P<{gap[1]}>{_NUMBER if gap[1] in _NUMBERS else '.*?'})"
