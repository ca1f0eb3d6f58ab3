"""How many points one duty brings that is due anyway: the sheet scored with it done, less the sheet with it missed. Pure.

What a unit wrote into its plan as a task may be an act upon people beyond what law and schedule ask for; such a task is never held out
to anybody for points.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from qingyuan.governance.scoring.clauses import score_clause
from qingyuan.governance.scoring.forbidden import counted_in
from qingyuan.governance.scoring.numbers import ZERO, Inputs, Number
from qingyuan.governance.scoring.scheme import Scheme
from qingyuan.governance.scoring.score import ClauseScorer, points_of

#: Words of acts upon people: testing, stopping, questioning, catching, holding, ordering. Water and goods are tested too.
_ACTS: Final = re.compile(
    r"(?<!水)(?<!水质)检测|尿检|毛检|毛发|抽检|筛查|检出|摸排|排查|盘查|盘问|搜查|传唤|讯问|询问|抓捕|抓获|捕获|查获|查处|收戒|强戒|隔离|"
    r"拘留|刑拘|逮捕|批捕|责令|处罚|打击|管控|监控"
)


def acts_on_people(words: str) -> bool:
    """Whether a task's words name an act upon people, or a count of people caught or found. In doubt yes: it stays on its list."""
    return _ACTS.search(words) is not None or bool(counted_in(words))


def worth(
    scheme: Scheme,
    inputs: Inputs,
    keys: Sequence[str],
    acts: int,
    on: date,
    *,
    unit_kind: str = "",
    scorer: ClauseScorer = score_clause,
) -> Decimal:
    """What ``acts`` duties counted by the numbers ``keys`` bring together: done, against missed. Never below nothing.

    ``scorer``: one that remembers, where many duties of one sheet are asked about.
    """
    if acts < 1:
        return ZERO
    known = [key for key in keys if (number := inputs.get(key)) is not None and _counts(number)]
    done = {**inputs, **{key: _with(inputs[key], acts, acts) for key in known}}
    missed = {**inputs, **{key: _with(inputs[key], 0, acts) for key in known}}
    better = points_of(scheme, done, on, unit_kind=unit_kind, scorer=scorer).total
    return max(ZERO, better - points_of(scheme, missed, on, unit_kind=unit_kind, scorer=scorer).total)


def _counts(number: Number) -> bool:
    return number.numerator is not None and number.denominator is not None


def _with(number: Number, done: int, of: int) -> Number:
    """The number with ``of`` more due, ``done`` of them done."""
    missing = None if number.missing is None else number.missing + of - done
    return replace(
        number,
        value=None,
        numerator=(number.numerator or ZERO) + done,
        denominator=(number.denominator or ZERO) + of,
        missing=missing,
        not_available="",
    )
