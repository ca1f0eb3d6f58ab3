"""The only writers of requests for figures: registered, answered from what is on file, passed on, answered, closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from qingyuan.foundation import audit, clock
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import encrypted_names
from qingyuan.indicators import catalogue
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division, Unit
from qingyuan.reference.periods import Period
from qingyuan.situation.enums import AnswerKind, AnswerState, RequestState
from qingyuan.situation.models import FigureAnswer, FigureQuestion, FigureRequest, FigureStep
from qingyuan.situation.permissions import (
    ANSWERS,
    REQUESTS,
    may_answer,
    may_change_request,
    may_judge_answer,
    may_keep_requests,
    require,
)
from qingyuan.situation.queries.requests import askable
from qingyuan.situation.queries.told import Told, tell
from qingyuan.situation.rules.requests import (
    MOST_NOTE,
    RequestRefused,
    check_count,
    check_question,
    check_words,
    is_complete,
    may_answer_now,
    read_answer,
)


@dataclass(frozen=True)
class Asking:
    """The letter as it came."""

    title: str
    asked_by: str
    document_number: str
    received_on: date
    due_on: date


@dataclass(frozen=True)
class Question:
    """``people``: the figure counts people."""

    text: str
    kind: str = AnswerKind.NUMBER.value
    measure: str = ""
    people: bool = False


@transaction.atomic
def register(*, asking: Asking, by: Actor) -> FigureRequest:
    """Register a request. Raises RequestRefused, NotAllowed."""
    moment = clock.now()
    require(may_keep_requests(by, moment.date()))
    if not asking.title.strip() or not asking.asked_by.strip():
        raise RequestRefused(_("请写明事项和要数单位。"))
    check_question(asking.title)
    if asking.received_on > moment.date():
        raise RequestRefused(_("收到日期在今天之后,请核对。"))
    if asking.due_on < asking.received_on:
        raise RequestRefused(_("答复期限早于收到日期,请核对。"))
    unit = Unit.objects.select_related("division").get(pk=by.unit_id or 0)
    asked = FigureRequest.objects.create(
        unit=unit,
        division=unit.division,
        title=asking.title.strip()[:120],
        asked_by=asking.asked_by.strip()[:80],
        document_number=asking.document_number.strip()[:60],
        received_on=asking.received_on,
        due_on=asking.due_on,
        created_at=moment,
        created_by_id=by.account_id,
        created_by_name=by.name[:40],
    )
    _step(asked, gettext_noop("登记"), by)
    _audit(asked, "register", by, None, {"title": asked.title, "due_on": asked.due_on})
    return asked


@transaction.atomic
def add_question(*, asked: FigureRequest, question: Question, by: Actor) -> FigureQuestion:
    """Add a question while the request is being prepared. Raises RequestRefused, NotAllowed."""
    _prepared(asked, by)
    check_question(question.text)
    if question.kind not in AnswerKind.values:
        raise RequestRefused(_("请选择答一个数还是简短文字。"))
    last = asked.questions.aggregate(last=Max("position"))["last"] or 0
    made = FigureQuestion.objects.create(
        request=asked,
        position=last + 1,
        text=question.text.strip()[:200],
        kind=question.kind,
        measure=question.measure.strip()[:20],
        people=question.people and question.kind == AnswerKind.NUMBER,
    )
    _audit(asked, "question", by, {}, {f"question:{made.position}": made.text})
    return made


@transaction.atomic
def drop_question(*, question: FigureQuestion, by: Actor) -> None:
    """Take a question away while the request is being prepared. Raises RequestRefused, NotAllowed."""
    asked = question.request
    _prepared(asked, by)
    _audit(asked, "question", by, {f"question:{question.position}": question.text}, {})
    FigureAnswer.objects.filter(question=question).delete()
    FigureQuestion.objects.filter(pk=question.pk).delete()


@transaction.atomic
def answer_from_file(
    *, question: FigureQuestion, indicator: str, part: str, period: Period, each_place: bool, by: Actor
) -> FigureQuestion:
    """Answer with the figure as its page shows it to this office, of its own division or of every place right below.

    Raises RequestRefused where the office has no such figure, NotAllowed.
    """
    asked, today = question.request, clock.today()
    _prepared(asked, by)
    places = [asked.division]
    if each_place:
        below = Division.objects.children_of(asked.division_id, today).on(today)
        places = list(below.order_by("code")) or places
    with override(settings.LANGUAGE_CODE):  # what is kept with the answer is Chinese, whoever put it there
        told = [
            tell(
                code=indicator,
                part=part,
                division=place,
                period=period,
                reader=by,
                on=today,
                among=asked.division_id,
            )
            for place in places
        ]
    if not any(one.text for one in told):
        raise RequestRefused(next((one.why for one in told if one.why), _("这个期间没有数据")))
    people = catalogue.get(indicator, period.last_day).people
    return _on_file(question, told, by, f"{indicator} {part} {period}", people=people)


@transaction.atomic
def put_on_file(
    *, question: FigureQuestion, told: Sequence[Told], by: Actor, source: str, people: bool
) -> FigureQuestion:
    """Answer with figures of signed returns, found by ``journeys.figures_on_file``; ``people``: they count people.

    Raises RequestRefused, NotAllowed.
    """
    _prepared(question.request, by)
    if not any(one.text for one in told):
        raise RequestRefused(_("没有已签字锁定的报表可用。"))
    return _on_file(question, told, by, source, people=people)


@transaction.atomic
def ask_units(*, question: FigureQuestion, units: Sequence[Unit], by: Actor, due_on: date | None = None) -> FigureQuestion:
    """Choose whom the question goes to; takes the place of an earlier choice. Raises RequestRefused, NotAllowed."""
    asked, today = question.request, clock.today()
    _prepared(asked, by)
    allowed = {unit.pk for unit in askable(asked, today)}
    if not units or not {unit.pk for unit in units} <= allowed:
        raise RequestRefused(_("请选择本辖区里有人能答复的单位。"))
    day = due_on or asked.due_on
    if day > asked.due_on:
        raise RequestRefused(_("给下面的期限不能晚于对方的期限 %(day)s。") % {"day": asked.due_on.isoformat()})
    FigureAnswer.objects.filter(question=question).delete()
    FigureAnswer.objects.bulk_create(
        FigureAnswer(question=question, unit=unit, division_id=unit.division_id, due_on=day) for unit in units
    )
    FigureQuestion.objects.filter(pk=question.pk).update(on_file=[], bound_on=None)
    question.refresh_from_db()
    _audit(asked, "ask", by, {}, {f"question:{question.position}": " ".join(unit.code for unit in units)})
    return question


@transaction.atomic
def pass_on(*, asked: FigureRequest, by: Actor) -> FigureRequest:
    """From here the units see it, and nothing is added. Raises RequestRefused, NotAllowed."""
    _prepared(asked, by)
    questions = list(asked.questions.all())
    if not questions:
        raise RequestRefused(_("还没有写要什么数。"))
    bare = next((one for one in questions if not one.on_file and not one.answers.exists()), None)
    if bare is not None:
        words = _("第 %(number)d 问还没有着落:绑定库里的数,或选择向哪些单位要。")
        raise RequestRefused(words % {"number": bare.position})
    if not FigureRequest.objects.filter(pk=asked.pk, state=RequestState.DRAFT).update(state=RequestState.OPEN):
        raise RequestRefused(_("这件要数刚被别人办过,请刷新后再办。"))
    asked.refresh_from_db()
    _step(asked, gettext_noop("转下去"), by)
    _audit(asked, "pass_on", by, {"state": str(RequestState.DRAFT)}, {"state": str(RequestState.OPEN)})
    _close_when_complete(asked, by)
    return asked


@transaction.atomic
def answer(*, given: FigureAnswer, typed: str, note: str, by: Actor) -> FigureAnswer:
    """Answer for one's own unit, or mend the answer while the request collects. Raises RequestRefused, NotAllowed."""
    moment = clock.now()
    require(may_answer(by, given, moment.date()))
    asked = given.question.request
    _held(asked)
    if why := may_answer_now(asked.state, given.state):
        raise RequestRefused(why)
    read = read_answer(given.question.kind, typed)
    check_count(read.number, people=given.question.people)
    note = check_words(note, MOST_NOTE)
    values = {
        "state": AnswerState.GIVEN,
        "number": read.number,
        "words": read.words,
        "note": note,
        "reason": "",
        "answered_at": moment,
        "answered_by_id": by.account_id,
        "answered_by_name": by.name[:40],
    }
    _move(given, values)
    _step(asked, gettext_noop("%(unit)s答复第 %(number)d 问") % {"unit": given.unit.label, "number": given.question.position}, by, given)
    after = {"state": str(AnswerState.GIVEN), "number": None if read.number is None else str(read.number)}
    _audit_answer(given, "answer", by, after)
    _close_when_complete(asked, by)
    return given


@transaction.atomic
def send_back(*, given: FigureAnswer, reason: str, by: Actor) -> FigureAnswer:
    """Back to the unit with the reason it will read; a request that was complete collects again.

    Raises RequestRefused, NotAllowed.
    """
    asked = given.question.request
    _held(asked)
    require(may_judge_answer(by, given, clock.today()))
    if given.state != AnswerState.GIVEN or asked.state not in (RequestState.OPEN, RequestState.CLOSED):
        raise RequestRefused(_("只有已答复的才能退回。"))
    words = _reason(reason)
    _move(given, {"state": AnswerState.SENT_BACK, "reason": words})
    _step(asked, gettext_noop("退回%(unit)s") % {"unit": given.unit.label}, by, given, words)
    _audit_answer(given, "send_back", by, {"state": str(AnswerState.SENT_BACK)}, words)
    if asked.state == RequestState.CLOSED:
        FigureRequest.objects.filter(pk=asked.pk).update(state=RequestState.OPEN, closed_on=None)
        asked.refresh_from_db()
    return given


@transaction.atomic
def excuse(*, given: FigureAnswer, reason: str, by: Actor) -> FigureAnswer:
    """The unit need not answer, for a reason that is kept. Raises RequestRefused, NotAllowed."""
    asked = given.question.request
    _held(asked)
    require(may_judge_answer(by, given, clock.today()))
    if asked.state != RequestState.OPEN or given.state not in (AnswerState.ASKED, AnswerState.SENT_BACK):
        raise RequestRefused(_("只有还没答复的才能免报。"))
    words = _reason(reason)
    _move(given, {"state": AnswerState.EXCUSED, "reason": words, "number": None})
    _step(asked, gettext_noop("%(unit)s免报") % {"unit": given.unit.label}, by, given, words)
    _audit_answer(given, "excuse_answer", by, {"state": str(AnswerState.EXCUSED)}, words)
    _close_when_complete(asked, by)
    return given


@transaction.atomic
def withdraw(*, asked: FigureRequest, reason: str, by: Actor) -> FigureRequest:
    """The other office no longer wants it; what was answered stays. Raises RequestRefused, NotAllowed."""
    _held(asked)
    require(may_change_request(by, asked, clock.today()))
    words = _reason(reason)
    going = (RequestState.DRAFT, RequestState.OPEN)
    before = asked.state
    values = {"state": RequestState.WITHDRAWN, "withdrawn_reason": words}
    if not FigureRequest.objects.filter(pk=asked.pk, state__in=going).update(**values):
        raise RequestRefused(_("这件要数已收齐或已撤销。"))
    asked.refresh_from_db()
    _step(asked, gettext_noop("撤销"), by, reason=words)
    _audit(asked, "withdraw", by, {"state": str(before)}, {"state": str(RequestState.WITHDRAWN)}, words)
    return asked


def _held(asked: FigureRequest) -> None:
    """Locked until the transaction ends, and as it stands now: of two units that answer last, the second sees that both have; what
    is being withdrawn or passed on is not answered or added to meanwhile."""
    asked.refresh_from_db(fields=("state", "closed_on", "withdrawn_reason"), from_queryset=FigureRequest.objects.select_for_update())


def _prepared(asked: FigureRequest, by: Actor) -> None:
    _held(asked)
    require(may_change_request(by, asked, clock.today()))
    if asked.state != RequestState.DRAFT:
        raise RequestRefused(_("已经转下去了,不能再改问题;可以逐个退回、免报,或撤销重办。"))


def _on_file(
    question: FigureQuestion, told: Sequence[Told], by: Actor, source: str, *, people: bool
) -> FigureQuestion:
    """What counts people where it comes from counts people here, whatever was ticked."""
    FigureAnswer.objects.filter(question=question).delete()
    kept = [one.to_dict() for one in told]
    FigureQuestion.objects.filter(pk=question.pk).update(
        on_file=kept, bound_on=clock.today(), people=question.people or people
    )
    question.refresh_from_db()
    _audit(question.request, "from_file", by, {}, {f"question:{question.position}": source})
    return question


def _reason(text: str) -> str:
    words = check_words(text, MOST_NOTE)
    if not words:
        raise RequestRefused(_("请写明理由,理由会送达单位。"))
    return words


def _move(given: FigureAnswer, values: dict[str, Any]) -> None:
    """Change the answer as it was read; somebody else's step in between is refused, not overwritten."""
    changed = FigureAnswer.objects.filter(pk=given.pk, moved=given.moved, state=given.state)
    if not changed.update(**values, moved=given.moved + 1):
        raise RequestRefused(_("这一条刚被别人办过,请刷新后再办。"))
    given.refresh_from_db()


def _close_when_complete(asked: FigureRequest, by: Actor) -> None:
    questions = asked.questions.prefetch_related("answers")
    states = [(bool(one.on_file), [answer.state for answer in one.answers.all()]) for one in questions]
    if not is_complete(states):
        return
    values = {"state": RequestState.CLOSED, "closed_on": clock.today()}
    if FigureRequest.objects.filter(pk=asked.pk, state=RequestState.OPEN).update(**values):
        asked.refresh_from_db()
        _step(asked, gettext_noop("全部收齐"), by)


def _step(asked: FigureRequest, step: str, by: Actor, given: FigureAnswer | None = None, reason: str = "") -> None:
    FigureStep.objects.create(
        request=asked,
        answer=given,
        step=step[:80],
        by_name=by.name[:40],
        by_unit=by.unit_name[:80],
        at=clock.now(),
        reason=reason[:200],
    )


def _audit(
    asked: FigureRequest, act: str, by: Actor, before: dict[str, Any] | None, after: dict[str, Any], reason: str = ""
) -> None:
    audit.record_write(
        by=by,
        act=f"requests.{act}",
        ledger=REQUESTS,
        rows=[
            audit.RowDelta(
                row_id=asked.pk,
                compartment=Compartment.INTERNAL,
                before=before,
                after=after,
                personal=encrypted_names(FigureRequest),
            )
        ],
        division_id=asked.division_id,
        reason=reason,
        summary=asked.title,
    )


def _audit_answer(given: FigureAnswer, act: str, by: Actor, after: dict[str, Any], reason: str = "") -> None:
    audit.record_write(
        by=by,
        act=f"requests.{act}",
        ledger=ANSWERS,
        # The number may be of few people: it stands in the log under the row's own key.
        rows=[
            audit.RowDelta(
                row_id=given.pk,
                compartment=Compartment.INTERNAL,
                before={},
                after=after,
                personal=frozenset({"number"}) | encrypted_names(FigureAnswer),
            )
        ],
        division_id=given.division_id,
        reason=reason,
        summary=f"{given.question.request.title} {given.question.position}",
    )
