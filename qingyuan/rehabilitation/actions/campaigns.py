"""The only writers of campaigns and of the lines of their frames.

The office issues a campaign and the frame is drawn in the same transaction, without anybody seeing a name; how a line ended is said by
the unit whose line it is; that a person has moved counts from the day the other unit signs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qingyuan.foundation import audit, clock
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.words import Problem
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Draft
from qingyuan.ledgers.keys import key_of
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Division, DivisionPath, Unit
from qingyuan.organisation.scope import may
from qingyuan.rehabilitation import campaigns as reads
from qingyuan.rehabilitation.campaigns import CODE, LINES
from qingyuan.rehabilitation.enums import EndState
from qingyuan.rehabilitation.models import Campaign, CampaignLine
from qingyuan.rehabilitation.rules import campaign as rules

AT_ONCE: Final = 500
LONGEST: Final = 300


class CampaignRefused(ValueError):
    """Nothing was done; ``problems`` or the message say why and what to do."""

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = list(problems)


@transaction.atomic
def issue(
    *, title: str, document_number: str, starts_on: date, ends_on: date, reference_on: date, places: Sequence[Division], by: Actor
) -> Campaign:
    """Issue the campaign and draw its frame from the ledgers as they stand now. Raises CampaignRefused."""
    on = clock.today()
    if by.unit_id is None or by.division_id is None or not reads.may_issue(by, on):
        raise CampaignRefused(_("普查由市禁毒办印发。"))
    _check(title, document_number, starts_on, ends_on, reference_on, places, by, on)
    if Campaign.objects.filter(unit_id=by.unit_id, document_number=document_number.strip(), withdrawn_at=None).exists():
        raise CampaignRefused(_("这个文号已经印发过一次普查,请核对文号。"))
    try:
        with transaction.atomic():
            made = Campaign.objects.create(
                unit_id=by.unit_id,
                division_id=by.division_id,
                title=title.strip()[:80],
                document_number=document_number.strip(),
                starts_on=starts_on,
                ends_on=ends_on,
                reference_on=reference_on,
                place_ids=sorted({place.pk for place in places}),
                issued_at=clock.now(),
                issued_by_id=by.account_id,
                issued_by_name=by.name[:40],
            )
    except IntegrityError as error:
        raise CampaignRefused(_("这个文号已经印发过一次普查,请核对文号。")) from error
    _draw(made, on)
    audit.record_write(
        by=by, act="campaigns.issue", ledger=CODE, row_id=made.pk, division_id=made.division_id, summary=made.document_number
    )
    return made


def _check(
    title: str, number: str, starts_on: date, ends_on: date, reference_on: date, places: Sequence[Division], by: Actor, on: date
) -> None:
    if not title.strip() or not number.strip():
        raise CampaignRefused(_("请填名称和印发文号。"))
    if ends_on < starts_on:
        raise CampaignRefused(_("结束日期早于开始日期,请核对。"))
    if reference_on > on or reference_on > starts_on:
        raise CampaignRefused(_("名册基准日不能在今天或开始日期之后:名册是那一天台账上的人。"))
    if not places:
        raise CampaignRefused(_("请至少选一个范围。"))
    under = DivisionPath.objects.on(on).filter(ancestor_id=by.division_id, descendant_id__in=[place.pk for place in places])
    if under.count() != len({place.pk for place in places}):
        raise CampaignRefused(_("范围要在本级区划以内。"))


def new_line(*, campaign: Campaign, client_id: UUID, unit_id: int, division_id: int, rows: Mapping[str, Any]) -> Any:
    """A line of the frame, not yet stored; ``rows``: the keys of the register's rows it stands for, by the line's attribute."""
    whose = {"campaign_id": campaign.pk, "client_id": client_id}
    draft = Draft(number=0, values={}, extra=whose, unit_id=unit_id, division_id=division_id)
    return CampaignLine(
        **whose,
        unit_id=unit_id,
        division_id=division_id,
        key=key_of(registry.get(LINES), draft),
        listed_on=campaign.reference_on,
        recorded_at=clock.now(),
        recorded_by_id=campaign.issued_by_id,
        **rows,
    )


def _draw(campaign: Campaign, on: date) -> None:
    lines = [
        new_line(
            campaign=campaign,
            client_id=client_id,
            unit_id=unit_id,
            division_id=found.division_id,
            rows={f"{name}_id": pk for name, pk in found.rows.items()},
        )
        for (client_id, unit_id), found in reads.drawn(campaign.place_ids, campaign.reference_on, on).items()
    ]
    for start in range(0, len(lines), AT_ONCE):
        CampaignLine.frame.bulk_create(lines[start : start + AT_ONCE])


@transaction.atomic
def withdraw(*, campaign: Campaign, reason: str, by: Actor) -> Campaign:
    """What should not have been issued ends, while nobody has been accounted for. Raises CampaignRefused."""
    held = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if held.unit_id != by.unit_id or not reads.may_issue(by, clock.today()):
        raise CampaignRefused(_("普查由印发它的单位撤回。"))
    if held.withdrawn_at is not None:
        raise CampaignRefused(_("已经撤回过了。"))
    if not reason.strip():
        raise CampaignRefused(_("请写明为什么撤回。"))
    # Its lines are locked before they are asked: nobody says of one how it ended while the campaign is being taken back.
    list(CampaignLine.frame.select_for_update().filter(campaign=held).order_by("client_id", "pk").values_list("pk", flat=True))
    if CampaignLine.frame.filter(campaign=held).exclude(state="").exists():
        raise CampaignRefused(_("各地已经开始登记核查结果,不能撤回;需要调整的另行印发。"))
    held.withdrawn_at, held.withdrawn_by_id, held.withdrawn_by_name = clock.now(), by.account_id, by.name[:40]
    held.void_reason = reason.strip()[:200]
    held.save()
    audit.record_write(by=by, act="campaigns.withdraw", ledger=CODE, row_id=held.pk, division_id=held.division_id, reason=held.void_reason)
    return held


@transaction.atomic
def say(
    *,
    line: Any,
    state: str,
    by: Actor,
    version: int,
    happened_on: date | None = None,
    paper_number: str = "",
    words: str = "",
    to_unit: Unit | None = None,
    to_place: str = "",
) -> Any:
    """How a line ended, on what evidence; said again it replaces what was said, and the log keeps both. Raises CampaignRefused.

    ``version``: as it was read; somebody else may have said it meanwhile."""
    held = locked(line)
    if held is None or not _may(held, by):
        raise CampaignRefused(_("这一行由这个人的社工或者本单位禁毒专干登记。"))
    if held.version != version:
        raise CampaignRefused(_("这一行刚被别人登记过,请刷新后核对再填。"))
    if held.accepted_at is not None:
        raise CampaignRefused(_("对方单位已经签收,由那里继续核查;需要更正的请那里先说明。"))
    if to_unit is not None and (state != EndState.ELSEWHERE or to_unit.pk == held.unit_id):
        to_unit = None
    to_place = to_place if state == EndState.ELSEWHERE else ""
    given = {"state": state, "happened_on": happened_on, "paper_number": paper_number, "words": words, "to_place": to_place}
    if wrong := wrong_with(held, given, inside=to_unit is not None):
        raise CampaignRefused(wrong[0].message, wrong)
    before = _told(held)
    held.state, held.happened_on, held.paper_number = state, happened_on, paper_number.strip()[:60]
    held.words, held.to_unit, held.to_place = words.strip()[:LONGEST], to_unit, to_place.strip()[:120]
    held.said_at, held.said_by_id, held.said_by_name = clock.now(), by.account_id, by.name[:40]
    held.refused_words = ""
    _save(held, "campaign-lines.say", before, by)
    return held


def locked(line: Any) -> Any | None:
    """The line as it stands, its person's lines locked: they are decided one after the other, so that two units cannot both call
    theirs the duplicate at once. None when it is no longer open to anybody."""
    everyone = CampaignLine.objects.select_for_update(of=("self",)).filter(campaign_id=line.campaign_id, client_id=line.client_id)
    held = next((one for one in everyone.select_related("client", "campaign").order_by("pk") if one.pk == line.pk), None)
    # Asked again behind the lock: whoever waited for it read the campaign before it was taken back.
    return held if Campaign.objects.filter(pk=line.campaign_id, withdrawn_at=None).exists() else None


def wrong_with(line: Any, given: Mapping[str, Any], *, inside: bool) -> list[Problem]:
    """What is missing for ``given`` to be an end of the line; ``inside``: another unit of the city is named."""
    said = rules.Said(
        state=given["state"] or "",
        happened_on=given["happened_on"],
        paper_number=given["paper_number"] or "",
        words=given["words"] or "",
        inside=inside,
        to_place=given["to_place"] or "",
        isolated=reads.isolated_on(line.client_id, given["happened_on"]),
        others=reads.others_of(line),
    )
    return rules.problems(said, starts_on=line.campaign.starts_on, on=clock.today())


@transaction.atomic
def sign_for(*, line: Any, by: Actor) -> Any:
    """The unit that was named says the person is here: it gets a line of its own, which is open. Raises CampaignRefused."""
    locked(line)  # two units that hand on the same person are signed for one after the other, and make one line here
    held = _offered(line, by)
    before = _told(held)
    held.accepted_at, held.accepted_by_id, held.accepted_by_name = clock.now(), by.account_id, by.name[:40]
    _save(held, "campaign-lines.sign_for", before, by)
    theirs = CampaignLine.frame.filter(campaign_id=held.campaign_id, client_id=held.client_id, unit_id=by.unit_id)
    if not theirs.exists():
        rows = {"measure_id": held.measure_id, "isolation_id": held.isolation_id, "control_id": held.control_id, "received_from_id": held.pk}
        made = new_line(
            campaign=held.campaign, client_id=held.client_id, unit_id=by.unit_id or 0, division_id=by.division_id or 0, rows=rows
        )
        made.save(force_insert=True)
    return held


@transaction.atomic
def turn_down(*, line: Any, words: str, by: Actor) -> Any:
    """The unit that was named says the person is not here: the line is open again where it was. Raises CampaignRefused."""
    held = _offered(line, by)
    if not words.strip():
        raise CampaignRefused(_("不接收的,请写明查过什么。"))
    before = _told(held)
    held.state, held.happened_on, held.paper_number, held.words = "", None, "", ""
    held.said_at, held.said_by_id, held.said_by_name = None, None, ""
    held.to_unit, held.refused_words = None, words.strip()[:LONGEST]
    _save(held, "campaign-lines.turn_down", before, by)
    return held


@transaction.atomic
def clear(*, campaign: Campaign, by: Actor) -> int:
    """What was written on the lines goes, on the rows and in the log; how each ended stays, for the totals. Returns how many lines.

    Whoever calls this has an approved plan (``journeys.retention``)."""
    lines = CampaignLine.frame.select_for_update().filter(campaign=campaign, said_by_id__isnull=False).order_by("client_id", "pk")
    keys = list(lines.values_list("pk", flat=True))
    gone = {"words": "", "to_place": "", "refused_words": "", "paper_number": "", "said_by_id": None, "said_by_name": gettext_noop("(到期删去)")}
    for start in range(0, len(keys), AT_ONCE):
        CampaignLine.frame.filter(pk__in=keys[start : start + AT_ONCE]).update(**gone, version=F("version") + 1)
    for key in keys:
        audit.seal_record_key(key)
    audit.record_write(by=by, act="campaigns.clear", ledger=CODE, row_id=campaign.pk, division_id=campaign.division_id, summary=str(len(keys)))
    return len(keys)


def _offered(line: Any, by: Actor) -> Any:
    held = reads.offered(by, clock.today()).select_for_update(of=("self",)).filter(pk=line.pk).first()
    if held is None:
        raise CampaignRefused(_("这一行没有在等您的单位签收,可能已经答复或者撤回。"))
    return held


def _may(line: Any, by: Actor) -> bool:
    if line.unit_id != by.unit_id:
        return False
    return may(
        by, Action.CHANGE, compartment=Compartment.COMMUNITY, ledger=LINES, on=clock.today(),
        division_id=line.division_id, unit_id=line.unit_id, caseworker_id=line.client.caseworker_id or 0,
    ).allowed  # fmt: skip


def _told(line: Any) -> dict[str, Any]:
    """What the log keeps of a line: no words, no place, no name."""
    return {
        "state": line.state,
        "happened_on": line.happened_on.isoformat() if line.happened_on else None,
        "paper_number": line.paper_number,
        "to_unit_id": line.to_unit_id,
        "accepted": line.accepted_at is not None,
    }


def _save(line: Any, act: str, before: dict[str, Any], by: Actor) -> None:
    line.version += 1
    line.save()
    delta = audit.RowDelta(
        row_id=line.pk, compartment=Compartment.COMMUNITY, before=before, after=_told(line), personal=frozenset({"paper_number"})
    )
    audit.record_write(by=by, act=act, ledger=LINES, rows=[delta], division_id=line.division_id)
