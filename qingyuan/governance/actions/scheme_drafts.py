"""Writing a scheme at the desk: each edit is a revision with who and when; a second person publishes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qingyuan.foundation import clock
from qingyuan.governance.actions.draft_desk import DraftDesk, DraftRefused, EditedMeanwhile
from qingyuan.governance.actions.schemes import LEDGER, publish_scheme
from qingyuan.governance.enums import DraftState
from qingyuan.governance.models import PublishedScheme, SchemeDraft, SchemeRevision
from qingyuan.governance.permissions import may_draft_scheme, require
from qingyuan.governance.queries.scheme_drafts import checked, content_of
from qingyuan.governance.queries.schemes import scheme_of
from qingyuan.governance.rules.drafts import for_year, next_version
from qingyuan.governance.scoring import drafting
from qingyuan.governance.scoring.drafting import Content
from qingyuan.governance.scoring.serialise import canonical, read_scheme
from qingyuan.organisation.actor import Actor

__all__ = ["DraftRefused", "EditedMeanwhile"]
DESK: Final = DraftDesk(
    drafts=SchemeDraft,
    revisions=SchemeRevision,
    acts="scheme-drafts",
    ledger=LEDGER,
    as_text=drafting.as_text,
    from_text=drafting.from_text,
    read=drafting.scheme_of,
)


@transaction.atomic
def begin(*, by: Actor, year: int, published: PublishedScheme | None = None, code: str = "", title: str = "") -> SchemeDraft:
    """A draft of a published sheet's next version, or an empty sheet. Raises DraftRefused, NotAllowed, queries' SchemeChanged."""
    require(may_draft_scheme(by, by.division_id, clock.today()))
    if published is not None:
        taken = set(PublishedScheme.objects.filter(code=published.code, year=year).values_list("version", flat=True))
        scheme = for_year(scheme_of(published), year, next_version(published.version, taken))
        words = gettext_noop("由%(year)s年第%(version)s版起草") % {"year": published.year, "version": published.version}
        return _create(drafting.from_scheme(scheme), published, words, by)
    if not code.strip() or not title.strip():
        raise DraftRefused(_("请填代号和名称。"))
    return _create(drafting.empty(code.strip()[:40], title.strip()[:120], year), None, gettext_noop("新起草"), by)


@transaction.atomic
def take_in(*, text: str, by: Actor) -> SchemeDraft:
    """A draft from a YAML or JSON file. Raises SchemeUnreadable with every wrong field, NotAllowed."""
    require(may_draft_scheme(by, by.division_id, clock.today()))
    return _create(drafting.from_scheme(read_scheme(text)), None, gettext_noop("由文件导入"), by)


def set_sheet(*, draft: SchemeDraft, seen: int, data: Mapping[str, Any], by: Actor) -> SchemeDraft:
    """Raises EditedMeanwhile, DraftRefused, SchemeUnreadable, NotAllowed."""
    words = gettext_noop("改全文的规定")
    return _edit(draft, seen, drafting.SHEET, words, lambda content: drafting.with_sheet(content, data), by)


@transaction.atomic
def set_group(*, draft: SchemeDraft, seen: int, key: str, data: Mapping[str, Any], by: Actor) -> str:
    """The group's key; an empty ``key`` adds one. Raises as ``set_sheet``."""
    made: list[str] = []

    def change(content: Content) -> Content:
        changed, found = drafting.with_group(content, key, data)
        made.append(found)
        return changed

    words = gettext_noop("改第 %(id)s 组") if key else gettext_noop("加第 %(id)s 组")
    _edit(draft, seen, key or "new", words % {"id": data.get("id", "")}, change, by)
    return made[0]


@transaction.atomic
def set_clause(*, draft: SchemeDraft, seen: int, key: str, group: str, data: Mapping[str, Any], by: Actor) -> str:
    """The clause's key; an empty ``key`` adds one to ``group``. Raises as ``set_sheet``."""
    made: list[str] = []

    def change(content: Content) -> Content:
        changed, found = drafting.with_clause(content, key, group, data)
        made.append(found)
        return changed

    words = (gettext_noop("改条款 %(id)s %(title)s") if key else gettext_noop("加条款 %(id)s %(title)s")) % {
        "id": data.get("id", ""), "title": data.get("title", ""),
    }  # fmt: skip
    _edit(draft, seen, key or "new", words, change, by)
    return made[0]


#: What may be done with a group or clause as a whole.
ARRANGED: Mapping[str, Callable[[Content, str], Content]] = {
    "up": lambda content, key: drafting.moved(content, key, -1),
    "down": lambda content, key: drafting.moved(content, key, 1),
    "remove": drafting.removed,
    "restore": drafting.restored,
}


def arrange(*, draft: SchemeDraft, seen: int, key: str, step: str, by: Actor) -> SchemeDraft:
    """Move up or down, remove, restore. Raises as ``set_sheet``; KeyError for a step that is none."""
    change = ARRANGED[step]
    words = {"up": gettext_noop("上移"), "down": gettext_noop("下移"), "remove": gettext_noop("移出"), "restore": gettext_noop("放回")}[step]
    rows = [*(content := content_of(draft))["groups"], *content["clauses"], *content["removed"]]
    named = next((f"{one['data'].get('id', '')} {one['data'].get('title', '')}" for one in rows if one["key"] == key), "")
    return _edit(draft, seen, key, f"{words} {named}", lambda found: change(found, key), by)


def go_back(*, draft: SchemeDraft, seen: int, number: int, by: Actor) -> SchemeDraft:
    """The content of an earlier revision as a new one; nothing of the history is dropped. Raises as ``set_sheet``."""
    return _scheme(DESK.go_back(draft, seen, number, by))


def submit(*, draft: SchemeDraft, by: Actor) -> SchemeDraft:
    """Hand to a second person. Raises DraftRefused while anything is wrong or open, NotAllowed."""
    return _scheme(DESK.submit(draft, _left, by))


def _left(content: Content) -> int:
    found = checked(content)
    return len(found.problems) + len(found.open_texts)


def send_back(*, draft: SchemeDraft, reason: str, by: Actor) -> SchemeDraft:
    """Back to the writers with a reason. Raises DraftRefused, NotAllowed."""
    return _scheme(DESK.send_back(draft, reason, by))


@transaction.atomic
def publish(*, draft: SchemeDraft, by: Actor) -> PublishedScheme:
    """A new dated version by somebody who wrote none of it. Letters keep the version they were signed under.

    Raises DraftRefused, schemes' SchemeRefused, NotAllowed.
    """
    held = _scheme(DESK.for_publishing(draft, by))
    published = publish_scheme(text=canonical(drafting.sheet_data(content_of(held))), by=by)
    held.published = published
    DESK.to(held, DraftState.PUBLISHED, by)
    return published


def drop(*, draft: SchemeDraft, reason: str, by: Actor) -> SchemeDraft:
    """Given up, kept readable. Raises DraftRefused, NotAllowed."""
    return _scheme(DESK.drop(draft, reason, by))


def _scheme(draft: object) -> SchemeDraft:
    assert isinstance(draft, SchemeDraft)
    return draft


def _create(content: Content, published: PublishedScheme | None, words: str, by: Actor) -> SchemeDraft:
    return _scheme(DESK.create(content, words, by, begun_from=published))


def _edit(
    draft: SchemeDraft, seen: int, place: str, words: str, change: Callable[[Content], Content], by: Actor
) -> SchemeDraft:
    return _scheme(DESK.edit(draft, seen, place, words, change, by))
