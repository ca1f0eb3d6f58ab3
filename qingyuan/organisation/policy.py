"""The policy table: role × compartment × rows × actions. Data, not code; ``scope.py`` is its only reader.

A role that has no rule for a compartment sees no row of it, by no route. Figures (counts) come from the observatory and
are closed when small; they never pass through here.
Source: house.md §1 «who reads rows by name»; mission.md lines 1, 5, 6.
"""

from __future__ import annotations

from dataclasses import dataclass

from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.enums import Action, Role, Rows, Side

READ = frozenset({Action.READ, Action.EXPORT})
KEEP = frozenset({Action.READ, Action.EXPORT, Action.CREATE, Action.CHANGE, Action.VOID})
LOOK = frozenset({Action.READ})
APPROVE = frozenset({Action.READ, Action.EXPORT, Action.APPROVE})
RECEIVE = frozenset({Action.READ, Action.CHANGE})


@dataclass(frozen=True)
class Rule:
    """``ledgers`` empty = every ledger of the compartment but those in ``but``; ``clear`` = names unmasked (ID numbers
    never are)."""

    role: Role
    compartment: Compartment
    rows: Rows
    actions: frozenset[Action]
    clear: bool = False
    ledgers: frozenset[str] = frozenset()
    but: frozenset[str] = frozenset()


def _only(*codes: str) -> frozenset[str]:
    return frozenset(codes)


# Cells that count people by town: outside the town and their keeper they are read as figures, closed when small.
COUNTS = _only("registrations")
# Counts of reports by place: a town that could count them would soon know who wrote. Volunteers: names of one's own unit.
DESK = _only("reports_received", "volunteers")
# What a town and a member unit keep of prevention; plans follow from them and are read, never typed.
PUBLICITY = _only("places", "activities", "materials")
CULTIVATION = _only("patches", "survey_rounds", "eradications")
TEACHING = _only("schools", "lessons")
PUBLIC_SURVEYS = _only("awareness_surveys", "safety_surveys")
PLANS = _only("reach_plan", "lesson_plan", "survey_plan")
# Administrative penalties: read one by one for a stated purpose, counted in figures, exported by nobody.
SEALED = _only("penalties")
C, I, E = Compartment.COMMUNITY, Compartment.INTERNAL, Compartment.ENFORCEMENT

POLICY: tuple[Rule, ...] = (
    # community: the caseworker and the town's supervisor read by name, nobody else (house.md §1)
    Rule(Role.CASEWORKER, C, Rows.CASELOAD, KEEP, clear=True),
    Rule(Role.TOWN_SUPERVISOR, C, Rows.UNIT, KEEP, clear=True),
    # enforcement: the handling police unit
    Rule(Role.POLICE_OFFICER, E, Rows.UNIT, KEEP, clear=True, but=SEALED),
    # sealed from entry (mission line 4): opened one by one with purpose and article, never exported
    Rule(Role.POLICE_OFFICER, E, Rows.UNIT, KEEP - {Action.EXPORT}, clear=True, ledgers=SEALED),
    # internal: by division; who keeps which ledger is named
    Rule(Role.CASEWORKER, I, Rows.DIVISION, READ, but=DESK),
    Rule(Role.TOWN_SUPERVISOR, I, Rows.DIVISION, READ, but=DESK),
    Rule(Role.TOWN_SUPERVISOR, I, Rows.UNIT, KEEP, ledgers=_only("meetings", "instructions", "returns")),
    # a town files the page it signed; a member unit reads its own letter
    Rule(Role.TOWN_SUPERVISOR, I, Rows.UNIT, frozenset({Action.READ, Action.CHANGE}), ledgers=_only("letters")),
    Rule(Role.UNIT_LIAISON, I, Rows.UNIT, READ, ledgers=_only("letters")),
    Rule(Role.TOWN_LEADER, I, Rows.DIVISION, READ, but=DESK),
    Rule(Role.TOWN_LEADER, I, Rows.UNIT, APPROVE, ledgers=_only("returns")),
    Rule(Role.COMMISSION_CLERK, I, Rows.DIVISION, READ, but=COUNTS),
    Rule(
        Role.COMMISSION_CLERK,
        I,
        Rows.DIVISION,
        KEEP | APPROVE,
        ledgers=_only("meetings", "instructions", "population", "letters", "targets", "schemes"),
    ),
    # the office reviews what others file; nobody fills in another unit's return
    Rule(Role.COMMISSION_CLERK, I, Rows.DIVISION, APPROVE, ledgers=_only("returns")),
    Rule(Role.COMMISSION_LEADER, I, Rows.DIVISION, READ, but=COUNTS),
    Rule(
        Role.COMMISSION_LEADER, I, Rows.DIVISION, APPROVE, ledgers=_only("returns", "letters", "targets", "schemes")
    ),
    Rule(Role.UNIT_LIAISON, I, Rows.UNIT, KEEP, ledgers=_only("meetings", "instructions", "returns")),
    Rule(Role.POLICE_OFFICER, I, Rows.DIVISION, KEEP, ledgers=_only("registrations")),
    Rule(Role.POLICE_OFFICER, I, Rows.UNIT, KEEP, ledgers=_only("returns")),
    Rule(Role.PROSECUTOR, I, Rows.UNIT, KEEP, ledgers=_only("returns")),
    Rule(Role.COURT_CLERK, I, Rows.UNIT, KEEP, ledgers=_only("returns")),
    Rule(Role.AUDITOR, I, Rows.DIVISION, READ, but=COUNTS),
    # closing of months: a place checks its own, its leader approves; the office sees who has closed
    Rule(Role.TOWN_SUPERVISOR, I, Rows.DIVISION, LOOK | {Action.CREATE}, ledgers=_only("closings")),
    Rule(Role.TOWN_LEADER, I, Rows.DIVISION, APPROVE, ledgers=_only("closings")),
    Rule(Role.COMMISSION_CLERK, I, Rows.DIVISION, LOOK | {Action.CREATE}, ledgers=_only("closings")),
    Rule(Role.COMMISSION_LEADER, I, Rows.DIVISION, APPROVE, ledgers=_only("closings")),
    # participation: who organises volunteers keeps their names; the office keeps the roster of those who work for pay
    Rule(Role.UNIT_LIAISON, I, Rows.UNIT, KEEP, clear=True, ledgers=_only("volunteers")),
    Rule(Role.TOWN_SUPERVISOR, I, Rows.UNIT, KEEP, clear=True, ledgers=_only("volunteers")),
    Rule(Role.COMMISSION_CLERK, I, Rows.UNIT, KEEP, clear=True, ledgers=_only("staff")),
    Rule(Role.UNIT_LIAISON, I, Rows.UNIT, KEEP, ledgers=_only("associations", "service_contracts")),
    Rule(Role.UNIT_LIAISON, I, Rows.DIVISION, LOOK, ledgers=_only("associations", "service_contracts")),
    Rule(Role.POLICE_OFFICER, I, Rows.UNIT, KEEP, ledgers=_only("reports_received")),
    # plans and tasks: every member unit its own, those at the bar and the police too; the office reads all (above)
    *(
        Rule(role, I, Rows.UNIT, KEEP, ledgers=_only("unit_plans", "unit_tasks"))
        for role in (Role.UNIT_LIAISON, Role.POLICE_OFFICER, Role.PROSECUTOR, Role.COURT_CLERK)
    ),
    # situation: health and ecology sample the water, the police read it; what others printed is everybody's to read
    Rule(Role.UNIT_LIAISON, I, Rows.UNIT, KEEP, ledgers=_only("wastewater")),
    Rule(Role.POLICE_OFFICER, I, Rows.DIVISION, READ, ledgers=_only("wastewater")),
    Rule(Role.COMMISSION_CLERK, Compartment.PUBLIC, Rows.DIVISION, KEEP, ledgers=_only("published_statistics")),
    Rule(Role.COMMISSION_LEADER, Compartment.PUBLIC, Rows.DIVISION, READ, ledgers=_only("published_statistics")),
    # prevention: the town keeps its places, activities and patches; the social worker helps; a member unit keeps its own
    # and reads the directories of the city, without which it could not say where it was; the office keeps the surveys and
    # may list places, so that nobody shortens the list by which its own coverage is measured
    Rule(Role.TOWN_SUPERVISOR, I, Rows.UNIT, KEEP, ledgers=PUBLICITY | CULTIVATION),
    Rule(Role.CASEWORKER, I, Rows.UNIT, KEEP, ledgers=_only("activities", "survey_rounds")),
    Rule(Role.UNIT_LIAISON, I, Rows.UNIT, KEEP, ledgers=PUBLICITY | CULTIVATION | TEACHING | PUBLIC_SURVEYS),
    Rule(Role.UNIT_LIAISON, I, Rows.DIVISION, READ, ledgers=_only("places", "schools")),
    Rule(Role.UNIT_LIAISON, I, Rows.UNIT, READ, ledgers=PLANS),
    Rule(Role.COMMISSION_CLERK, I, Rows.DIVISION, KEEP, ledgers=PUBLIC_SURVEYS | _only("places")),
    # papers: a unit writes its own, its leader signs them; whoever is served a paper reads it and signs for it
    Rule(Role.COMMISSION_CLERK, I, Rows.UNIT, KEEP, ledgers=_only("papers", "paper-templates")),
    Rule(Role.COMMISSION_LEADER, I, Rows.UNIT, APPROVE, ledgers=_only("papers")),
    Rule(Role.TOWN_SUPERVISOR, I, Rows.UNIT, KEEP, ledgers=_only("papers", "paper-templates")),
    Rule(Role.TOWN_LEADER, I, Rows.UNIT, APPROVE, ledgers=_only("papers")),
    Rule(Role.UNIT_LIAISON, I, Rows.UNIT, KEEP, ledgers=_only("papers", "paper-templates")),
    Rule(Role.COMMISSION_CLERK, I, Rows.UNIT, RECEIVE, ledgers=_only("paper-receipts")),
    Rule(Role.TOWN_SUPERVISOR, I, Rows.UNIT, RECEIVE, ledgers=_only("paper-receipts")),
    Rule(Role.TOWN_LEADER, I, Rows.UNIT, RECEIVE, ledgers=_only("paper-receipts")),
    Rule(Role.UNIT_LIAISON, I, Rows.UNIT, RECEIVE, ledgers=_only("paper-receipts")),
    Rule(Role.POLICE_OFFICER, I, Rows.UNIT, RECEIVE, ledgers=_only("paper-receipts")),
    Rule(Role.PROSECUTOR, I, Rows.UNIT, RECEIVE, ledgers=_only("paper-receipts")),
    Rule(Role.COURT_CLERK, I, Rows.UNIT, RECEIVE, ledgers=_only("paper-receipts")),
    # other offices' forms and requests for figures: the office keeps its own, whoever is asked answers for its own unit
    Rule(Role.COMMISSION_CLERK, I, Rows.UNIT, KEEP, ledgers=_only("foreign_forms", "figure_requests")),
    Rule(Role.COMMISSION_CLERK, I, Rows.DIVISION, APPROVE, ledgers=_only("figure_answers")),
    *(
        Rule(role, I, Rows.UNIT, frozenset({Action.READ, Action.CHANGE}), ledgers=_only("figure_answers"))
        for role in (
            Role.TOWN_SUPERVISOR,
            Role.UNIT_LIAISON,
            Role.POLICE_OFFICER,
            Role.PROSECUTOR,
            Role.COURT_CLERK,
        )
    ),
)

# Roles on both sides of a wall exclude each other; a grant that would join them is refused (mission.md line 1).
SIDE: dict[Role, Side] = {
    Role.CASEWORKER: Side.HELP,
    Role.TOWN_SUPERVISOR: Side.HELP,
    Role.TOWN_LEADER: Side.NEUTRAL,
    Role.COMMISSION_CLERK: Side.ENFORCEMENT,
    Role.COMMISSION_LEADER: Side.ENFORCEMENT,
    Role.UNIT_LIAISON: Side.NEUTRAL,
    Role.POLICE_OFFICER: Side.ENFORCEMENT,
    Role.PROSECUTOR: Side.ENFORCEMENT,
    Role.COURT_CLERK: Side.ENFORCEMENT,
    Role.DOCTOR: Side.TREATMENT,
    Role.AUDITOR: Side.NEUTRAL,
    Role.SECURITY_OFFICER: Side.NEUTRAL,
}

# Roles that prove themselves twice before anything opens: who keeps the keys, who reads people by name on the side of the
# law or the clinic, who sees the whole city. Towns may; in a village without signal nobody is shut out for a lost phone.
SECOND_FACTOR: frozenset[Role] = frozenset(
    {
        Role.SECURITY_OFFICER,
        Role.AUDITOR,
        Role.COMMISSION_CLERK,
        Role.COMMISSION_LEADER,
        Role.POLICE_OFFICER,
        Role.PROSECUTOR,
        Role.COURT_CLERK,
        Role.DOCTOR,
    }
)


def needs_second_factor(roles: frozenset[Role]) -> bool:
    """Whether an account that holds ``roles`` must prove itself by something besides its password."""
    return not roles.isdisjoint(SECOND_FACTOR)


def joins_a_wall(roles: frozenset[Role], *, unit_side: Side = Side.NEUTRAL) -> bool:
    """True when ``roles`` of an account in a unit of ``unit_side`` would stand on two sides of a wall at once."""
    sides = ({SIDE[role] for role in roles} | {unit_side}) - {Side.NEUTRAL}
    return len(sides) > 1
