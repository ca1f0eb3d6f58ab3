"""The desk at which a text is written by several and published by another: edits kept, nothing overwritten unseen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qingyuan.foundation import audit, clock
from qingyuan.foundation.enums import Compartment
from qingyuan.governance.enums import DraftState
from qingyuan.governance.permissions import may_decide_draft, may_draft_scheme, require
from qingyuan.governance.queries.desk_drafts import latest_edit_of, writers_of
from qingyuan.organisation.actor import Actor

Content = dict[str, Any]


class DraftRefused(ValueError):
    """The draft cannot take this step; the message says why and what to do."""


class EditedMeanwhile(DraftRefused):
    """Somebody else saved the same place after this writer opened it; nothing of either is lost. ``other`` is that edit."""

    def __init__(self, other: Any) -> None:
        self.other = other
        words = _("%(who)s 在您打开以后改过这里(%(what)s)。您填的都还在下面,没有存;请对照后再存。")
        super().__init__(words % {"who": other.by_name, "what": other.words})


@dataclass(frozen=True)
class DraftDesk:
    """``drafts``, ``revisions``: the models; ``acts``: how the audit names what is done («scheme-drafts»); ``ledger``: of whose log.

    ``read`` raises where a content cannot be read at all; ``as_text`` is its canonical text, ``from_text`` back.
    """

    drafts: Any
    revisions: Any
    acts: str
    ledger: str
    as_text: Callable[[Content], str]
    from_text: Callable[[str], Content]
    read: Callable[[Content], Any]

    def create(self, content: Content, words: str, by: Actor, **more: Any) -> Any:
        """Raises DraftRefused for an account without a unit."""
        now = clock.now()
        if by.division_id is None:
            raise DraftRefused(_("您的账号没有单位,不能起草。"))
        draft = self.drafts.objects.create(
            city_id=by.division_id, content=self.as_text(content), begun_at=now, changed_at=now, changed_by_name=by.name, **more
        )
        self._revise(draft, "", words, by, before=None)
        return draft

    @transaction.atomic
    def edit(self, draft: Any, seen: int, place: str, words: str, change: Callable[[Content], Content], by: Actor) -> Any:
        """Raises EditedMeanwhile, DraftRefused, NotAllowed, and what ``read`` raises."""
        draft = self.locked(draft, DraftState.OPEN)
        require(may_draft_scheme(by, draft.city_id, clock.today()))
        other = latest_edit_of(draft, place, seen)
        if other is not None and place != "new":
            raise EditedMeanwhile(other)
        try:
            content = change(self.from_text(draft.content))
        except KeyError as error:
            raise DraftRefused(_("这一组或这一条刚刚被移出,可以先把它放回。")) from error
        self.read(content)
        before = {"revision": draft.revision}
        draft.content, draft.revision = self.as_text(content), draft.revision + 1
        draft.changed_at, draft.changed_by_name = clock.now(), by.name
        draft.save(update_fields=["content", "revision", "changed_at", "changed_by_name"])
        self._revise(draft, place, words, by, before)
        return draft

    def go_back(self, draft: Any, seen: int, number: int, by: Actor) -> Any:
        """The content of an earlier revision as a new one; nothing of the history is dropped. Raises as ``edit``."""
        kept = draft.revisions.filter(number=number).first()
        if kept is None:
            raise DraftRefused(_("没有这一次修改。"))
        words = gettext_noop("恢复到第 %(number)s 次修改后的样子") % {"number": number}
        return self.edit(draft, seen, "", words, lambda _content: self.from_text(kept.content), by)

    @transaction.atomic
    def submit(self, draft: Any, left: Callable[[Content], int], by: Actor) -> Any:
        """Hand to a second person. ``left``: how many places are still to be put right. Raises DraftRefused, NotAllowed."""
        draft = self.locked(draft, DraftState.OPEN)
        require(may_draft_scheme(by, draft.city_id, clock.today()))
        if count := left(self.from_text(draft.content)):
            raise DraftRefused(_("还有 %(count)s 处要改,改好再送。") % {"count": count})
        draft.sent_back = ""
        return self.to(draft, DraftState.SUBMITTED, by)

    @transaction.atomic
    def send_back(self, draft: Any, reason: str, by: Actor) -> Any:
        """Back to the writers with a reason. Raises DraftRefused, NotAllowed."""
        draft = self.locked(draft, DraftState.SUBMITTED)
        require(may_decide_draft(by, draft.city_id, clock.today()))
        if not reason.strip():
            raise DraftRefused(_("请写明退回的理由。"))
        draft.sent_back = reason.strip()[:200]
        return self.to(draft, DraftState.OPEN, by)

    @transaction.atomic
    def drop(self, draft: Any, reason: str, by: Actor) -> Any:
        """Given up, kept readable. Raises DraftRefused, NotAllowed."""
        draft = self.locked(draft, DraftState.OPEN)
        require(may_draft_scheme(by, draft.city_id, clock.today()))
        if not reason.strip():
            raise DraftRefused(_("请写明放弃的理由。"))
        draft.sent_back = reason.strip()[:200]
        return self.to(draft, DraftState.DROPPED, by)

    def for_publishing(self, draft: Any, by: Actor) -> Any:
        """The draft, locked, before somebody who wrote none of it. Raises DraftRefused, NotAllowed."""
        draft = self.locked(draft, DraftState.SUBMITTED)
        require(may_decide_draft(by, draft.city_id, clock.today()))
        if by.account_id is None or by.account_id in writers_of(draft):
            raise DraftRefused(_("起草和修改过的人不能发布,请另一位有权的同志发布。"))
        return draft

    def locked(self, draft: Any, state: DraftState) -> Any:
        """The draft as it stands now, locked. Raises DraftRefused in another state."""
        found = self.drafts.objects.select_for_update(of=("self",)).get(pk=draft.pk)
        if found.state != state:
            words = _("这份草稿现在是“%(state)s”,不能办这一步。")
            raise DraftRefused(words % {"state": DraftState(found.state).label})
        return found

    def to(self, draft: Any, state: DraftState, by: Actor) -> Any:
        before = {"state": str(draft.state)}
        draft.state = state
        draft.save(update_fields=["state", "sent_back", "published"])
        after = {"state": str(state)} | ({"reason": draft.sent_back} if draft.sent_back else {})
        self._audit(draft, str(state), by, before, after)
        return draft

    def _revise(self, draft: Any, place: str, words: str, by: Actor, before: dict[str, Any] | None) -> None:
        self.revisions.objects.create(
            draft=draft,
            number=draft.revision,
            place=place,
            words=words[:200],
            content=draft.content,
            made_at=draft.changed_at,
            by_id=by.account_id,
            by_name=by.name,
        )
        self._audit(draft, "edit" if before else "begin", by, before, {"revision": draft.revision, "what": words[:200]})

    def _audit(self, draft: Any, act: str, by: Actor, before: dict[str, Any] | None, after: dict[str, Any]) -> None:
        delta = audit.RowDelta(row_id=draft.pk, compartment=Compartment.INTERNAL, before=before, after=after)
        audit.record_write(by=by, act=f"{self.acts}.{act}", ledger=self.ledger, rows=[delta], division_id=draft.city_id)
