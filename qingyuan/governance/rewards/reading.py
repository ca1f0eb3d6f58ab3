"""A table of rules from its YAML, with everything wrong in it named; and which rules are kept but never applied."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

from qingyuan.governance.rewards.examples import answer_words, run
from qingyuan.governance.rewards.table import (
    ADVERSE,
    COMPARED,
    FAIR_GROUPS,
    HUNDRED,
    ClauseShare,
    Ending,
    Example,
    Fair,
    Kind,
    Leave,
    PointsMap,
    RewardTable,
    Rule,
    Step,
    When,
)
from qingyuan.governance.scoring.forbidden import counted_in
from qingyuan.governance.scoring.problems import SchemeUnreadable
from qingyuan.governance.scoring.serialise import read_data

_TABLE: Final = frozenset("id title version valid_from valid_to applies_to source note rules".split())
_RULE: Final = frozenset("id kind text source article when leave points opens confirmed examples".split())
_EXAMPLE: Final = frozenset("because meets share grade veto clause group points".split())
_WHEN: Final = frozenset("grades from to vetoes clause fair rank".split())
#: Kinds that stand for a time and have to say how they end.
ENDS: Final[Mapping[Kind, frozenset[Ending]]] = {
    Kind.YELLOW: frozenset({Ending.DATE, Ending.REPAIR}),
    Kind.BAR: frozenset({Ending.DATE, Ending.REPAIR}),
    Kind.LISTING: frozenset({Ending.REPAIR}),
}
RANKED: Final = (
    "按总分排名次处理单位:分差多在偶然波动以内,人数少的地方名次会因一两个人变动,名次承载不了处理;"
    "保留原文,不执行。要与别处比的,请改用按公平比较表判断的条件(fair)。"
)
COUNTED: Final = "条文按“%(what)s”奖惩:抓获、查处、收戒一类的数不作奖惩依据;保留原文,不执行。"


class BadRewardTable(ValueError):
    """The table cannot be used; ``problems`` say where and what to write instead."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


class _Reader:
    """Collects problems while it reads, so that all of them are told at once."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def say(self, where: str, words: str) -> None:
        self.problems.append(f"{where}:{words}")

    def keys(self, where: str, data: Any, known: frozenset[str]) -> Mapping[str, Any]:
        if not isinstance(data, Mapping):
            self.say(where, "应是一组“名称: 值”")
            return {}
        for key in data:
            if key not in known:
                self.say(where, f"不认识“{key}”,可以写的有 {'、'.join(sorted(known))}")
        return data

    def text(self, where: str, data: Mapping[str, Any], name: str, *, must: bool = True) -> str:
        value = data.get(name)
        found = "" if value is None else str(value).strip()
        if must and not found:
            self.say(where, f"没有写 {name}")
        return found

    def number(self, where: str, data: Mapping[str, Any], name: str, *, must: bool = True) -> Decimal | None:
        value = data.get(name)
        if isinstance(value, int | Decimal) and not isinstance(value, bool) and Decimal(value).is_finite():
            return Decimal(value)
        if must or value is not None:
            self.say(where, f"{name} 要写数字")
        return None

    def day(self, where: str, data: Mapping[str, Any], name: str, *, must: bool) -> date | None:
        text = self.text(where, data, name, must=must)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self.say(where, f"{name} 要写成 2021-01-01 这样的日期")
            return None

    def names(self, where: str, value: Any) -> tuple[str, ...]:
        if value is None:
            return ()
        if isinstance(value, list) and value and all(isinstance(one, str) and one.strip() for one in value):
            return tuple(one.strip() for one in value)
        self.say(where, "要写成一列名称,例如 [不合格]")
        return ()


def read_table(text: str, refuse: Callable[[str], str] | None = None) -> RewardTable:
    """``refuse``: an indicator's code → why places cannot be compared by it ("" where they can). Raises BadRewardTable."""
    try:
        data = read_data(text)
    except SchemeUnreadable as error:
        raise BadRewardTable([str(problem) for problem in error.problems]) from error
    found, problems = looked_at(data, refuse, sha256(text.encode()).hexdigest())
    if problems:
        raise BadRewardTable(problems)
    return found


def looked_at(data: Any, refuse: Callable[[str], str] | None = None, digest: str = "") -> tuple[RewardTable, list[str]]:
    """What can be read of a table's data, and everything that is wrong with it: «规则 Y1:…», «全表:…»."""
    reader = _Reader()
    top = reader.keys("全表", data, _TABLE)
    applies = reader.keys("applies_to", top.get("applies_to", {}), frozenset({"unit_kinds"}))
    first, last = reader.day("全表", top, "valid_from", must=True), reader.day("全表", top, "valid_to", must=False)
    if first and last and last <= first:
        reader.say("全表", "valid_to 要晚于 valid_from")
    listed = top.get("rules")
    if not isinstance(listed, list) or not listed:
        reader.say("全表", "rules 至少要有一条规则")
        listed = []
    rules = [_rule(reader, f"第 {number} 条", one) for number, one in enumerate(listed, start=1)]
    kept = [rule for rule in rules if rule is not None]
    _once(reader, kept)
    found = RewardTable(
        code=reader.text("全表", top, "id"),
        title=reader.text("全表", top, "title"),
        version=reader.text("全表", top, "version"),
        valid_from=first or date.min,
        valid_to=last,
        unit_kinds=reader.names("applies_to", applies.get("unit_kinds")),
        source=reader.text("全表", top, "source"),
        note=reader.text("全表", top, "note", must=False),
        rules=tuple(replace(rule, refused=_refused(rule, refuse)) for rule in kept),
        digest=digest,
    )
    for rule in found.rules:
        _hold(reader, rule)
    return found, reader.problems


def _hold(reader: _Reader, rule: Rule) -> None:
    """Every example comes out as it is written."""
    for number, ran in enumerate(run(rule), start=1):
        if ran.wrong:
            written = answer_words(ran.example.meets, ran.example.points)
            why = f"({ran.why})" if ran.why else ""
            reader.say(f"规则 {rule.id}", f"算例 {number}“{ran.example.because}”写的是{written},算得{ran.answer}{why}")


def _once(reader: _Reader, rules: list[Rule]) -> None:
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            reader.say(f"规则 {rule.id}", "编号写了两次")
        seen.add(rule.id)


def _refused(rule: Rule, refuse: Callable[[str], str] | None) -> str:
    """Why the rule is kept but never applied: a rank of totals, a count of people caught, a figure no places can be compared by."""
    if rule.when.rank:
        return RANKED
    if what := counted_in(rule.text):
        return COUNTED % {"what": what}
    if rule.when.fair is not None and refuse is not None:
        return refuse(rule.when.fair.indicator)
    return ""


def _rule(reader: _Reader, where: str, data: Any) -> Rule | None:
    row = reader.keys(where, data, _RULE)
    if not row:
        return None
    rule_id = reader.text(where, row, "id")
    where = f"规则 {rule_id}" if rule_id else where
    if len(rule_id) > 12:
        reader.say(where, "编号最多 12 个字")
    word = reader.text(where, row, "kind")
    if word not in set(Kind):
        reader.say(where, f"kind 要写 {'、'.join(Kind)} 之一")
        return None
    kind = Kind(word)
    rule = Rule(
        id=rule_id,
        kind=kind,
        text=reader.text(where, row, "text"),
        source=reader.text(where, row, "source"),
        article=reader.text(where, row, "article", must=False),
        when=_when(reader, where, row.get("when", {})),
        leave=_leave(reader, where, kind, row.get("leave")),
        points=_points(reader, where, row["points"]) if "points" in row else None,
        opens=row.get("opens") is True,
        confirmed=row.get("confirmed") is True,
        examples=tuple(_examples(reader, where, row.get("examples"))),
    )
    _fits(reader, where, rule)
    return rule


def _fits(reader: _Reader, where: str, rule: Rule) -> None:
    if (rule.kind is Kind.POINTS) != (rule.points is not None):
        reader.say(where, "折算分(kind: points)要写 points,别的不写")
    if rule.when.is_empty and rule.kind not in (Kind.GRADE, Kind.POINTS):
        reader.say(where, "没有写条件(when);只有等次名单和折算分可以对每个单位适用")
    if rule.opens and rule.kind in ADVERSE and rule.kind is not Kind.LISTING:
        reader.say(where, "提醒、约谈、黄牌、取消资格只送达本单位,不公开(opens)")


def _examples(reader: _Reader, where: str, listed: Any) -> Iterator[Example]:
    if listed is None:
        return
    if not isinstance(listed, list):
        reader.say(where, "examples 要写成一列算例")
        return
    for number, data in enumerate(listed, start=1):
        here = f"{where} 算例 {number}"
        row = reader.keys(here, data, _EXAMPLE)
        group = reader.text(here, row, "group", must=False)
        if group and group not in COMPARED:
            reader.say(here, f"group 要写 {'、'.join(COMPARED)} 之一")
        if not isinstance(row.get("meets"), bool):
            reader.say(here, "meets 要写 true(提出)或 false(不提出)")
        yield Example(
            because=reader.text(here, row, "because"),
            meets=row.get("meets") is True,
            share=reader.number(here, row, "share", must=False),
            grade=reader.text(here, row, "grade", must=False),
            veto=row.get("veto") is True,
            clause=reader.number(here, row, "clause", must=False),
            group=group,
            points=reader.number(here, row, "points", must=False),
        )


def _when(reader: _Reader, where: str, data: Any) -> When:
    row = reader.keys(f"{where} when", data, _WHEN)
    here = f"{where} when"
    low, high = reader.number(here, row, "from", must=False), reader.number(here, row, "to", must=False)
    if low is not None and high is not None and low >= high:
        reader.say(here, "from 要小于 to")
    for value in (low, high):
        if value is not None and not 0 <= value <= HUNDRED + 1:
            reader.say(here, "from、to 是得分率,在 0 到 101 之间")
    return When(
        grades=reader.names(f"{here} grades", row.get("grades")),
        low=low,
        high=high,
        vetoes=reader.names(f"{here} vetoes", row.get("vetoes")),
        clause=_clause(reader, here, row["clause"]) if "clause" in row else None,
        fair=_fair(reader, here, row["fair"]) if "fair" in row else None,
        rank=reader.text(here, row, "rank", must=False),
    )


def _clause(reader: _Reader, where: str, data: Any) -> ClauseShare | None:
    here = f"{where} clause"
    row = reader.keys(here, data, frozenset({"id", "at_least", "below"}))
    low, high = reader.number(here, row, "at_least", must=False), reader.number(here, row, "below", must=False)
    if low is None and high is None:
        reader.say(here, "要写 at_least(达到该条的百分之几)或 below(不到百分之几)")
    return ClauseShare(reader.text(here, row, "id"), low, high)


def _fair(reader: _Reader, where: str, data: Any) -> Fair | None:
    row = reader.keys(f"{where} fair", data, frozenset({"indicator", "group"}))
    code, group = reader.text(f"{where} fair", row, "indicator"), reader.text(f"{where} fair", row, "group")
    if group not in FAIR_GROUPS:
        reader.say(f"{where} fair", f"group 要写 {'、'.join(FAIR_GROUPS)} 之一")
        return None
    return Fair(code, group)


def _leave(reader: _Reader, where: str, kind: Kind, data: Any) -> Leave:
    wanted = ENDS.get(kind, frozenset())
    if data is None:
        if wanted:
            reader.say(where, f"没有写怎样退出(leave):{'、'.join(sorted(wanted))}")
        return Leave()
    row = reader.keys(f"{where} leave", data, frozenset({"ending", "months", "words"}))
    ending = reader.text(f"{where} leave", row, "ending")
    if ending not in wanted:
        words = f"这一类的 ending 要写 {'、'.join(sorted(wanted))}" if wanted else "这一类没有期限,不写 leave"
        reader.say(f"{where} leave", words)
        return Leave()
    months = reader.number(f"{where} leave", row, "months")
    if months is None or months != int(months) or not 1 <= months <= 36:
        reader.say(f"{where} leave", "months 要写 1 到 36 的整数")
        return Leave()
    return Leave(Ending(ending), int(months), reader.text(f"{where} leave", row, "words"))


def _points(reader: _Reader, where: str, data: Any) -> PointsMap | None:
    here = f"{where} points"
    row = reader.keys(here, data, frozenset({"system", "cap", "way", "steps", "decimals"}))
    cap, way = reader.number(here, row, "cap"), reader.text(here, row, "way")
    if way not in ("linear", "banded"):
        reader.say(here, "way 要写 linear(按比例)或 banded(分档)")
    decimals = row.get("decimals", 2)
    if decimals not in (0, 1, 2):
        reader.say(here, "decimals 要写 0、1 或 2")
        decimals = 2
    listed = row.get("steps")
    steps = tuple(_steps(reader, here, listed if isinstance(listed, list) else []))
    if len(steps) < 1 or (way == "linear" and len(steps) != 2):
        reader.say(here, "steps 要写成 {at: 得分率, points: 分} 的一列;按比例的恰好两点")
        return None
    _rising(reader, here, steps)
    if cap is None or cap <= 0:
        reader.say(here, "cap(最多几分)要大于 0")
        return None
    if any(not 0 <= step.points <= cap for step in steps):
        reader.say(here, "每一档的分在 0 到 cap 之间")
    return PointsMap(reader.text(here, row, "system"), cap, way == "linear", steps, int(decimals))


def _steps(reader: _Reader, where: str, listed: list[Any]) -> Iterator[Step]:
    for one in listed:
        row = reader.keys(where, one, frozenset({"at", "points"}))
        at, points = reader.number(where, row, "at"), reader.number(where, row, "points")
        if at is not None and points is not None:
            yield Step(at, points)


def _rising(reader: _Reader, where: str, steps: tuple[Step, ...]) -> None:
    """A higher score never brings less."""
    for below, above in zip(steps, steps[1:], strict=False):
        if above.at <= below.at:
            reader.say(where, "各档的 at 要从低到高")
        if above.points < below.points:
            reader.say(where, "得分高的一档折算分不能更少")
