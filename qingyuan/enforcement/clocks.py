"""Which statutory clocks a case and a person in a case run, from the columns of their rows alone. Pure.

No column says when one of them was answered, so a person records it; what the outcome moves on from is over with it.
治安案件办结 (D60, from 2026 D60b), 刑事拘留 (D70, D170), 逮捕 (D72, D171), 取保候审、监视居住 (D173).
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from qingyuan.casework.clocks.wanted import Said, Wanted

NEW_PUBLIC_ORDER_LAW: Final = date(2026, 1, 1)  # 治安管理处罚法(2025 年修订)施行之日
_FILED: Final = {"D60": {"accepted": "filed_on"}, "D60b": {"filed": "filed_on"}}
#: Which word of a clock comes from which column.
CASE_COLUMNS: Final = _FILED
PARTY_COLUMNS: Final = {
    "D70": {"start": "outcome_on"},
    "D170": {"start": "outcome_on"},
    "D72": {"arrested": "outcome_on"},
    "D171": {"start": "outcome_on"},
    "D173": {"start": "outcome_on"},
}
# By the outcome of a person: the clocks it starts, each with its word and the case of the law.
_STARTED: Final = {
    "detained": (("D70", "start", ""), ("D170", "start", "")),
    "arrested": (("D72", "arrested", ""), ("D171", "start", "")),
    "bail": (("D173", "start", "bail"),),
    "residential": (("D173", "start", "residence"),),
}


def of_case(row: Any) -> list[Wanted]:
    """``row``: a case, or anything with its columns. Criminal cases have no term of their own: custody has."""
    if row.case_kind != "administrative":
        return []
    code = "D60" if row.filed_on < NEW_PUBLIC_ORDER_LAW else "D60b"
    (word, column), *_ = _FILED[code].items()
    return [Wanted(code, (Said(word, column, row.filed_on),), answered=False)]


def of_party(row: Any) -> list[Wanted]:
    """``row``: a person in a case, or anything with its columns."""
    if row.outcome_on is None:
        return []
    return [
        Wanted(code, (Said(word, "outcome_on", row.outcome_on, option=option),), answered=False)
        for code, word, option in _STARTED.get(row.outcome, ())
    ]
