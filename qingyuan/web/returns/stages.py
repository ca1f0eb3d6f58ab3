"""How far a return has come on its way up."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from qingyuan.governance.enums import ReturnState
from qingyuan.governance.queries.returns import Standing


@dataclass(frozen=True)
class Stage:
    """``state``: "done", "now" or "" for what is still ahead."""

    who: str
    what: str
    state: str

    @property
    def words(self) -> str:
        return {"done": _("已办"), "now": _("正等"), "": ""}[self.state]

    @property
    def tone(self) -> str:
        return "good" if self.state == "done" else "soon"


def stages(standing: Standing) -> list[Stage]:
    """The filler, each level above it, and the lock."""
    filed = standing.filed
    filling = filed.state in (ReturnState.DRAFT, ReturnState.SENT_BACK)
    passed = filed.state in (ReturnState.APPROVED, ReturnState.LOCKED)
    found = [Stage(filed.unit.label, _("填报"), "now" if filling else "done")]
    for number, level in enumerate(standing.levels):
        done = passed or (not filling and number < filed.level)
        now = filed.state == ReturnState.SUBMITTED and number == min(filed.level, len(standing.levels) - 1)
        found.append(Stage(level.title, _("审核"), "done" if done else "now" if now else ""))
    locked = {ReturnState.LOCKED: "done", ReturnState.APPROVED: "now"}.get(ReturnState(filed.state), "")
    return [*found, Stage(standing.levels[-1].title, _("锁定"), locked)]
