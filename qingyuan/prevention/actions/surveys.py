"""The only writers of surveys of the public."""

from __future__ import annotations

from collections.abc import Sequence

from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.prevention.actions.keeping import Keeper, not_future

awareness = Keeper("awareness_surveys")
safety = Keeper("safety_surveys")


def prepare(drafts: Sequence[Draft], writing: Writing) -> None:
    for draft in drafts:
        not_future(draft, ("began_on", "ended_on"), writing.on)
