"""What holds for every request: which papers prove who asks, which step follows which, on what ground an item is refused. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qingyuan.casework.enums import Asked, Asker, DeskState

#: The clock of an answer (``reference/clocks``): no article gives a number, the length is the platform's own.
CLOCK: Final = "D208"

#: Papers somebody looked at; what was seen is written down, no copy of it is kept.
PAPERS: Final[dict[str, str | Promise]] = {
    "id_card": _("居民身份证"),
    "household": _("户口簿"),
    "passport": _("护照等其他身份证件"),
    "guardianship": _("监护关系证明"),
    "authorisation": _("本人签名的授权委托书"),
    "kinship": _("近亲属关系证明"),
    "death": _("死亡证明"),
}
IDENTITY: Final = frozenset({"id_card", "household", "passport"})
_BESIDES: Final[Mapping[Asker, frozenset[str]]] = {
    Asker.SELF: frozenset(),
    Asker.GUARDIAN: frozenset({"guardianship"}),
    Asker.AGENT: frozenset({"authorisation"}),
    Asker.KIN: frozenset({"kinship", "death"}),
}

#: The article a request rests on.
ARTICLES: Final[Mapping[Asked, str]] = {
    Asked.COPY: "PIPL45",
    Asked.CORRECT: "PIPL46",
    Asked.DELETE: "PIPL47",
    Asked.EXPLAIN: "PIPL48",
    Asked.DECEASED: "PIPL49",
}


@dataclass(frozen=True)
class Ground:
    """A reason to refuse one item, with the articles it rests on; ``kinds``: the requests in which it can be given."""

    code: str
    label: str | Promise
    articles: str
    kinds: frozenset[Asked]


_SEEN: Final = frozenset({Asked.COPY, Asked.DECEASED, Asked.EXPLAIN})
GROUNDS: Final[tuple[Ground, ...]] = (
    Ground("secret", _("法律、行政法规规定应当保密"), "PIPL18;PIPL45", _SEEN),
    Ground("hinders", _("告知将妨碍国家机关履行法定职责"), "PIPL35;PIPL45", _SEEN),
    Ground("others", _("这一项里有别人的个人信息,分不开"), "PIPL6", _SEEN),
    Ground("accurate", _("已经核实,现有记录准确、完整"), "PIPL46", frozenset({Asked.CORRECT})),
    Ground("not_ours", _("由别的机关作出的决定,请向作出决定的机关提出"), "PIPL34;PIPL46", frozenset({Asked.CORRECT})),
    Ground("kept", _("法律规定的保存期限没有届满:停止存储和安全保护以外的处理"), "PIPL47;PIPL19", frozenset({Asked.DELETE})),
    Ground("needed", _("履行法定职责仍然需要,不属于应当删除的情形"), "PIPL34;PIPL47", frozenset({Asked.DELETE})),
    Ground("arranged", _("逝者生前另有安排"), "PIPL49", frozenset({Asked.DECEASED})),
)
GROUND: Final = {one.code: one for one in GROUNDS}

_NEXT: Final[Mapping[DeskState, frozenset[DeskState]]] = {
    DeskState.RECEIVED: frozenset({DeskState.IDENTIFIED, DeskState.UNPROVED, DeskState.WITHDRAWN}),
    DeskState.IDENTIFIED: frozenset({DeskState.COLLECTED, DeskState.WITHDRAWN}),
    DeskState.COLLECTED: frozenset({DeskState.COLLECTED, DeskState.DECIDED, DeskState.WITHDRAWN}),
    DeskState.DECIDED: frozenset({DeskState.ANSWERED, DeskState.WITHDRAWN}),
    DeskState.ANSWERED: frozenset(),
    DeskState.UNPROVED: frozenset(),
    DeskState.WITHDRAWN: frozenset(),
}
OPEN: Final = tuple(state for state, following in _NEXT.items() if following)


def leads_to(state: str, wanted: str) -> bool:
    """Whether the step from one state to another is one there is."""
    return DeskState(wanted) in _NEXT[DeskState(state)]


def still_needed(asker: str, seen: Collection[str]) -> list[str]:
    """The papers that are missing before it is proved who asks, in the words of ``PAPERS``; empty when nothing is."""
    missing = [] if IDENTITY & set(seen) else [str(PAPERS["id_card"])]
    return missing + [str(PAPERS[code]) for code in sorted(_BESIDES[Asker(asker)] - set(seen))]


def may_ask(kind: str, asker: str) -> bool:
    """Next of kin ask about somebody who has died and about nobody else; who asks for oneself is alive."""
    return (Asked(kind) == Asked.DECEASED) == (Asker(asker) == Asker.KIN)


def grounds_for(kind: str) -> tuple[Ground, ...]:
    return tuple(one for one in GROUNDS if Asked(kind) in one.kinds)


def basis_of(kind: str, ground: str) -> str:
    """The articles of a decision: those of the request, or those of the ground it is refused on."""
    return GROUND[ground].articles if ground else ARTICLES[Asked(kind)]
