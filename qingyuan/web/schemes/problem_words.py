"""What the checker says, for people: keys of the file in the words of the form, and the field it is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from qingyuan.foundation.words import in_english, said
from qingyuan.governance.problem_phrases import is_chinese, line_of, problem_said
from qingyuan.governance.scoring import clause_asks
from qingyuan.governance.scoring.asked import Asked
from qingyuan.governance.scoring.kinds import KINDS
from qingyuan.governance.scoring.problems import Problem
from qingyuan.governance.scoring.scheme import Clause

_PATH: Final = re.compile(r"[a-z_]+(?: \d+)?(?: › \w+(?: \d+)?)*")
_PARAM: Final = re.compile(r"参数 (?P<name>\w+)")
#: Words of the checker about keys of the file, and how the form calls them.
_KEYS: Final = (
    (re.compile(r"请写明 when_empty:full\(满分\)、zero\(零分\)、not_applicable\(不适用\)、manual\(人工评定\)或 ask\(待裁定\)"), "请在“没有应办事项时”里选一种"),
    (re.compile(r"请选一种写进 chosen:"), "请在“选定哪一种”里填一种:"),
    (re.compile(r"chosen 选的"), "选定的"),
    (re.compile(r"readings 里"), "“条文的不同读法”里"),
    (re.compile(r"readings"), "“条文的不同读法”"),
    (re.compile(r"本条款的 inputs 里"), "本条“用哪些数”里"),
    (re.compile(r"[((]take: \w+[))]|take: \w+"), "合并办法"),
    (re.compile(r"not_applicable: omit"), "“这类单位的表上没有本条”"),
    (re.compile(r"有 only_for 的"), "限定了单位的"),
    (re.compile(r"[((](?:add|take_off|parts|events|needs|ties|effect|grade|series|peers)[))]"), ""),
)
#: Which field a sentence is about, by what it speaks of; the first that fits.
_FIELDS: Final = (
    (re.compile(r"示例 \d"), "examples"),
    (re.compile(r"没有应办事项|when_empty"), "when_empty"),
    (re.compile(r"读法|readings|chosen"), "readings"),
    (re.compile(r"派生"), "derive"),
    (re.compile(r"前提"), "requires"),
    (re.compile(r"生效日|有效期|失效日"), "valid_from"),
    (re.compile(r"规模|only_for"), "sizes"),
    (re.compile(r"同号|改号|组号|编号"), "id"),
    (re.compile(r"^取数|不是取数名|inputs|目前没有|没有“|不予采用|只供监测"), "inputs"),
    (re.compile(r"分值|谁也拿不到"), "points"),
    (re.compile(r"over|under"), "over"),
)


@dataclass(frozen=True)
class Placed:
    """A problem in words, with the anchor of its field («f-rule-kind»); ``fragment`` is empty where the whole is meant."""

    where: str
    message: str
    fragment: str

    @property
    def lang(self) -> str:
        """The language the sentence is in, where it is not the page's."""
        return "zh-Hans" if is_chinese(self.message) else ""


def placed(problem: Problem, clause: Clause | None = None) -> Placed:
    """The problem as a page says it; of a clause also where in its form."""
    if in_english():
        fragment = problem.where.split(" › ")[0].split(" ")[0] if _PATH.fullmatch(problem.where) else _field(problem.message)
        labels = _labels_of(clause)
        message = problem_said(problem.message, lambda name: said(labels.get(name, name)))
        return Placed(problem_said(problem.where), message, f"f-{fragment}")
    if _PATH.fullmatch(problem.where):
        # A field of the wrong sort: its path, as the form calls it.
        steps = problem.where.split(" › ")
        message = problem.message.replace("缺这个字段", "请填写")
        return Placed("、".join(_ALL.get(one.split(" ")[0], one) for one in steps), message, f"f-{steps[0].split(' ')[0]}")
    return Placed(problem.where, in_words(problem.message, clause), f"f-{_field(problem.message)}")


def as_written(problem: Problem) -> Placed:
    """A problem of a file that somebody mends in the file: its keys stay as the file writes them."""
    return Placed(problem_said(problem.where), problem_said(problem.message), "")


def refusal_said(refusal: Exception) -> str:
    """A refusal that names problems, problem by problem; any other as it says itself."""
    problems: Sequence[Problem] = getattr(refusal, "problems", ())
    return "\n".join(map(line_of, problems)) or str(refusal)


def in_words(message: str, clause: Clause | None = None) -> str:
    """Keys of the file replaced by the labels of the form."""
    labels = _labels_of(clause)
    for pattern, words in _KEYS:
        message = pattern.sub(words, message)
    return _PARAM.sub(lambda found: f"“{labels.get(found['name'], found['name'])}”", message)


def _field(message: str) -> str:
    if "示例" not in message and ("参数" in message or message.startswith("规则") or " 档" in message):
        return "rule-kind"
    return next((field for pattern, field in _FIELDS if pattern.search(message)), "rule-kind")


def _labels_of(clause: Clause | None) -> dict[str, str]:
    """What the form calls the keys of the file; those of the clause's own kind of rule first."""
    own = _labels(KINDS[clause.rule.kind].asks) if clause is not None and clause.rule.kind in KINDS else {}
    return _ALL | {name: label for name, label in own.items() if label}


def _labels(asks: tuple[Asked, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in asks:
        found |= _labels(one.inside) | {one.name: one.label}
    return found


_ALL: Final = {name: label for kind in KINDS.values() for name, label in _labels(kind.asks).items()} | {
    name: label
    for asks in (clause_asks.SHEET, clause_asks.BOUNDS, clause_asks.WHOM, clause_asks.PROOF, clause_asks.FACE, (clause_asks.RULE,))
    for name, label in _labels(asks).items()
}
