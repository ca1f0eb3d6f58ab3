"""Writing a scheme at the desk: each edit is a revision with who and when; a second person publishes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.foundation import audit, clock
from qingyuan.foundation.enums import Compartment
from qingyuan.governance.actions.schemes import LEDGER, publish_scheme
from qingyuan.governance.enums import DraftState
from qingyuan.governance.models import PublishedScheme, SchemeDraft, SchemeRevision
from qingyuan.governance.permissions import may_decide_draft, may_draft_scheme, require
from qingyuan.governance.queries.scheme_drafts import checked, content_of, latest_edit_of, writers_of
from qingyuan.governance.queries.schemes import scheme_of
from qingyuan.governance.rules.drafts import for_year, next_version
from qingyuan.governance.scoring import drafting
from qingyuan.governance.scoring.drafting import Content
from qingyuan.governance.scoring.serialise import canonical, read_scheme
from qingyuan.organisation.actor import Actor


class DraftRefused(ValueError):
    """The draft cannot take this step; the message says why and what to do."""


class EditedMeanwhile(DraftRefused):
    """Somebody else saved the same place after this writer opened it; nothing of either is lost. ``other`` is that edit."""

    def __init__(self, other: SchemeRevision) -> None:
        self.other = other
        words = _("%(who)s 在您打开以后改过这里(%(what)s)。您填的都还在下面,没有存;请对照后再存。")
        super().__init__(words % {"who": other.by_name, "what": other.words})


@transaction.atomic
def begin(*, by: Actor, year: int, published: PublishedScheme | None = None, code: str = "", title: str = "") -> SchemeDraft:
    """A draft of a published sheet's next version, or an empty sheet. Raises DraftRefused, NotAllowed, queries' SchemeChanged."""
    require(may_draft_scheme(by, by.division_id, clock.today()))
    if published is not None:
        taken = set(PublishedScheme.objects.filter(code=published.code, year=year).values_list("version", flat=True))
        scheme = for_year(scheme_of(published), year, next_version(published.version, taken))
        words = _("由%(year)s年第%(version)s版起草") % {"year": published.year, "version": published.version}
        return _create(drafting.from_scheme(scheme), published, words, by)
    if not code.strip() or not title.strip():
        raise DraftRefused(_("请填代号和名称。"))
    return _create(drafting.empty(code.strip()[:40], title.strip()[:120], year), None, _("新起草"), by)


@transaction.atomic
def take_in(*, text: str, by: Actor) -> SchemeDraft:
    """A draft from a YAML or JSON file. Raises SchemeUnreadable with every wrong field, NotAllowed."""
    require(may_draft_scheme(by, by.division_id, clock.today()))
    return _create(drafting.from_scheme(read_scheme(text)), None, _("由文件导入"), by)


def set_sheet(*, draft: SchemeDraft, seen: int, data: Mapping[str, Any], by: Actor) -> SchemeDraft:
    """Raises EditedMeanwhile, DraftRefused, SchemeUnreadable, NotAllowed."""
    words = _("改全文的规定")
    return _edit(draft, seen, drafting.SHEET, words, lambda content: drafting.with_sheet(content, data), by)


@transaction.atomic
def set_group(*, draft: SchemeDraft, seen: int, key: str, data: Mapping[str, Any], by: Actor) -> str:
    """The group's key; an empty ``key`` adds one. Raises as ``set_sheet``."""
    made: list[str] = []

    def change(content: Content) -> Content:
        changed, found = drafting.with_group(content, key, data)
        made.append(found)
        return changed

    words = _("改第 %(id)s 组") if key else _("加第 %(id)s 组")
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

    words = (_("改条款 %(id)s %(title)s") if key else _("加条款 %(id)s %(title)s")) % {
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
    words = {"up": _("上移"), "down": _("下移"), "remove": _("移出"), "restore": _("放回")}[step]
    rows = [*(content := content_of(draft))["groups"], *content["clauses"], *content["removed"]]
    named = next((f"{one['data'].get('id', '')} {one['data'].get('title', '')}" for one in rows if one["key"] == key), "")
    return _edit(draft, seen, key, f"{words} {named}", lambda found: change(found, key), by)


def go_back(*, draft: SchemeDraft, seen: int, number: int, by: Actor) -> SchemeDraft:
    """The content of an earlier revision as a new one; nothing of the history is dropped. Raises as ``set_sheet``."""
    kept = SchemeRevision.objects.filter(draft=draft, number=number).first()
    if kept is None:
        raise DraftRefused(_("没有这一次修改。"))
    words = _("恢复到第 %(number)s 次修改后的样子") % {"number": number}
    return _edit(draft, seen, "", words, lambda _content: drafting.from_text(kept.content), by)


@transaction.atomic
def submit(*, draft: SchemeDraft, by: Actor) -> SchemeDraft:
    """Hand to a second person. Raises DraftRefused while anything is wrong or open, NotAllowed."""
    draft = _locked(draft, DraftState.OPEN)
    require(may_draft_scheme(by, draft.city_id, clock.today()))
    found = checked(content_of(draft))
    if not found.ready:
        count = len(found.problems) + len(found.open_texts)
        raise DraftRefused(_("还有 %(count)s 处要改,改好再送。") % {"count": count})
    draft.sent_back = ""
    return _to(draft, DraftState.SUBMITTED, by)


@transaction.atomic
def send_back(*, draft: SchemeDraft, reason: str, by: Actor) -> SchemeDraft:
    """Back to the writers with a reason. Raises DraftRefused, NotAllowed."""
    draft = _locked(draft, DraftState.SUBMITTED)
    require(may_decide_draft(by, draft.city_id, clock.today()))
    if not reason.strip():
        raise DraftRefused(_("请写明退回的理由。"))
    draft.sent_back = reason.strip()[:200]
    return _to(draft, DraftState.OPEN, by)


@transaction.atomic
def publish(*, draft: SchemeDraft, by: Actor) -> PublishedScheme:
    """A new dated version by somebody who wrote none of it. Letters keep the version they were signed under.

    Raises DraftRefused, schemes' SchemeRefused, NotAllowed.
    """
    draft = _locked(draft, DraftState.SUBMITTED)
    require(may_decide_draft(by, draft.city_id, clock.today()))
    if by.account_id is None or by.account_id in writers_of(draft):
        raise DraftRefused(_("起草和修改过的人不能发布,请另一位有权的同志发布。"))
    published = publish_scheme(text=canonical(drafting.sheet_data(content_of(draft))), by=by)
    draft.published = published
    _to(draft, DraftState.PUBLISHED, by)
    return published


@transaction.atomic
def drop(*, draft: SchemeDraft, reason: str, by: Actor) -> SchemeDraft:
    """Given up, kept readable. Raises DraftRefused, NotAllowed."""
    draft = _locked(draft, DraftState.OPEN)
    require(may_draft_scheme(by, draft.city_id, clock.today()))
    if not reason.strip():
        raise DraftRefused(_("请写明放弃的理由。"))
    draft.sent_back = reason.strip()[:200]
    return _to(draft, DraftState.DROPPED, by)


def _create(content: Content, published: PublishedScheme | None, words: str, by: Actor) -> SchemeDraft:
    now = clock.now()
    if by.division_id is None:
        raise DraftRefused(_("您的账号没有单位,不能起草考核办法。"))
    draft = SchemeDraft.objects.create(
        city_id=by.division_id,
        begun_from=published,
        content=drafting.as_text(content),
        begun_at=now,
        changed_at=now,
        changed_by_name=by.name,
    )
    _revise(draft, "", words, by, before=None)
    return draft


@transaction.atomic
def _edit(
    draft: SchemeDraft, seen: int, place: str, words: str, change: Callable[[Content], Content], by: Actor
) -> SchemeDraft:
    draft = _locked(draft, DraftState.OPEN)
    require(may_draft_scheme(by, draft.city_id, clock.today()))
    other = latest_edit_of(draft, place, seen)
    if other is not None and place != "new":
        raise EditedMeanwhile(other)
    try:
        content = change(content_of(draft))
    except KeyError as error:
        raise DraftRefused(_("这一组或这一条刚刚被移出,可以先把它放回。")) from error
    drafting.scheme_of(content)
    before = {"revision": draft.revision}
    draft.content, draft.revision = drafting.as_text(content), draft.revision + 1
    draft.changed_at, draft.changed_by_name = clock.now(), by.name
    draft.save(update_fields=["content", "revision", "changed_at", "changed_by_name"])
    _revise(draft, place, words, by, before)
    return draft


def _locked(draft: SchemeDraft, state: DraftState) -> SchemeDraft:
    """The draft as it stands now, locked. Raises DraftRefused in another state."""
    found = SchemeDraft.objects.select_for_update().get(pk=draft.pk)
    if found.state != state:
        words = _("这份草稿现在是“%(state)s”,不能办这一步。")
        raise DraftRefused(words % {"state": DraftState(found.state).label})
    return found


def _revise(draft: SchemeDraft, place: str, words: str, by: Actor, before: dict[str, Any] | None) -> None:
    SchemeRevision.objects.create(
        draft=draft,
        number=draft.revision,
        place=place,
        words=words[:200],
        content=draft.content,
        made_at=draft.changed_at,
        by_id=by.account_id,
        by_name=by.name,
    )
    _audit(draft, "edit" if before else "begin", by, before, {"revision": draft.revision, "what": words[:200]})


def _to(draft: SchemeDraft, state: DraftState, by: Actor) -> SchemeDraft:
    before = {"state": str(draft.state)}
    draft.state = state
    draft.save(update_fields=["state", "sent_back", "published"])
    after = {"state": str(state)} | ({"reason": draft.sent_back} if draft.sent_back else {})
    _audit(draft, str(state), by, before, after)
    return draft


def _audit(draft: SchemeDraft, act: str, by: Actor, before: dict[str, Any] | None, after: dict[str, Any]) -> None:
    delta = audit.RowDelta(row_id=draft.pk, compartment=Compartment.INTERNAL, before=before, after=after)
    audit.record_write(by=by, act=f"scheme-drafts.{act}", ledger=LEDGER, rows=[delta], division_id=draft.city_id)
