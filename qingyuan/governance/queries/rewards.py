"""What the rules say of a published round, how far each entry has come, and what waits for whom."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from itertools import zip_longest
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from qingyuan.casework.actions.procedures import past_of, pasts_of
from qingyuan.casework.models import ProcedureStep
from qingyuan.casework.papers.permissions import papers_visible
from qingyuan.casework.procedures.declaration import FieldKind, Procedure, Step
from qingyuan.casework.procedures.loading import get_procedure
from qingyuan.casework.procedures.rules import Past, next_steps
from qingyuan.governance.models import AssessmentResult, AssessmentRound, Consequence, PublishedRewardTable
from qingyuan.governance.permissions import rounds_visible
from qingyuan.governance.permissions.consequences import consequence_standing, consequences_visible, may_propose
from qingyuan.governance.queries.inputs import scored_period
from qingyuan.governance.queries.schemes import scheme_of
from qingyuan.governance.rewards.proposing import NotJudged, Proposal, Standing, propose
from qingyuan.governance.rewards.published import PublishedClause, PublishedScore, narrowed
from qingyuan.governance.rewards.reading import read_table
from qingyuan.governance.rewards.shipped import shipped, table_for
from qingyuan.governance.rewards.table import ADVERSE, RewardTable
from qingyuan.governance.rules.rewards import PROCEDURE
from qingyuan.governance.scoring.serialise import read_tree
from qingyuan.indicators import catalogue
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.situation.queries.fair import beside, can_compare

#: By letter number: never by points.
ORDER: Final = ("result__assessment__letter__serial", "rule")
#: Steps of the office that are no «main» step and wait for it all the same, the first first.
WAITING: Final = ("submit", "expire", "close")
#: Steps that may be taken of many entries at once, and only of what needs no hearing and no paper of its own.
TOGETHER: Final = ("submit", "decide", "close")


# --- the rules ----------------------------------------------------------------------------------------------------------------
def tables() -> tuple[RewardTable, ...]:
    """The tables that come with the platform, then what this city published at its desk: of two of one day the city's own counts.

    A rule over a figure that places cannot be compared by is kept, not applied.
    """
    own = PublishedRewardTable.objects.values_list("content", flat=True)
    return (*_shipped(), *(_published(text) for text in own))


@cache
def _shipped() -> tuple[RewardTable, ...]:
    return shipped(why_not_compared)


@lru_cache(maxsize=64)
def _published(text: str) -> RewardTable:
    """A published text never changes, so that it is read once."""
    return read_table(text, why_not_compared)


def tables_of(kinds: Iterable[str], on: date) -> tuple[RewardTable, ...]:
    """The tables in force on a day for units of these kinds, each once, in the order of the kinds."""
    known = tables()
    return tuple(dict.fromkeys(found for kind in kinds if (found := table_for(known, kind, on)) is not None))


def why_not_compared(code: str) -> str:
    """Why places are not compared by an indicator; empty where they are."""
    try:
        indicator = catalogue.get(code)
    except LookupError:
        return f"没有指标 {code},不执行。"
    if can_compare(indicator):
        return ""
    return f"{indicator.title}不作地区比较(抓获、查处一类的数,或者人看得少就会下降的数),保留原文,不执行。"


@dataclass(frozen=True)
class Considered:
    """One published result under its table: what the rules propose, and which of them cannot be judged."""

    result: AssessmentResult
    table: RewardTable | None
    proposals: Sequence[Proposal]
    left: Sequence[NotJudged]


def results_of(round: AssessmentRound) -> list[AssessmentResult]:
    rows = AssessmentResult.objects.filter(assessment__round=round).select_related(
        "assessment__letter__scheme", "assessment__letter", "division", "unit"
    )
    return list(rows.order_by("assessment__letter__serial"))


def consider(
    round: AssessmentRound, reader: Actor, table_of: Callable[[str], RewardTable | None] | None = None
) -> list[Considered]:
    """Every result of a published round under the rules in force on the day it was scored for; ``table_of``: other tables, by
    kind of unit. Results never change; the fair
    table's groups are those of the figures as they stand when asked, and an entry keeps by what it was met."""
    found = []
    results = results_of(round)
    known = tables() if table_of is None else ()
    choose = table_of or (lambda kind: table_for(known, kind, round.scored_on))
    chosen = {row.pk: choose(row.unit.kind) for row in results}
    standing = _standings(round, {table for table in chosen.values() if table is not None}, reader)
    for row in results:
        table = chosen[row.pk]
        if table is None:
            found.append(Considered(row, None, (), ()))
            continue
        made, left = propose(table, score_of(row), {} if row.assessment.letter.is_of_unit else standing.get(row.division_id, {}))
        found.append(Considered(row, table, made, left))
    return found


def score_of(row: AssessmentResult) -> PublishedScore:
    """What was published of a result: the shown points and words, the grade, the vetoes that fired."""
    letter = row.assessment.letter
    scheme, tree, shown = scheme_of(letter.scheme), read_tree(row.tree), row.shown
    clauses = {}
    for group in tree.groups:
        for clause in group.clauses:
            kept: Mapping[str, Any] = shown["clauses"].get(clause.id, {})
            points = kept.get("points")
            clauses[clause.id] = PublishedClause(
                clause.of, None if points is None else Decimal(points), closed="word" in kept, title=clause.title
            )
    vetoes = {clause.id: clause.veto.reason for clause in tree.clauses() if clause.veto is not None}
    grades = sorted(scheme.grades, key=lambda one: one.from_points)
    low, high = Decimal(shown["low"]), Decimal(shown["high"])
    floors = {one.name: (one.from_points, above.from_points if above else None) for one, above in zip_longest(grades, grades[1:])}
    if row.grade in floors and not vetoes:
        # A veto sets the grade whatever the points are; else the grade says where they lie.
        low, high = narrowed(low, high, *floors[row.grade])
    return PublishedScore(
        grade=row.grade,
        grades=tuple(one.name for one in grades),
        low=low,
        high=high,
        of=row.of,
        vetoes=vetoes,
        clauses=clauses,
        place=not letter.is_of_unit,
    )


def _standings(round: AssessmentRound, used: Iterable[RewardTable], reader: Actor) -> dict[int, dict[str, Standing]]:
    """Where every place stands by each figure some rule compares by; nothing where the table says nothing, or not to this reader."""
    codes = {rule.when.fair.indicator for table in used for rule in table.rules if rule.when.fair is not None and not rule.refused}
    found: dict[int, dict[str, Standing]] = {}
    for code in sorted(codes):
        period = scored_period(round.scored_on)
        compared = beside(code=code, division=round.division, period=period, reader=reader, on=round.scored_on)
        for line in compared.lines if compared is not None else ():
            found.setdefault(line.figure.division.pk, {})[code] = Standing(code, frozenset(group.value for group in line.groups))
    return found


def about_words(left: NotJudged) -> str:
    """What a rule that was not judged asks about: the figure by its title, a clause by its number."""
    fair = left.rule.when.fair
    return catalogue.get(left.about).title if fair is not None and left.about == fair.indicator else left.about


def met_data(one: Proposal) -> list[dict[str, Any]]:
    """The conditions as a row keeps them; a figure with its title."""
    return [{"code": met.code, "values": _titled(dict(met.values))} for met in one.met]


def _titled(values: dict[str, str]) -> dict[str, str]:
    if "indicator" in values:
        values["title"] = catalogue.get(values["indicator"]).title
    return values


# --- entries ------------------------------------------------------------------------------------------------------------------
def procedure() -> Procedure:
    return get_procedure(PROCEDURE)


def entries(actor: Actor, on: date, action: Action = Action.READ) -> Any:
    rows = consequences_visible(actor, on, action)
    # A result's score in words is long and encrypted, and no list shows it.
    near = rows.select_related("round", "result", "unit__division", "division", "issuer__division", "paper__issue")
    return near.defer("result__tree", "result__particulars", "result__clauses", "result__shown")


def leave_words(case: Consequence, known: Sequence[RewardTable] | None = None) -> str:
    """How the rule that gave an entry says it ends; empty where its table is no longer here in the same words. ``known``: read before."""
    table = next((one for one in (tables() if known is None else known) if one.digest == case.table_hash), None)
    rule = next((one for one in table.rules if one.id == case.rule), None) if table is not None else None
    return rule.leave.words if rule is not None else ""


def find(actor: Actor, on: date, consequence_id: UUID) -> Consequence | None:
    found: Consequence | None = entries(actor, on).filter(pk=consequence_id).first()
    return found


def years(actor: Actor, on: date) -> list[int]:
    """The years of which there are entries or published rounds for this reader, the newest first."""
    kept = set(consequences_visible(actor, on).values_list("round__year", flat=True))
    kept |= set(rounds_visible(actor, on).filter(state="published").values_list("year", flat=True))
    return sorted(kept, reverse=True)


def published_round(actor: Actor, on: date, year: int) -> AssessmentRound | None:
    rows = rounds_visible(actor, on).filter(state="published", year=year)
    found: AssessmentRound | None = rows.select_related("division", "issuer__division").first()
    return found


def decided_openly(round: AssessmentRound) -> dict[str, int]:
    """By kind: how many consequences of a round were decided that every unit of the city is shown."""
    rows = Consequence.objects.opened().filter(round=round).values_list("decided_kind", "kind")
    return dict(Counter(decided or kind for decided, kind in rows))


def conditions_of(case: Consequence, on: date) -> frozenset[str]:
    """The conditions of the procedure that hold on a day."""
    hearing = case.kind in ADVERSE
    heard = case.replied_on is not None or (case.reply_by is not None and case.reply_by < on)
    holds = {
        "unheard": hearing and not heard,
        "hearing": hearing and case.noticed_on is None,
        "fixed": case.kind == "grade",
        "lasting": case.decided_on is not None and case.stands_for,
        "window_over": case.object_by is not None and case.object_by < on,
        "time_over": case.is_over_time(on),
        "unreceived": case.paper_id is not None and case.decided_on is not None and case.received_on is None,
        "by_repair": case.ending == "repair",
    }
    return frozenset(name for name, yes in holds.items() if yes)


def steps_open_to(actor: Actor, case: Consequence, on: date, past: Sequence[Past] | None = None) -> tuple[Step, ...]:
    known = past_of(PROCEDURE, case.pk) if past is None else past
    return next_steps(procedure(), case.state, consequence_standing(actor, case, on), past=tuple(known), conditions=conditions_of(case, on))


def main_of(steps: Sequence[Step]) -> Step | None:
    """The step that takes the entry on: the main one, or what waits for the office."""
    main = next((one for one in steps if one.main), None)
    return main or next((step for code in WAITING for step in steps if step.code == code), None)


@dataclass(frozen=True)
class Turn:
    case: Consequence
    step: Step


def turns(actor: Actor, on: date) -> list[Turn]:
    """The entries that wait for this person: main steps, decisions to sign for, objections still possible are no turn."""
    unit = actor.unit_id or 0
    rows = entries(actor, on).under_way().filter(Q(unit_id=unit) | Q(issuer_id=unit))
    listed = list(rows.order_by("round__year", *ORDER))
    pasts = pasts_of(PROCEDURE, [one.pk for one in listed])
    found = []
    for case in listed:
        steps = steps_open_to(actor, case, on, pasts.get(case.pk, ()))
        step = next((one for one in steps if one.code == "receive"), None) or main_of(steps)
        if step is not None:
            found.append(Turn(case, step))
    return found


def day_of_turn(turn: Turn) -> date | None:
    """By when the step is to be taken; None where no table gives it a day."""
    days = {
        "reply": turn.case.reply_by, "report_repair": turn.case.ends_on, "reject": turn.case.answer_by, "expire": turn.case.ends_on,
    }  # fmt: skip
    return days.get(turn.step.code)


def together(actor: Actor, on: date, round: AssessmentRound) -> dict[str, list[Consequence]]:
    """Entries that need no hearing and no paper, on which many at once may be moved: step → entries."""
    found: dict[str, list[Consequence]] = {}
    for one in turns(actor, on):
        if one.case.round_id == round.pk and one.step.code in TOGETHER and one.case.kind in ("grade", "points"):
            found.setdefault(one.step.code, []).append(one.case)
    return found


def unproposed(actor: Actor, on: date) -> list[AssessmentRound]:
    """Published rounds of one's own office for which nothing was proposed yet, though a table speaks of some unit in them."""
    rows = rounds_visible(actor, on).filter(state="published", consequences=None, issuer_id=actor.unit_id or 0)
    return [one for one in rows.select_related("division") if may_propose(actor, one, on).allowed and _has_table(one)]


def _has_table(round: AssessmentRound) -> bool:
    kinds = set(AssessmentResult.objects.filter(assessment__round=round).order_by().values_list("unit__kind", flat=True))
    known = tables()
    return any(table_for(known, kind, round.scored_on) is not None for kind in kinds)


@dataclass(frozen=True)
class Walked:
    """A step that was taken, with what was said in it: label → text."""

    step: Step
    row: ProcedureStep
    said: Sequence[tuple[str, str]]


def walked(case: Consequence) -> list[Walked]:
    """The steps an entry took, the oldest first."""
    table = procedure()
    rows = ProcedureStep.objects.filter(procedure=PROCEDURE, subject_id=case.pk).order_by("position")
    return [_walked(table.step(row.step), row) for row in rows]


def _walked(step: Step, row: ProcedureStep) -> Walked:
    given: dict[str, Any] = json.loads(row.given or "{}")
    told = [(one.label, str(given[one.name])) for one in step.needs if one.kind is not FieldKind.FILES and given.get(one.name)]
    return Walked(step, row, told)


def paper_readable(actor: Actor, case: Consequence, on: date) -> bool:
    return case.paper_id is not None and bool(papers_readable(actor, [case.paper_id], on))


def papers_readable(actor: Actor, ids: Sequence[Any], on: date) -> set[Any]:
    """Those of ``ids`` whose paper this reader may open."""
    return set(papers_visible(actor, on).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()


def beside_it(actor: Actor, case: Consequence, on: date) -> list[Consequence]:
    """The other entries of the same result: whether two of them contradict each other a person judges."""
    return list(entries(actor, on).filter(result_id=case.result_id).exclude(pk=case.pk).order_by("rule"))


