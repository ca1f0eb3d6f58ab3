"""Writing a table of what follows from a result at the desk: every edit kept; a second person publishes a version with its day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from hashlib import sha256
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qingyuan.foundation import audit, clock
from qingyuan.foundation.enums import Compartment
from qingyuan.governance.actions.draft_desk import DraftDesk, DraftRefused, EditedMeanwhile
from qingyuan.governance.enums import DraftState
from qingyuan.governance.models import PublishedRewardTable, RewardDraft, RewardRevision
from qingyuan.governance.permissions import may_draft_scheme, require
from qingyuan.governance.queries.reward_drafts import checked, content_of
from qingyuan.governance.rewards import drafting
from qingyuan.governance.rewards.drafting import Content
from qingyuan.governance.rewards.reading import looked_at
from qingyuan.governance.rules.drafts import next_version
from qingyuan.governance.scoring.serialise import canonical, read_data
from qingyuan.organisation.actor import Actor

__all__ = ["DraftRefused", "EditedMeanwhile"]
LEDGER: Final = "reward_tables"
DESK: Final = DraftDesk(
    drafts=RewardDraft,
    revisions=RewardRevision,
    acts="reward-drafts",
    ledger=LEDGER,
    as_text=drafting.as_text,
    from_text=drafting.from_text,
    read=lambda content: looked_at(drafting.table_data(content)),
)


@transaction.atomic
def begin(*, by: Actor, text: str = "", valid_from: date, code: str = "", title: str = "") -> RewardDraft:
    """A draft of the next version of a table (``text``, as published or shipped), or an empty one. Raises DraftRefused, NotAllowed."""
    require(may_draft_scheme(by, by.division_id, clock.today()))
    if not text:
        if not code.strip() or not title.strip():
            raise DraftRefused(_("请填代号和名称。"))
        return _draft(DESK.create(drafting.empty(code.strip()[:40], title.strip()[:120], valid_from.isoformat()), gettext_noop("新起草"), by, begun_from=""))
    content = drafting.from_data(_data(text))
    sheet = content[drafting.SHEET]
    old, version = str(sheet["id"]), str(sheet["version"])
    taken = {version, *PublishedRewardTable.objects.filter(code=old).values_list("version", flat=True)}
    sheet = {key: value for key, value in sheet.items() if key != "valid_to"}
    sheet |= {"version": next_version(version, taken), "valid_from": valid_from.isoformat()}
    words = gettext_noop("由第 %(version)s 版起草") % {"version": version}
    return _draft(DESK.create(drafting.with_sheet(content, sheet), words, by, begun_from=f"{old} {version}"[:61]))


@transaction.atomic
def take_in(*, text: str, by: Actor) -> RewardDraft:
    """A draft from a YAML or JSON file; what is wrong inside is said at the desk. Raises SchemeUnreadable, DraftRefused, NotAllowed."""
    require(may_draft_scheme(by, by.division_id, clock.today()))
    return _draft(DESK.create(drafting.from_data(_data(text)), gettext_noop("由文件导入"), by, begun_from=""))


def _data(text: str) -> dict[str, Any]:
    """Days as text, as a form writes them; a table without the shape of one is refused. Raises SchemeUnreadable, DraftRefused."""
    data = read_data(text)
    rules = data.get("rules") if isinstance(data, Mapping) else None
    if not isinstance(data, Mapping) or not isinstance(rules, list) or not all(isinstance(one, Mapping) for one in rules):
        raise DraftRefused(_("文件不是一张奖惩规则表:要有 id、title、version、valid_from 和一列 rules。"))
    return {str(key): _plain(value) for key, value in data.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def set_sheet(*, draft: RewardDraft, seen: int, data: Mapping[str, Any], by: Actor) -> RewardDraft:
    """Raises EditedMeanwhile, DraftRefused, NotAllowed."""
    return _draft(DESK.edit(draft, seen, drafting.SHEET, gettext_noop("改全表的规定"), lambda content: drafting.with_sheet(content, data), by))


@transaction.atomic
def set_rule(*, draft: RewardDraft, seen: int, key: str, data: Mapping[str, Any], by: Actor) -> str:
    """The rule's key; an empty ``key`` adds one. Raises as ``set_sheet``."""
    made: list[str] = []

    def change(content: Content) -> Content:
        changed, found = drafting.with_rule(content, key, data)
        made.append(found)
        return changed

    words = (gettext_noop("改规则 %(id)s") if key else gettext_noop("加规则 %(id)s")) % {"id": data.get("id", "")}
    DESK.edit(draft, seen, key or "new", words, change, by)
    return made[0]


#: What may be done with a rule as a whole.
ARRANGED: Final[Mapping[str, Callable[[Content, str], Content]]] = {
    "up": lambda content, key: drafting.moved(content, key, -1),
    "down": lambda content, key: drafting.moved(content, key, 1),
    "remove": drafting.removed,
    "restore": drafting.restored,
}


def arrange(*, draft: RewardDraft, seen: int, key: str, step: str, by: Actor) -> RewardDraft:
    """Move up or down, remove, restore. Raises as ``set_sheet``; KeyError for a step that is none."""
    change = ARRANGED[step]
    words = {"up": gettext_noop("上移"), "down": gettext_noop("下移"), "remove": gettext_noop("移出"), "restore": gettext_noop("放回")}[step]
    content = content_of(draft)
    named = next((str(one["data"].get("id", "")) for one in (*content["rules"], *content["removed"]) if one["key"] == key), "")
    return _draft(DESK.edit(draft, seen, key, f"{words} {named}", lambda found: change(found, key), by))


def go_back(*, draft: RewardDraft, seen: int, number: int, by: Actor) -> RewardDraft:
    """The content of an earlier revision as a new one. Raises as ``set_sheet``."""
    return _draft(DESK.go_back(draft, seen, number, by))


def submit(*, draft: RewardDraft, by: Actor) -> RewardDraft:
    """Hand to a second person. Raises DraftRefused while anything is to be put right, NotAllowed."""
    return _draft(DESK.submit(draft, lambda content: checked(content).left, by))


def send_back(*, draft: RewardDraft, reason: str, by: Actor) -> RewardDraft:
    """Back to the writers with a reason. Raises DraftRefused, NotAllowed."""
    return _draft(DESK.send_back(draft, reason, by))


def drop(*, draft: RewardDraft, reason: str, by: Actor) -> RewardDraft:
    """Given up, kept readable. Raises DraftRefused, NotAllowed."""
    return _draft(DESK.drop(draft, reason, by))


@transaction.atomic
def publish(*, draft: RewardDraft, by: Actor) -> PublishedRewardTable:
    """A new version with its day, by somebody who wrote none of it. What was proposed before keeps the rule it was proposed by.

    Raises DraftRefused, NotAllowed.
    """
    held = _draft(DESK.for_publishing(draft, by))
    content = content_of(held)
    found = checked(content)
    if found.left:
        raise DraftRefused(_("还有 %(count)s 处要改,请退回起草的同志。") % {"count": found.left})
    text = canonical(drafting.table_data(content))
    made = PublishedRewardTable.objects.create(
        code=found.table.code,
        version=found.table.version,
        title=found.table.title,
        valid_from=found.table.valid_from,
        valid_to=found.table.valid_to,
        content=text,
        content_hash=sha256(text.encode()).hexdigest(),
        published_at=clock.now(),
        published_by_id=by.account_id,
        published_by_name=by.name,
    )
    held.published = made
    DESK.to(held, DraftState.PUBLISHED, by)
    after = {"code": made.code, "version": made.version, "valid_from": made.valid_from.isoformat(), "content_hash": made.content_hash}
    delta = audit.RowDelta(row_id=made.pk, compartment=Compartment.INTERNAL, before=None, after=after)
    audit.record_write(by=by, act="reward-tables.publish", ledger=LEDGER, rows=[delta], division_id=held.city_id, summary=made.content_hash)
    return made


def _draft(found: object) -> RewardDraft:
    assert isinstance(found, RewardDraft)
    return found
