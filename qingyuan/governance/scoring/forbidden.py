"""Counts of cases and of people caught, ordered or found, told by their words: for sheets whose numbers no catalogue knows.

An indicator or a cell of a return of ours is judged by its declaration (catalogue.refused). What somebody else's sheet asks
for by hand has only its name and its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from qingyuan.governance.scoring.catalogue import KnownInput, refusal, refused
from qingyuan.governance.scoring.refs import BadInputRef, parse_ref
from qingyuan.governance.scoring.scheme import Clause, Scheme

_ACT = (
    r"(?:破获|破案|侦破|立案|办案|抓获|抓捕|查获|查处|捕获|缴获|缴毒|收缴|打掉|捣毁|端掉|刑拘|刑事拘留|行政拘留|拘留|逮捕|批捕|"
    r"移送起诉|起诉|判决|定罪|收戒|强戒|强制隔离戒毒|责令社区戒毒|处罚|打击处理|结案)"
)
_FOUND = r"(?:阳性|检出|查出|复吸|新发现(?:吸毒|的吸毒)?|新增吸毒|吸毒人员(?=数)|涉毒人员(?=数)|毒驾)"
_COUNT = r"(?:数量|总数|数|人次|人数|名|起数|件数|克数|公斤|千克|克|比例|率|比|任务)"
_GROWS = r"(?:每(?:增加?|多|上升|提高)?[^,,。;;]{0,12}(?:加|得|奖|记)|(?:增长|上升|提高|不少于|不低于|达到|完成|同比))"
#: what is counted is counted: 破案数, 抓获吸毒人员人数, 检测阳性率, 强制隔离戒毒收戒任务
_NAMED = re.compile(rf"(?:{_ACT}|{_FOUND})[^,,。;;、]{{0,12}}?{_COUNT}(?![^,,。;;]{{0,4}}(?:及时|按期|按时|规范))")
#: 每抓获 1 名得 0.5 分 · 抓获吸毒人员同比增长 10% 得 5 分
_PAID = re.compile(rf"每{_ACT}[^,,。;;]{{0,14}}(?:加|得|奖|记|扣)|{_ACT}[^,,。;;]{{0,16}}{_GROWS}[^。;;]{{0,20}}分")
#: what is owed and done in time is work, though the word beside it is an act: 破案后 15 个工作日内通知
_WORK = re.compile(r"(?:衔接|帮扶|帮教|回访|谈话|通知|告知|反馈|报送|台账|档案|建档|协议|签订|检测到位|应检|宣传|培训|瞒报|虚报|漏报|弄虚作假)")


def counted_in(words: str) -> str:
    """The coercive count a name or text speaks of ('破案数'); empty where it speaks of none."""
    for pattern in (_NAMED, _PAID):
        for found in pattern.finditer(words):
            # Who hid or failed to report such a count is judged for that, not for the count.
            if not _WORK.search(words[max(0, found.start() - 4) : found.end()]):
                return found.group()
    return ""


def refusal_of(clause: Clause, known: Mapping[str, KnownInput] | None = None) -> str:
    """Why the clause may not score, by what it counts; empty where it may."""
    for name, text in clause.inputs.items():
        try:
            ref = parse_ref(text, clause=clause.id, name=name)
        except BadInputRef:
            continue
        found = (known or {}).get(ref.key)
        if found is not None:
            if reason := refused(found, ref.part):
                return reason
        elif what := counted_in(ref.code if ref.source != "indicator" else "") or counted_in(name):
            return refusal(what)
    what = counted_in(clause.title) or counted_in(clause.text)
    return refusal(what) if what else ""


def hold_out(scheme: Scheme, known: Mapping[str, KnownInput] | None = None) -> Scheme:
    """A sheet received from above, with each clause over such a count marked: text kept, points held out, reason printed.

    A sheet of our own is returned as it is: there such a clause is a fault (check).
    """
    if not scheme.received_from:
        return scheme
    groups = tuple(replace(group, clauses=_marked(group.clauses, known)) for group in scheme.groups)
    return replace(scheme, groups=groups, vetoes=_marked(scheme.vetoes, known))


def _marked(clauses: Iterable[Clause], known: Mapping[str, KnownInput] | None) -> tuple[Clause, ...]:
    return tuple(
        clause if clause.refused else replace(clause, refused=refusal_of(clause, known)) for clause in clauses
    )
