"""Assessment as data: a scheme goes in with numbers, an explained score comes out.

Pure: no database, no request, no clock, no floats. `read_scheme` → `check` → `score` → (`shown_to_others`, `compare`).
The words made here (rule sentences, arithmetic, refusals) are part of the scored document: they are kept, hashed and
printed with it, so they are written once, in Chinese, and not translated with the page around them.
"""

from __future__ import annotations

from qingyuan.governance.scoring.catalogue import KnownInput, known_from
from qingyuan.governance.scoring.check import check
from qingyuan.governance.scoring.diff import compare
from qingyuan.governance.scoring.disclosure import shown_to_others
from qingyuan.governance.scoring.numbers import Inputs, Number, SourceKind
from qingyuan.governance.scoring.problems import Problem, SchemeUnreadable
from qingyuan.governance.scoring.scheme import Clause, Group, Scheme
from qingyuan.governance.scoring.score import score
from qingyuan.governance.scoring.serialise import read_scheme, scheme_hash, tree_hash
from qingyuan.governance.scoring.tree import ScoreTree

__all__ = [
    "Clause",
    "Group",
    "Inputs",
    "KnownInput",
    "Number",
    "Problem",
    "Scheme",
    "SchemeUnreadable",
    "ScoreTree",
    "SourceKind",
    "check",
    "compare",
    "known_from",
    "read_scheme",
    "scheme_hash",
    "score",
    "shown_to_others",
    "tree_hash",
]
