"""The only writers of what follows from a published result. Rules propose, a unit is heard, a person decides; nothing decides itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from qingyuan.casework.actions import procedure_papers, procedures
from qingyuan.casework.actions.papers import Source
from qingyuan.casework.actions.procedures import CaseMoved, Taking
from qingyuan.casework.enums import PaperKind
from qingyuan.casework.papers.permissions import NotAllowed
from qingyuan.casework.papers.rules import PaperRefused
from qingyuan.casework.procedures.rules import Standing, StepRefused
from qingyuan.foundation import clock
from qingyuan.governance.actions.kept_files import keep_files
from qingyuan.governance.models import AssessmentRound, Consequence
from qingyuan.governance.permissions.consequences import consequence_standing, may_propose
from qingyuan.governance.queries import rewards as reads
from qingyuan.governance.rewards.proposing import Proposal
from qingyuan.governance.rewards.table import Kind
from qingyuan.governance.rules import rewards as rules
from qingyuan.governance.rules.orders import check_later
from qingyuan.governance.rules.rewards import CONSEQUENCES, PROCEDURE
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Unit
from qingyuan.reference.holidays import add_working_days
from qingyuan.reference.periods import add_months

__all__ = ["CaseMoved", "NotAllowed", "StepRefused"]


class _Consequences:
    """What the procedure engine asks of this room."""

    procedure = PROCEDURE
    ledger = CONSEQUENCES

    def locked(self, case_id: UUID) -> Consequence:
        rows = Consequence.objects.select_for_update(of=("self",))
        return rows.select_related("round", "unit", "issuer__division", "paper").get(pk=case_id)

    def standing(self, by: Actor, case: Consequence, on: Any) -> Standing:
        return consequence_standing(by, case, on)

    def conditions(self, case: Consequence, on: Any) -> frozenset[str]:
        return reads.conditions_of(case, on)

    def before(self, case: Consequence, taking: Taking) -> None:
        case.changed_at = taking.at
        if (part := _PARTS.get(taking.step.code)) is None:
            return
        try:
            part(case, taking)
        except PaperRefused as refusal:
            raise StepRefused(str(refusal)) from refusal

    def snapshot(self, case: Consequence) -> dict[str, Any]:
        plain = ("state", "rule", "kind", "decided_kind", "departs", "table", "table_version")
        points = {name: None if (value := getattr(case, name)) is None else str(value) for name in ("points", "decided_points")}
        days = {name: day.isoformat() if (day := getattr(case, name)) else None for name in ("reply_by", "object_by", "ends_on", "left_on")}
        return {name: str(getattr(case, name)) for name in plain} | points | days

    def after(self, case: Consequence, taking: Taking) -> None:
        """Nothing follows: what follows from a result is counted nowhere."""


ROOM: Final = _Consequences()


@transaction.atomic
def propose(*, round: AssessmentRound, by: Actor, at: datetime | None = None) -> list[Consequence]:
    """Have the rules propose for every published result; what was proposed before stays. Raises StepRefused, NotAllowed."""
    moment = at or clock.now()
    on = clock.day_of(moment)
    decision = may_propose(by, round, on)
    if not decision.allowed:
        raise NotAllowed(decision.reason)
    held = AssessmentRound.objects.select_for_update(of=("self",)).select_related("division", "issuer").get(pk=round.pk)
    if held.state != "published":
        raise StepRefused(_("结果公布以后才能提出奖惩建议。"))
    known = set(Consequence.objects.filter(round=held).values_list("result_id", "rule"))
    considered = reads.consider(held, by)
    if all(one.table is None for one in considered):
        raise StepRefused(_("没有适用于这些单位和年度的奖惩规则表。"))
    made = []
    for one in considered:
        for proposal in one.proposals:
            if (one.result.pk, proposal.rule.id) not in known:
                made.append(_begin(held, one, proposal, by, moment))
    return made


def _begin(round: AssessmentRound, one: reads.Considered, proposal: Proposal, by: Actor, at: datetime) -> Consequence:
    table, rule = one.table, proposal.rule
    assert table is not None, "a proposal comes from a table"
    case = Consequence(
        round=round,
        result=one.result,
        division_id=one.result.division_id,
        unit=one.result.unit,
        issuer=round.issuer,
        table=table.code,
        table_version=table.version,
        table_hash=table.digest,
        rule=rule.id,
        rule_text=rule.text,
        rule_source=rule.source,
        article=rule.article,
        confirmed=rule.confirmed,
        kind=rule.kind.value,
        system=rule.points.system if rule.points else "",
        points=proposal.points,
        cap=rule.points.cap if rule.points else None,
        opens=rule.opens,
        ending=rule.leave.ending.value,
        months=rule.leave.months,
        met=reads.met_data(proposal),
        proposed_on=clock.day_of(at),
        drafted_by_id=by.account_id,
        drafted_by_name=by.name[:40],
    )
    try:
        with transaction.atomic():
            begun: Consequence = procedures.begin(room=ROOM, case=case, by=by, at=at)
    except IntegrityError as error:
        raise CaseMoved from error
    return begun


def take(
    *,
    case: Consequence,
    step: str,
    by: Actor,
    version: int | None = None,
    given: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> Consequence:
    """Take one step of the procedure. Raises CaseMoved, StepRefused, NotAllowed."""
    taken: Consequence = procedures.take(room=ROOM, case=case, step=step, by=by, version=version, given=given, at=at)
    return taken


@transaction.atomic
def take_together(*, round: AssessmentRound, step: str, by: Actor, at: datetime | None = None) -> int:
    """Submit, decide or close every entry of the round that needs no hearing and no paper; how many. Raises StepRefused, NotAllowed."""
    on = clock.day_of(at or clock.now())
    given = {"opinion": rules.NO_OPINION} if step == "submit" else {}
    cases = reads.together(by, on, round).get(step, ())
    if not cases:
        raise StepRefused(_("现在没有可以一并办理的事项,请刷新页面看最新状态。"))
    for case in cases:
        take(case=case, step=step, by=by, given=given, version=case.version, at=at)
    return len(cases)


# --- the room's part of each step ----------------------------------------------------------------------------------------------
def _notify(case: Consequence, taking: Taking) -> None:
    case.reply_by = add_working_days(taking.on, rules.reply_days())


def _reply(case: Consequence, taking: Taking) -> None:
    case.reply = taking.given["reply"]


def _submit(case: Consequence, taking: Taking) -> None:
    case.opinion = taking.given["opinion"]
    if rules.has_paper(case.kind):
        case.paper = _paper(case, case.kind, "", taking)


def _paper(case: Consequence, kind: str, departs: str, taking: Taking) -> Any:
    """The decision as a draft, handed up; the one that waits for signature is written anew."""
    text = decision_text(case, kind, departs)
    values = {"title": text.title, "addressee": case.unit.name, "body": "\n".join(text.lines), "word": word_of(case.issuer)}
    paper_kind = PaperKind.CIRCULAR if Kind(kind) is Kind.COMMEND else PaperKind.NOTICE
    source = Source(PROCEDURE, str(case.pk), text.lines)
    return procedure_papers.hand_up(paper=case.paper, kind=paper_kind, values=values, source=source, by=taking.by, on=taking.on)


def decision_text(case: Consequence, kind: str, departs: str = "") -> rules.Worded:
    """The decision in the words of its paper; Chinese whatever language its maker reads pages in."""
    lasting = case.ending != "none" and kind == case.kind
    with override(settings.LANGUAGE_CODE):
        return rules.worded(
            rules.Said(
                unit=case.unit.name,
                kind=kind,
                year=case.round.year,
                rule=case.rule,
                text=case.rule_text,
                source=case.rule_source,
                confirmed=case.confirmed,
                met=[rules.met_words(one) for one in case.met],
                heard=rules.heard_words(noticed_on=case.noticed_on, replied_on=case.replied_on),
                departs=departs,
                months=case.months if lasting else 0,
                by_repair=case.ending == "repair",
                leave=reads.leave_words(case) if lasting else "",
            )
        )


def word_of(issuer: Unit) -> str:
    """机关代字 of an office's decisions: «云禁奖» after the first character of its place."""
    return f"{issuer.division.name[0]}禁奖"


def _return_draft(case: Consequence, taking: Taking) -> None:
    if case.paper is not None:
        procedure_papers.send_back(paper=case.paper, reason=taking.given["reason"], by=taking.by)


def _decide(case: Consequence, taking: Taking) -> None:
    case.decided_points = case.points
    _settle(case, case.kind, taking)


def _depart(case: Consequence, taking: Taking) -> None:
    kind, points = rules.read_instead(case.kind, case.cap, case.points, taking.given["instead"])
    case.departs, case.reason = True, taking.given["reason"]
    if case.paper is not None:
        # The leader writes the draft that waits for his signature; its own log says so.
        procedure_papers.send_back(paper=case.paper, reason=taking.given["reason"], by=taking.by)
        case.paper = _paper(case, kind, taking.given["reason"], taking)
    case.decided_points = points
    _settle(case, kind, taking)


def _settle(case: Consequence, kind: str, taking: Taking) -> None:
    case.decided_kind = kind
    case.decided_by_id, case.decided_by_name = taking.by.account_id, taking.by.name[:40]
    case.object_by = add_working_days(taking.on, rules.object_days())
    if case.stands_for:
        case.ends_on = add_months(taking.on, case.months)
    if case.paper is not None:
        case.paper = procedure_papers.send_out(paper=case.paper, unit_ids=[case.unit_id], by=taking.by, on=taking.on)


def _refuse(case: Consequence, taking: Taking) -> None:
    case.reason = taking.given["reason"]
    _void_paper(case, taking.given["reason"], taking)


def _receive(case: Consequence, taking: Taking) -> None:
    if case.paper is not None:
        procedure_papers.receive(paper=case.paper, unit_id=case.unit_id, by=taking.by, on=taking.on)


def _object(case: Consequence, taking: Taking) -> None:
    if case.objection:
        raise StepRefused(_("对这个决定已经提过异议,答复在下面的历史里。"))
    case.objection = taking.given["objection"]
    case.answer_by = add_working_days(taking.on, rules.answer_days())


def _uphold(case: Consequence, taking: Taking) -> None:
    case.answer = taking.given["answer"]
    _void_paper(case, taking.given["answer"], taking)


def _reject(case: Consequence, taking: Taking) -> None:
    case.answer = taking.given["answer"]


def _void_paper(case: Consequence, reason: str, taking: Taking) -> None:
    if case.paper is not None:
        procedure_papers.take_back(paper=case.paper, reason=reason, by=taking.by)


def _report_repair(case: Consequence, taking: Taking) -> None:
    case.repair = taking.given["repair"]
    keep_files(case, PROCEDURE, taking)


def _extend(case: Consequence, taking: Taking) -> None:
    if case.ends_on is not None:
        check_later(taking.given["ends_on"], case.ends_on, "ends_on")


def _withdraw(case: Consequence, taking: Taking) -> None:
    _void_paper(case, taking.given["reason"], taking)


_PARTS: Final[Mapping[str, Callable[[Consequence, Taking], None]]] = {
    "notify": _notify,
    "reply": _reply,
    "submit": _submit,
    "return_draft": _return_draft,
    "decide": _decide,
    "depart": _depart,
    "refuse": _refuse,
    "receive": _receive,
    "object": _object,
    "uphold": _uphold,
    "reject": _reject,
    "report_repair": _report_repair,
    "extend": _extend,
    "withdraw": _withdraw,
}
