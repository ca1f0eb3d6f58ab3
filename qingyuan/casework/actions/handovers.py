"""The only writers of hand-overs. Ownership moves at one point: inside ``accept`` and ``reassign``, through the room's own action."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from qingyuan.casework.enums import HandOverState
from qingyuan.casework.handovers import owning, queries
from qingyuan.casework.handovers.owning import Held, Keeper, Owner
from qingyuan.casework.handovers.permissions import may_answer, may_give, may_reassign, may_withdraw
from qingyuan.casework.handovers.rules import REASONS, AlreadyAnswered, Move, after, answer_by
from qingyuan.casework.models import HandOver, HandOverRow
from qingyuan.foundation import audit, clock
from qingyuan.foundation.words import Decision
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Account, Division, Unit
from qingyuan.organisation.queries import city_pack
from qingyuan.organisation.rules import unit_side
from qingyuan.reference.catalogue import UnknownCode, get_list

MOST = 500
LONGEST = 300


class HandOverRefused(ValueError):
    """Nothing was handed over, answered or taken back; the message says why and what to do."""


@dataclass(frozen=True)
class Terms:
    """Why, and from which day the time to answer is counted (None = today)."""

    reason: str
    words: str
    counted_from: date | None = None


def _require(decision: Decision) -> None:
    if not decision.allowed:
        raise HandOverRefused(decision.reason)


@transaction.atomic
def offer(
    *,
    keeper: str,
    subjects: Sequence[UUID],
    to_unit: Unit,
    to_caseworker: Account | None,
    terms: Terms,
    by: Actor,
    on: date | None = None,
) -> HandOver:
    """Offer ``subjects`` with all their rows to a unit, or to a colleague of the own unit by name. The giver owns until it is
    accepted. ``on``: the day on which it was done, when that was on paper before today. Raises HandOverRefused."""
    on, room = _day(on), owning.get(keeper)
    held = _held(room, subjects)
    giver = held[0].owner
    if any(one.owner.unit_id != giver.unit_id for one in held):
        raise HandOverRefused(_("一份移交单只能移交同一个单位的人。"))
    _require(may_give(by, [one.owner for one in held], to_unit_id=to_unit.pk, on=on))
    _check_receiver(giver, to_unit, to_caseworker, on)
    _check_terms(terms, on)
    counted_from = terms.counted_from or on
    last = answer_by(terms.reason, counted_from, city_pack().code)
    made = HandOver.objects.create(
        keeper=keeper,
        unit_id=giver.unit_id,
        division_id=Unit.objects.get(pk=giver.unit_id).division_id,
        caseworker_id=_one_caseworker(held),
        to_unit=to_unit,
        to_division_id=to_unit.division_id,
        to_caseworker_id=to_caseworker.pk if to_caseworker else None,
        reason=terms.reason,
        words=terms.words.strip(),
        counted_from=counted_from,
        answer_by=last.day,
        basis=last.basis,
        offered_on=on,
        offered_at=clock.now(),
        offered_by_id=by.account_id,
        offered_by_name=by.name,
    )
    _name_rows(made, held, still_open=True)
    _record(made, "offer", by, terms.words, f"{made.unit_id}>{made.to_unit_id} {len(held)}")
    return made


@transaction.atomic
def accept(
    *,
    handover: HandOver,
    by: Actor,
    caseworker: Account | None = None,
    division: Division | None = None,
    on: date | None = None,
) -> HandOver:
    """The receiver signs: owner, division and caseworker of every named row and its open dues change, all or nothing.

    ``caseworker``: who takes them in the receiving unit (None = its supervisor); ``division``: where they live from now on.
    ``on``: the day it was signed for, when that was on paper before today. Raises HandOverRefused, also when the giver no
    longer owns what was offered.
    """
    on = _day(on, handover.offered_on)
    held = _locked(handover, Move.ACCEPT)
    _require(may_answer(by, held, on))
    room = owning.get(held.keeper)
    subjects = queries.subjects_of(held)
    now = room.held(subjects, True)
    _check_still_owned(held, now, subjects)
    taken_by = _taker(held, caseworker, on)
    place = _place(held, division, on)
    _name_rows(held, now, still_open=False, besides=set(held.rows.values_list("row_id", flat=True)))
    _answer(held, Move.ACCEPT, by, "", on=on, to_division_id=place, to_caseworker_id=taken_by)
    _move(room, held, subjects, by)
    _record(held, "accept", by, "", f"{held.unit_id}>{held.to_unit_id} {len(subjects)}")
    return held


@transaction.atomic
def refuse(*, handover: HandOver, why: str, by: Actor, on: date | None = None) -> HandOver:
    """The receiver does not take it; it stays with the giver. ``on`` as in ``accept``. Raises HandOverRefused."""
    on = _day(on, handover.offered_on)
    held = _locked(handover, Move.REFUSE)
    _require(may_answer(by, held, on))
    if not why.strip():
        raise HandOverRefused(_("请写明为什么不接收、应由谁负责。"))
    _answer(held, Move.REFUSE, by, why, on=on)
    _record(held, "refuse", by, why, "")
    return held


@transaction.atomic
def withdraw(*, handover: HandOver, why: str, by: Actor) -> HandOver:
    """The giver takes the offer back. Raises HandOverRefused."""
    held = _locked(handover, Move.WITHDRAW)
    _require(may_withdraw(by, held, clock.today()))
    if not why.strip():
        raise HandOverRefused(_("请写明撤回的原因。"))
    _answer(held, Move.WITHDRAW, by, why, on=clock.today())
    _record(held, "withdraw", by, why, "")
    return held


@transaction.atomic
def reassign(
    *, keeper: str, shares: Mapping[UUID, int | None], terms: Terms, by: Actor
) -> list[HandOver]:
    """Give subjects of one unit to its own workers at once: subject → account (None = the supervisor looks after it).

    One hand-over for each giver and receiver, in force at once: nobody has to accept, the reason stays. Raises HandOverRefused.
    """
    on, room = clock.today(), owning.get(keeper)
    held = _held(room, list(shares))
    unit_id = held[0].owner.unit_id
    if any(one.owner.unit_id != unit_id for one in held):
        raise HandOverRefused(_("只能在一个单位内重新分派。"))
    _require(may_reassign(by, unit_id, on))
    _check_terms(terms, on)
    able = {account.pk for account in queries.workers(unit_id, on)}
    if any(worker is not None and worker not in able for worker in shares.values()):
        raise HandOverRefused(_("只能分给本单位现有的社工或者禁毒专干。"))
    moving: dict[tuple[int | None, int | None], list[Held]] = {}
    for one in held:
        if one.owner.caseworker_id != shares[one.subject]:
            moving.setdefault((one.owner.caseworker_id, shares[one.subject]), []).append(one)
    if not moving:
        raise HandOverRefused(_("没有变动:选的人已经由他负责。"))
    unit = Unit.objects.get(pk=unit_id)
    return [_given_at_once(room, unit, pair, group, terms, by) for pair, group in moving.items()]


def _given_at_once(
    room: Keeper,
    unit: Unit,
    pair: tuple[int | None, int | None],
    group: Sequence[Held],
    terms: Terms,
    by: Actor,
) -> HandOver:
    """One hand-over inside a unit, from one caseworker to another, in force at once. ``pair``: their accounts."""
    on, at = clock.today(), clock.now()
    made = HandOver.objects.create(
        keeper=room.code,
        unit=unit,
        division_id=unit.division_id,
        caseworker_id=pair[0],
        to_unit=unit,
        to_division_id=unit.division_id,
        to_caseworker_id=pair[1],
        reason=terms.reason,
        words=terms.words.strip(),
        counted_from=on,
        state=HandOverState.ACCEPTED,
        offered_on=on,
        offered_at=at,
        offered_by_id=by.account_id,
        offered_by_name=by.name,
        answered_on=on,
        answered_at=at,
        answered_by_id=by.account_id,
        answered_by_name=by.name,
    )
    _name_rows(made, group, still_open=False)
    _move(room, made, [one.subject for one in group], by)
    _record(made, "reassign", by, terms.words, f"{unit.pk} {len(group)}")
    return made


def _day(on: date | None, earliest: date | None = None) -> date:
    """The day of an act: today, or one before it. Raises HandOverRefused."""
    today = clock.today()
    if on is not None and (on > today or (earliest is not None and on < earliest)):
        raise HandOverRefused(_("办理日期不能在今天之后,也不能早于移交之日。"))
    return on or today


def _held(room: Keeper, subjects: Sequence[UUID]) -> list[Held]:
    """The subjects with their rows, locked. Raises HandOverRefused when one is not there or already under way."""
    wanted = list(dict.fromkeys(subjects))
    if not wanted:
        raise HandOverRefused(_("请先选要移交的人。"))
    if len(wanted) > MOST:
        raise HandOverRefused(_("一次最多移交 %(most)d 人,请分几次。") % {"most": MOST})
    held = room.held(wanted, True)
    if {one.subject for one in held} != set(wanted):
        raise HandOverRefused(_("选的人里有的已经没有正在执行的措施,请刷新后重选。"))
    if queries.under_offer(wanted):
        raise HandOverRefused(_("选的人里有的正在移交、等对方答复:先撤回那一份,或等答复。"))
    return held


def _one_caseworker(held: Sequence[Held]) -> int | None:
    """The caseworker of all of them, if they have one; an offer of several workers' people is the supervisor's."""
    found = {one.owner.caseworker_id for one in held}
    return found.pop() if len(found) == 1 else None


def _check_receiver(giver: Owner, to_unit: Unit, to_caseworker: Account | None, on: date) -> None:
    """Same side of the wall, and somebody there who can answer."""
    own = Unit.objects.get(pk=giver.unit_id)
    if to_unit.pk == own.pk:
        able = {account.pk for account in queries.workers(own.pk, on)}
        if to_caseworker is None or to_caseworker.pk not in able:
            raise HandOverRefused(_("在本单位内移交,请选一位现有的同事。"))
        if to_caseworker.pk == giver.caseworker_id:
            raise HandOverRefused(_("移出和接收是同一个人。"))
        return
    if to_caseworker is not None:
        raise HandOverRefused(_("移交到别的单位时,由对方单位定经办人。"))
    if unit_side(to_unit.kind, to_unit.zone) != unit_side(own.kind, own.zone):
        raise HandOverRefused(_("对方单位在墙的另一边,不能接收社区戒毒社区康复的记录。"))
    if to_unit.pk not in {unit.pk for unit in queries.receivers(own, on)}:
        raise HandOverRefused(_("对方单位现在没有禁毒专干账号可以签收,请先联系安全管理员。"))


def _check_terms(terms: Terms, on: date) -> None:
    try:
        reason = get_list(REASONS).require(terms.reason)
    except UnknownCode:
        raise HandOverRefused(_("请从列表里选移交原因。")) from None
    if not terms.words.strip():
        raise HandOverRefused(_("请写移交说明。"))
    if len(terms.words) > LONGEST:
        raise HandOverRefused(_("移交说明最多 %(most)d 字。") % {"most": LONGEST})
    counted = terms.counted_from or on
    if counted > on:
        raise HandOverRefused(_("起算日不能在今天之后。"))
    if reason.valid_from is not None and counted < reason.valid_from:
        raise HandOverRefused(_("起算日早于这一原因的依据生效之日,请核对。"))


def _name_rows(
    handover: HandOver, held: Sequence[Held], *, still_open: bool, besides: Collection[UUID] = ()
) -> None:
    """Write down which rows go. ``besides``: those named before; what came to a person since then goes with them."""
    rows = [
        HandOverRow(
            handover=handover,
            ledger=row.ledger,
            row_id=row.row_id,
            subject_id=one.subject,
            division_id=row.division_id,
            open=still_open,
        )
        for one in held
        for row in one.rows
        if row.row_id not in besides
    ]
    try:
        with transaction.atomic():
            HandOverRow.objects.bulk_create(rows, batch_size=500)
    except IntegrityError:
        # Two people offered the same row at one time; the index lets one through.
        raise HandOverRefused(_("选的人里有的刚被别人移交,请刷新后再看。")) from None


def _locked(handover: HandOver, move: Move) -> HandOver:
    """The offer, held until the transaction ends. Raises HandOverRefused when it has been answered meanwhile."""
    held = HandOver.objects.select_for_update(of=("self",)).get(pk=handover.pk)
    try:
        after(held.state, move)
    except AlreadyAnswered:
        raise HandOverRefused(
            _("这份移交单%(who)s已于 %(day)s 办过:%(state)s。没有再变动。")
            % {
                "who": held.answered_by_name,
                "day": held.answered_on.isoformat() if held.answered_on else "",
                "state": HandOverState(held.state).label,
            }
        ) from None
    return held


def _check_still_owned(handover: HandOver, held: Sequence[Held], subjects: Sequence[UUID]) -> None:
    """What the giver no longer owns, or what has ended, cannot be taken from him."""
    if {one.subject for one in held} != set(subjects):
        raise HandOverRefused(_("移交的人里有的已经没有正在执行的措施,不能接收:请移出单位撤回,重新移交。"))
    moved = [one for one in held if one.owner.unit_id != handover.unit_id]
    if handover.within and handover.caseworker_id is not None:
        moved += [one for one in held if one.owner.caseworker_id != handover.caseworker_id]
    if moved:
        raise HandOverRefused(_("移出方已经不负责其中的人了,不能从他那里接收:请移出单位撤回,由现在负责的人移交。"))


def _taker(handover: HandOver, caseworker: Account | None, on: date) -> int | None:
    """The account that takes the cases. Raises HandOverRefused unless it works there."""
    wanted = caseworker.pk if caseworker else handover.to_caseworker_id
    if wanted is not None and wanted not in {account.pk for account in queries.workers(handover.to_unit_id, on)}:
        raise HandOverRefused(_("经办人要是接收单位现有的社工或者禁毒专干。"))
    if handover.within and handover.to_caseworker_id is not None and wanted != handover.to_caseworker_id:
        raise HandOverRefused(_("这份移交单写明由谁接收,要换人的,请撤回重新移交。"))
    return wanted


def _place(handover: HandOver, division: Division | None, on: date) -> int:
    """The new place, which lies under the receiving unit's own division."""
    home = handover.to_unit.division_id
    if division is None:
        return home
    if not Division.objects.under(home, on).filter(pk=division.pk).exists():
        raise HandOverRefused(_("新执行地要在接收单位的辖区内。"))
    return division.pk


def _answer(
    held: HandOver,
    move: Move,
    by: Actor,
    words: str,
    *,
    on: date,
    to_division_id: int | None = None,
    to_caseworker_id: int | None = None,
) -> None:
    held.state = after(held.state, move)
    held.answered_on, held.answered_at = on, clock.now()
    held.answered_by_id, held.answered_by_name, held.answer = by.account_id, by.name, words.strip()[:LONGEST]
    if to_division_id is not None:
        held.to_division_id, held.to_caseworker_id = to_division_id, to_caseworker_id
    held.save()
    HandOverRow.objects.filter(handover=held).update(open=False)


def _move(room: Keeper, handover: HandOver, subjects: Sequence[UUID], by: Actor) -> None:
    to = Owner(handover.to_division_id, handover.to_unit_id, handover.to_caseworker_id)
    room.move(subjects, to=to, by=by, on=clock.today(), reason=get_list(REASONS).label(handover.reason))


def _record(handover: HandOver, act: str, by: Actor, words: str, summary: str) -> None:
    audit.record_write(
        by=by,
        act=f"handovers.{act}",
        ledger=queries.GIVEN,
        row_id=handover.pk,
        division_id=handover.division_id,
        reason=words.strip(),
        summary=summary,
    )
