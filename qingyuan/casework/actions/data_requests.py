"""The only writers of requests about one's own information: received, identity seen, collected, decided, handed over.

Nothing about anybody is looked up before the identity of who asks has been seen, so a refusal is worded alike whether the person is on
file or not. What is collected is given in by ``journeys/desk`` (it needs the ledgers); here it is only kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qingyuan.casework.desk import queries, table
from qingyuan.casework.enums import Asked, AskedBy, Asker, DeskState, HandedOver, Verdict
from qingyuan.casework.models import DataRequest, DataRequestItem, DataRequestSlip, DataRequestStep
from qingyuan.foundation import audit, clock, identity
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.ids import new_id
from qingyuan.foundation.kept_files import path_of, read_file, store_file
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Unit

LONGEST: Final = 500
_PLACE: Final = "casework.DataRequest.stored_as"


class DeskRefused(ValueError):
    """Nothing was done. ``wrong``: field → what to do, where single fields are at fault."""

    def __init__(self, message: str, wrong: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.wrong = dict(wrong or {})


@dataclass(frozen=True)
class About:
    """Whom a request is about and who makes it, as it was said at the desk."""

    name: str
    id_number: str
    asker_name: str = ""
    contact: str = ""
    words: str = ""


@dataclass(frozen=True)
class Found:
    """The rows of one ledger that are about the person; ``title`` as the copy calls it."""

    ledger: str
    title: str
    rows: Sequence[UUID]


@dataclass(frozen=True)
class Decided:
    """What was decided about one item; ``ground`` is a code of ``table.GROUNDS`` where it is refused."""

    verdict: Verdict
    ground: str = ""
    remark: str = ""


@transaction.atomic
def receive(
    *, kind: Asked, asker: Asker, came_by: AskedBy, received_on: date, about: About, by: Actor, own_request_id: UUID | None = None
) -> DataRequest:
    """Write down a request. Nobody is looked up. Raises DeskRefused with the fields at fault."""
    home = queries.home_of(by)
    if home is None or by.unit_id is None:
        raise DeskRefused(_("您的角色不受理个人信息请求,请交本单位受理的人。"))
    values = _values(kind, asker, about, received_on)
    unit = Unit.objects.get(pk=by.unit_id)
    made = DataRequest(
        unit=unit,
        division_id=unit.division_id,
        caseworker_id=None if queries.may_answer_some(by, home, clock.today()) else by.account_id,
        kind=kind,
        asker=asker,
        came_by=came_by,
        received_on=received_on,
        answer_by=queries.answer_by(received_on),
        own_request_id=own_request_id,
        received_at=clock.now(),
        received_by_id=by.account_id,
        received_by_name=by.name,
    )
    made.seal(values, home)
    made.save()
    _log(made, "receive", {}, by)
    return made


def _values(kind: Asked, asker: Asker, about: About, received_on: date) -> dict[str, str]:
    """The sealed values of a new request. Raises DeskRefused."""
    wrong: dict[str, str] = {}
    if not table.may_ask(kind, asker):
        wrong["asker"] = _("逝者的信息由近亲属请求,其他请求由本人、监护人或者受委托人提出。")
    if received_on > clock.today():
        wrong["received_on"] = _("收到日期在今天之后,请核对。")
    name = identity.normalise_name(about.name)
    if len(name) < 2:
        wrong["name"] = _("请写全姓名。")
    try:
        number = identity.parse(about.id_number.strip()).text
    except identity.BadIdentityNumber as error:
        number, wrong["id_number"] = "", str(error)
    if asker != Asker.SELF and not about.asker_name.strip():
        wrong["asker_name"] = _("请写提出人的姓名。")
    if kind in (Asked.CORRECT, Asked.DELETE) and not about.words.strip():
        wrong["words"] = _("请写明要更正、补充或者删除的是什么。")
    if wrong:
        raise DeskRefused(_("还不能登记,请看每一项旁边的说明。"), wrong)
    typed = {"asker_name": about.asker_name, "contact": about.contact, "words": about.words}
    return {"name": name, "id_number": number} | {key: text.strip()[:LONGEST] for key, text in typed.items()}


@transaction.atomic
def identify(*, request: DataRequest, seen: Collection[str], words: str, by: Actor) -> DataRequest:
    """Somebody looked at the papers that prove who asks; which ones is written down, no copy is kept. Raises DeskRefused."""
    held = _held(request, DeskState.IDENTIFIED, by)
    if not set(seen) <= set(table.PAPERS):
        raise DeskRefused(_("请从列出的证件、证明里选。"))
    if missing := table.still_needed(held.asker, seen):
        raise DeskRefused(_("还缺:%(papers)s。看到原件再登记;拿不出的,按“身份未核实”告知。") % {"papers": "、".join(missing)})
    return _moved(held, DeskState.IDENTIFIED, "identify", {"seen": ";".join(sorted(seen)), "words": words}, by)


@transaction.atomic
def unproved(*, request: DataRequest, words: str, by: Actor) -> DataRequest:
    """Who asks was not proved: the same words are told whether the person is on file or not, since nobody looked. Raises DeskRefused."""
    held = _held(request, DeskState.UNPROVED, by)
    if not words.strip():
        raise DeskRefused(_("请写明缺什么、怎样告知的。"))
    return _moved(held, DeskState.UNPROVED, "unproved", {"words": words}, by)


@transaction.atomic
def withdraw(*, request: DataRequest, words: str, by: Actor) -> DataRequest:
    """The person takes it back; a copy that was made is gone. Raises DeskRefused."""
    held = _held(request, DeskState.WITHDRAWN, by)
    if not words.strip():
        raise DeskRefused(_("请写明本人怎样撤回的。"))
    _forget(held)
    return _moved(held, DeskState.WITHDRAWN, "withdraw", {"words": words}, by)


@transaction.atomic
def collect(*, request: DataRequest, found: Sequence[Found], by: Actor, caseworker_id: int | None = None) -> DataRequest:
    """Keep which rows are about the person; done again, it replaces what was found before. Raises DeskRefused."""
    held = _held(request, DeskState.COLLECTED, by, answers=True)
    before = {item.ledger: item for item in held.items.all()}
    for one in found:
        item = before.pop(one.ledger, None) or DataRequestItem(request=held, ledger=one.ledger)
        item.rows = [str(pk) for pk in one.rows]
        item.seal({"title": one.title, "remark": ""}, Compartment(held.compartment))
        item.save()
    for gone in before.values():
        gone.rows = []
        gone.save()
    held.caseworker_id = caseworker_id or held.caseworker_id
    return _moved(held, DeskState.COLLECTED, "collect", {}, by)


@transaction.atomic
def decide(*, request: DataRequest, decided: Mapping[UUID, Decided], by: Actor) -> DataRequest:
    """Every item is given, or refused on a ground with its article. Raises DeskRefused."""
    held = _held(request, DeskState.DECIDED, by, answers=True)
    items = items_of(held)
    if {item.pk for item in items} != set(decided):
        raise DeskRefused(_("每一项都要作出决定;刚刚重新收集过的,请从头再看一遍。"))
    grounds = {one.code for one in table.grounds_for(held.kind)}
    for item in items:
        said = decided[item.pk]
        if said.verdict == Verdict.REFUSED and said.ground not in grounds:
            raise DeskRefused(_("不同意的,每一项都要选理由;理由的条款会写进答复。"))
        item.verdict = said.verdict
        item.ground = said.ground if said.verdict == Verdict.REFUSED else ""
        item.seal({"title": item.values["title"], "remark": said.remark.strip()[:LONGEST]}, Compartment(held.compartment))
        item.save()
    return _moved(held, DeskState.DECIDED, "decide", {}, by)


@transaction.atomic
def keep_copy(*, request: DataRequest, data: bytes, by: Actor) -> DataRequest:
    """Keep what will be handed over, encrypted under the compartment's key, until it is. Raises DeskRefused."""
    held = DataRequest.objects.select_for_update().get(pk=request.pk)
    if held.state != DeskState.DECIDED or not queries.may_answer(by, held, clock.today()):
        raise DeskRefused(_("这一件现在不能这样办,请刷新后看它办到了哪一步。"))
    _forget(held)
    held.stored_as = store_file(f"desk/{new_id()}.enc", data, _PLACE, Compartment(held.compartment))
    held.file_digest = hashlib.sha256(data).hexdigest()
    held.save()
    _log(held, "copy", {}, by)
    return held


@transaction.atomic
def hand_over(*, request: DataRequest, way: HandedOver, on: date, seen: Collection[str], words: str, by: Actor) -> DataRequest:
    """The answer reached whoever asked: in person their papers are seen again; the copy here is gone. Raises DeskRefused."""
    held = _held(request, DeskState.ANSWERED, by, answers=True)
    if not held.stored_as:
        raise DeskRefused(_("答复和副本还没有做好,请先生成。"))
    if not held.received_on <= on <= clock.today():
        raise DeskRefused(_("交付日期要在收到日期和今天之间。"))
    if way == HandedOver.IN_PERSON and not table.IDENTITY & set(seen):
        raise DeskRefused(_("当面交付要再看一次领取人的身份证件。"))
    if way == HandedOver.MAIL and not words.strip():
        raise DeskRefused(_("邮寄的请写邮件号。"))
    _forget(held)
    held.answered_on, held.answered_way = on, way
    held.answered_by_id, held.answered_by_name = by.account_id, by.name
    done = _moved(held, DeskState.ANSWERED, "hand_over", {"seen": ";".join(sorted(seen)), "words": words}, by)
    # That it was answered comes back to the desk it was passed on from; what was answered does not.
    for slip in DataRequestSlip.objects.select_for_update().filter(request__reference=held.reference, to_unit=held.unit, answered_on=None):
        slip.answered_on = on
        slip.save()
    return done


@transaction.atomic
def objected(*, request: DataRequest, words: str, by: Actor) -> DataRequest:
    """Whoever asked does not agree with the answer: their words are kept, and where they were told to turn. Raises DeskRefused."""
    held = DataRequest.objects.select_for_update().get(pk=request.pk)
    if held.state != DeskState.ANSWERED or not _reaches(held, by):
        raise DeskRefused(_("答复以后才登记异议,由答复单位登记。"))
    if not words.strip():
        raise DeskRefused(_("请写明本人不同意什么、已告知向哪里反映。"))
    _log(held, "objection", {"words": words}, by)
    return held


@transaction.atomic
def pass_on(*, request: DataRequest, sides: Collection[Compartment], units: Collection[int], wished: bool, by: Actor) -> list[DataRequestSlip]:
    """Pass a request on, as whoever asked wishes in writing: each unit answers the person itself, under its own key.

    ``units``: towns and police units by id; of the clinics (``TREATMENT`` in ``sides``) all get it alike, so that nobody here learns of
    which one somebody is a patient. A clinic passes nothing on. Raises DeskRefused.
    """
    held = DataRequest.objects.select_for_update().get(pk=request.pk)
    if not queries.may_answer(by, held, clock.today()) or held.state not in (DeskState.IDENTIFIED, DeskState.COLLECTED, DeskState.DECIDED):
        raise DeskRefused(_("核对身份以后、答复以前,由答复的人转交。"))
    if held.compartment == Compartment.TREATMENT:
        raise DeskRefused(_("治疗机构不向外转交:转交本身就会说出谁在这里治疗。请告诉本人可以直接向哪里提出。"))
    if not wished:
        raise DeskRefused(_("转交要有本人的书面要求。"))
    known = queries.receiving_units(clock.today(), held)
    chosen: list[tuple[Compartment, Unit]] = [
        (side, unit) for side, there in known.items() for unit in there if unit.pk in set(units) and side != Compartment.TREATMENT
    ]
    if Compartment.TREATMENT in sides:
        chosen += [(Compartment.TREATMENT, unit) for unit in known[Compartment.TREATMENT]]
    if not chosen:
        raise DeskRefused(_("请选转给哪些单位。"))
    return [_passed(held, side, unit, by) for side, unit in chosen]


def _passed(held: DataRequest, side: Compartment, unit: Unit, by: Actor) -> DataRequestSlip:
    """The other unit's own row, with who asks about whom and nothing that was said here beside it."""
    made = DataRequest(
        reference=held.reference,
        unit=unit,
        division_id=unit.division_id,
        kind=held.kind,
        asker=held.asker,
        came_by=AskedBy.PASSED_ON,
        received_on=clock.today(),
        answer_by=queries.answer_by(clock.today()),
        received_at=clock.now(),
        received_by_name=gettext_noop("转来"),
    )
    carried = held.values
    made.seal({key: carried[key] for key in ("name", "id_number", "asker_name", "contact")} | {"words": ""}, side)
    made.save()
    slip = DataRequestSlip.objects.create(
        request=held, to_unit=unit, passed_on_at=clock.now(), passed_on_by_id=by.account_id, passed_on_by_name=by.name
    )
    audit.record_write(by=by, act="data-requests.pass_on", ledger=queries.REQUESTS, row_id=held.pk, division_id=held.division_id, summary="")
    audit.record_write(by=by, act="data-requests.arrive", ledger=queries.REQUESTS, row_id=made.pk, division_id=made.division_id, summary="")
    return slip


@transaction.atomic
def expire_copy(*, request: DataRequest, by: Actor) -> bool:
    """Nobody came for the copy: it is gone and made anew when somebody does (``by`` carries out an approved plan)."""
    held = DataRequest.objects.select_for_update().get(pk=request.pk)
    if not held.stored_as:
        return False
    _forget(held)
    held.save()
    _log(held, "expire_copy", {}, by)
    return True


def items_of(request: DataRequest) -> list[DataRequestItem]:
    """What was found last time."""
    return [item for item in request.items.all() if item.rows]


def _reaches(held: DataRequest, by: Actor) -> bool:
    return queries.requests_visible(by, clock.today(), action=Action.CHANGE).filter(pk=held.pk).exists()


def _held(request: DataRequest, wanted: DeskState, by: Actor, *, answers: bool = False) -> DataRequest:
    """The row, locked, if the step is open to ``by`` now. Raises DeskRefused."""
    held = DataRequest.objects.select_for_update().get(pk=request.pk)
    if not table.leads_to(held.state, wanted):
        raise DeskRefused(_("这一件现在不能这样办,请刷新后看它办到了哪一步。"))
    if not _reaches(held, by):
        raise DeskRefused(_("由答复单位的人办理。"))
    if answers and not queries.may_answer(by, held, clock.today()):
        raise DeskRefused(_("收集、决定和交付由本单位有权答复的人本人办理,不能代办。"))
    return held


def _moved(held: DataRequest, state: DeskState, step: str, values: dict[str, str], by: Actor) -> DataRequest:
    held.state = state
    held.save()
    _log(held, step, values, by)
    return held


def _log(held: DataRequest, step: str, values: Mapping[str, str], by: Actor) -> None:
    made = DataRequestStep(request=held, step=step, made_at=clock.now(), made_by_id=by.account_id, made_by_name=by.name)
    made.seal({key: text.strip()[:LONGEST] for key, text in values.items()}, Compartment(held.compartment))
    made.save()
    audit.record_write(
        by=by, act=f"data-requests.{step}", ledger=queries.REQUESTS, row_id=held.pk, division_id=held.division_id, summary=f"{held.kind} {held.state}"
    )


def _forget(held: DataRequest) -> None:
    """The copy is removed from the disk once the transaction stands."""
    if not held.stored_as:
        return
    gone = path_of(held.stored_as)
    transaction.on_commit(lambda: gone.unlink(missing_ok=True))
    held.stored_as = held.file_digest = ""


def copy_of(request: DataRequest) -> bytes:
    """The copy as it was made. Raises FileDamaged when it is gone or altered."""
    return read_file(request.stored_as, request.file_digest, _PLACE, Compartment(request.compartment))
