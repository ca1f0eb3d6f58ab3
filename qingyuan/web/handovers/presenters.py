"""Hand-overs in the words of the page: who owns now stands on every one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.casework.enums import HandOverState
from qingyuan.casework.handovers import owning, queries
from qingyuan.casework.handovers.rules import REASONS, Ratio
from qingyuan.casework.models import HandOver
from qingyuan.foundation.crypto import Undecipherable
from qingyuan.foundation.time_left import TimeLeft, time_left_words
from qingyuan.indicators.disclosure import Shown, suppress
from qingyuan.indicators.queries import evaluate
from qingyuan.indicators.query import IndicatorQuery
from qingyuan.journeys.caseload import WEEKS_AHEAD, Load
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Level
from qingyuan.organisation.models import Account, Division
from qingyuan.organisation.scope import in_own_scope
from qingyuan.reference.catalogue import get_list
from qingyuan.reference.periods import Period
from qingyuan.web import shapes

TONES = {
    HandOverState.OFFERED: "soon",
    HandOverState.ACCEPTED: "good",
    HandOverState.REFUSED: "grey",
    HandOverState.WITHDRAWN: "grey",
}
_OPEN_TO_TAKER = (HandOverState.OFFERED, HandOverState.ACCEPTED)
STAFFING = "R18"
SOON = 3


@dataclass(frozen=True)
class Line:
    """One hand-over. ``owner``: who answers for the people now, in one sentence."""

    handover: HandOver
    giver: str
    taker: str
    state: str
    tone: str
    reason: str
    words: str
    answer: str
    owner: str
    left: TimeLeft | None
    people: int


def line(one: HandOver, on: date, names: Mapping[int, str], people: int, *, gives: bool = True) -> Line:
    """``gives``: read by the giver's side. Whoever did not take it reads no more of what the giver wrote."""
    state = HandOverState(one.state)
    late = one.is_late(on)
    left = time_left_words(one.answer_by, on, SOON) if state == HandOverState.OFFERED and one.answer_by else None
    return Line(
        handover=one,
        giver=_side(one.unit.label, one.caseworker_id, names),
        taker=_side(one.to_unit.label, one.to_caseworker_id, names),
        state=_("逾期没有答复") if late else str(state.label),
        tone="late" if late else TONES[state],
        reason=get_list(REASONS).said(one.reason),
        words=_readable(one, "words") if gives or state in _OPEN_TO_TAKER else "",
        answer=_readable(one, "answer"),
        owner=_owner(one, names),
        left=left,
        people=people,
    )


def _side(unit: str, caseworker_id: int | None, names: Mapping[int, str]) -> str:
    worker = names.get(caseworker_id or 0, "")
    return f"{unit} · {worker}" if worker else unit


def _readable(one: HandOver, name: str) -> str:
    try:
        return str(getattr(one, name))
    except Undecipherable:
        return _("无法解密:可能被改动,请校验审计链")


def _owner(one: HandOver, names: Mapping[int, str]) -> str:
    giver = _side(one.unit.label, one.caseworker_id, names)
    taker = _side(one.to_unit.label, one.to_caseworker_id, names)
    return {
        HandOverState.OFFERED: _("现在仍由%(giver)s负责,接收签收后才转移"),
        HandOverState.ACCEPTED: _("自 %(day)s 起由%(taker)s负责"),
        HandOverState.REFUSED: _("没有转移,仍由%(giver)s负责"),
        HandOverState.WITHDRAWN: _("没有转移,仍由%(giver)s负责"),
    }[HandOverState(one.state)] % {
        "giver": giver,
        "taker": taker,
        "day": one.answered_on.isoformat() if one.answered_on else "",
    }


def workers_named(handovers: Iterable[HandOver]) -> dict[int, str]:
    """Work names of the caseworkers on either side."""
    ids = {pk for one in handovers for pk in (one.caseworker_id, one.to_caseworker_id) if pk}
    return dict(Account.objects.filter(pk__in=ids).values_list("pk", "name"))


def table(found: Sequence[HandOver], on: date, empty: shapes.Empty, caption: str) -> shapes.Table:
    names, people = workers_named(found), queries.people_in(found)
    headers = [_("移交"), _("状态"), _("移出"), _("接收"), _("原因"), _("人数"), _("答复期限")]
    made = [shapes.Header(label, numeric=place == 5) for place, label in enumerate(headers)]
    return shapes.Table(made, [_row(line(one, on, names, people.get(one.pk, 0))) for one in found], empty, caption=caption)


def _row(one: Line) -> shapes.Row:
    href = reverse("web:handover", args=(one.handover.pk,))
    last = one.handover.answer_by.isoformat() if one.handover.answer_by else _("不需答复")
    return shapes.Row(
        [
            shapes.Cell(one.handover.offered_on.isoformat(), href=href),
            shapes.Cell(one.state, tone=one.tone),
            shapes.Cell(one.giver),
            shapes.Cell(one.taker),
            shapes.Cell(one.reason),
            shapes.Cell(str(one.people), numeric=True),
            shapes.Cell(last, note=one.left.words if one.left else ""),
        ]
    )


def late_table(found: Sequence[HandOver], on: date, hrefs: Mapping[UUID, str]) -> shapes.Table:
    """For superiors: between whom it hangs and since when, never whose rows they are or how many. ``hrefs``: where an order
    about one is begun."""
    headers = [shapes.Header(label) for label in (_("移出单位"), _("接收单位"), _("移交日期"), _("答复期限"))]
    rows = [
        shapes.Row(
            [
                shapes.Cell(one.unit.label),
                shapes.Cell(one.to_unit.label),
                shapes.Cell(one.offered_on.isoformat()),
                shapes.Cell(
                    one.answer_by.isoformat() if one.answer_by else "",
                    note=time_left_words(one.answer_by, on).words if one.answer_by else "",
                ),
            ],
            action=(_("督办"), hrefs[one.pk]) if one.pk in hrefs else None,
        )
        for one in found
    ]
    empty = shapes.Empty(_("没有逾期没有答复的移交"), _("接收单位过了答复期限还没有签收或者拒收的,会列在这里。"))
    return shapes.Table(headers, rows, empty, caption=_("逾期没有答复的移交"))


@dataclass(frozen=True)
class Person:
    """What an offer shows of one person; ``href`` only for those whose page the reader may open."""

    name: str
    lines: tuple[str, ...]
    href: str


def people(one: HandOver, actor: Actor, on: date, *, gives: bool) -> list[Person]:
    keeper = owning.get(one.keeper)
    found = queries.carried(one, gives=gives)
    mine = set(queries.cases(keeper, actor, on).filter(pk__in=list(found)).values_list("pk", flat=True))
    return [
        Person(shown.name, shown.lines, reverse("web:person-detail", args=(pk,)) if pk in mine else "")
        for pk, shown in found.items()
    ]


def choices(ids: Sequence[UUID], code: str, carriers: Mapping[UUID, str] | None = None) -> dict[UUID, str]:
    """People the reader may move, in words of a choice: name, running measure, and who carries them."""
    shown = owning.get(code).carried(ids)
    found = {}
    for pk in ids:
        said = [shown[pk].name, *shown[pk].lines[:1]]
        if carriers and carriers.get(pk):
            said.append(carriers[pk])
        found[pk] = " · ".join(said)
    return found


def loads_table(loads: Sequence[Load], ratio: Ratio, *, may_reassign: bool) -> shapes.Table:
    """Workers by name, never by their numbers."""
    kinds = get_list("measures")
    headers = [_("谁"), _("服务对象"), _("与 %(most)s 人比") % {"most": ratio.people}, _("其中"), _("%(weeks)s 周内检测") % {"weeks": WEEKS_AHEAD}]
    made = [shapes.Header(label, numeric=place in (1, 2, 4)) for place, label in enumerate(headers)]
    rows = []
    minded = next((one.minder for one in loads if one.account is None), None)
    for one in loads:
        if one.account is not None and one.account == minded and not one.people:
            continue  # the supervisor's people are the line of those without a worker
        split = " · ".join(f"{kinds.said(kind)} {count}" for kind, count in sorted(one.kinds.items()))
        who, note = _who(one)
        carrier = str(one.account.pk) if one.account else "none"
        href = f"{reverse('web:handover-reassign')}?carrier={carrier}"
        rows.append(
            shapes.Row(
                [
                    shapes.Cell(who, note=note, problem=_("已经不在岗,请重新分派") if one.gone else ""),
                    shapes.Cell(str(one.people), numeric=True),
                    shapes.Cell(_over(one.people, ratio.people) if (one.account or one.minder) and not one.gone else "", numeric=True),
                    shapes.Cell(split),
                    shapes.Cell(str(one.tests), numeric=True),
                ],
                action=(_("重新分派"), href) if may_reassign and one.people else None,
            )
        )
    return shapes.Table(made, rows, shapes.Empty(_("本单位还没有服务对象")), caption=_("各人手上的服务对象"))


def _who(one: Load) -> tuple[str, str]:
    if one.account is None:
        return _("专干直接负责"), one.minder.name if one.minder else _("没有指定社工")
    return one.account.name, ""


def _over(people: int, most: int) -> str:
    if people > most:
        return _("多 %(count)s 人") % {"count": people - most}
    return _("未超过")


def towns(division: Division, period: Period, reader: Actor, on: date) -> shapes.Table:
    """For those who answer for towns: people in measures per worker on the roster, by town; small numbers closed."""
    # The roster is kept by town, so a town is one line and not its villages.
    below = {"division_ids": (division.pk,)} if division.level in (Level.TOWN, Level.VILLAGE) else {"children_of": division.pk}
    matrix = evaluate(IndicatorQuery(indicator=STAFFING, period=period, as_of=on, **below))  # type: ignore[arg-type]
    amounts = {place: matrix.value(place).amount("numerator") for place in matrix.places}
    counts = {place: None if amount is None else int(amount) for place, amount in amounts.items()}
    own = {place for place in counts if in_own_scope(reader, place, on)}
    closed = suppress(counts, sum(count or 0 for count in counts.values()), own=own).cells
    codes = dict(Division.objects.filter(pk__in=list(counts)).values_list("pk", "code"))
    headers = [shapes.Header(_("乡镇(街道)")), shapes.Header(_("正在执行的人"), numeric=True)]
    headers += [shapes.Header(_("在岗专职人员和社工"), numeric=True), shapes.Header(_("每人服务人数"), numeric=True)]
    rows = []
    for place in sorted(counts, key=lambda one: codes[one]):
        value, count = matrix.value(place), counts[place]
        shown = str(count) if closed[place] is Shown.EXACT and count is not None else "<5" if closed[place] is Shown.FEW else "—"
        staff = value.amount("denominator")
        ratio = value.words() if closed[place] is Shown.EXACT and not value.turns_on_few else "—"
        cells = [
            shapes.Cell(matrix.names[place]),
            shapes.Cell(shown, numeric=True),
            shapes.Cell("—" if staff is None else str(int(staff)), numeric=True),
            shapes.Cell(ratio, numeric=True),
        ]
        rows.append(shapes.Row(cells))
    return shapes.Table(headers, rows, shapes.Empty(_("还没有数字")), caption=_("各乡镇服务人数"))
