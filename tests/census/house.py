"""What the census knows by heart: storeys, zones, models, personal columns. Whoever adds something adds a line here.

A line answers the question the census asks (house.md §5): which way does a relation point, in which zone does a room
stand, who may change a row, and where is a personal value kept.
"""

from __future__ import annotations

import tomllib
from enum import StrEnum
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "qingyuan"


def storeys() -> dict[str, int]:
    """Room → storey, the ground floor 0, read from the walls that import-linter checks."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "storeys")
    return {
        room.strip(" ()"): height for height, layer in enumerate(reversed(layers)) for room in layer.split("|")
    }


# --- zones: networks a city keeps apart. None = the room is installed in every zone, each with its own tables ----------
EVERYWHERE = None
ZONE_OF_ROOM: dict[str, str | None] = {
    "foundation": EVERYWHERE,
    "documents": EVERYWHERE,
    "reference": EVERYWHERE,
    "organisation": EVERYWHERE,
    "ledgers": EVERYWHERE,
    "casework": EVERYWHERE,
    "indicators": EVERYWHERE,
    "enforcement": "police",
    "intelligence": "police",
    "treatment": "health",
    "rehabilitation": "commission",
    "prevention": "commission",
    "participation": "commission",
    "situation": "commission",
    "governance": "commission",
    "journeys": EVERYWHERE,
    "web": EVERYWHERE,
    "api": EVERYWHERE,
    "cli": EVERYWHERE,
    "demo": EVERYWHERE,
    "config": EVERYWHERE,
}
ROOMS_WITHOUT_CODE = frozenset({"__main__"})

# Only its own page and API slices, the gates and the demo may import treatment (house.md §1).
TREATMENT_IS_KNOWN_TO = ("qingyuan/treatment/", "qingyuan/web/treatment/", "qingyuan/api/treatment", "qingyuan/journeys/gates/", "qingyuan/demo/")


class Life(StrEnum):
    """What may happen to a row after it is written."""

    MUTABLE = "mutable"  # changed by its room's actions only, with an audit entry
    IMMUTABLE = "immutable"  # the content is written once; the model refuses the rest
    DERIVED = "derived"  # follows from other rows and could be made again
    WORK = "work"  # scaffolding of the machine: queues, staging, locks


MODELS: dict[str, Life] = {
    "foundation.WriteEntry": Life.IMMUTABLE,
    "foundation.RowChange": Life.IMMUTABLE,
    "foundation.ReadEntry": Life.IMMUTABLE,
    "foundation.ReadRow": Life.DERIVED,
    "foundation.RecordKey": Life.MUTABLE,  # sealed, destroyed
    "foundation.WriteAnchor": Life.DERIVED,
    "foundation.ReadAnchor": Life.DERIVED,
    "foundation.WriteSealLock": Life.WORK,
    "foundation.ReadSealLock": Life.WORK,
    "organisation.Division": Life.MUTABLE,
    "organisation.DivisionPath": Life.MUTABLE,
    "organisation.Unit": Life.MUTABLE,
    "organisation.Post": Life.MUTABLE,
    "organisation.PostTerm": Life.MUTABLE,
    "organisation.Account": Life.MUTABLE,
    "organisation.RoleGrant": Life.MUTABLE,
    "organisation.ApiToken": Life.MUTABLE,
    "organisation.SignInFailures": Life.WORK,
    "organisation.UsedCode": Life.WORK,
    "organisation.Contact": Life.MUTABLE,
    "organisation.EmergencyLook": Life.IMMUTABLE,
    "organisation.EmergencyRow": Life.IMMUTABLE,
    "organisation.PolicyReview": Life.IMMUTABLE,
    "organisation.Substitution": Life.IMMUTABLE,  # only its end moves, inwards
    "ledgers.FactRow": Life.DERIVED,
    "ledgers.OutboxEntry": Life.WORK,
    "ledgers.ImportBatch": Life.WORK,
    "ledgers.StagedBlock": Life.WORK,
    "ledgers.InFlight": Life.WORK,
    "ledgers.LearntSynonym": Life.MUTABLE,
    "ledgers.Source": Life.MUTABLE,
    "ledgers.SavedRecipe": Life.MUTABLE,
    "ledgers.OwnLayout": Life.MUTABLE,
    "casework.Due": Life.MUTABLE,
    "casework.RunningClock": Life.MUTABLE,  # its cached figures follow from its events
    "casework.ClockEvent": Life.IMMUTABLE,
    "casework.ClockDecision": Life.MUTABLE,  # decided once
    "casework.ClockCheck": Life.IMMUTABLE,
    "casework.GateAct": Life.IMMUTABLE,  # seconded or given up once
    "casework.GateDelivery": Life.IMMUTABLE,  # signed for once
    "casework.HandOver": Life.IMMUTABLE,  # answered once
    "casework.HandOverRow": Life.IMMUTABLE,  # only whether its offer waits moves
    "casework.Reminder": Life.WORK,  # an outbox: claimed, sent, given up
    "casework.ReminderChoice": Life.MUTABLE,
    "casework.Paper": Life.MUTABLE,  # the draft and its state; what is written in it stands still once handed up
    "casework.PaperIssue": Life.IMMUTABLE,
    "casework.PaperFigure": Life.MUTABLE,
    "casework.PaperDelivery": Life.MUTABLE,  # signed for once
    "casework.PaperStep": Life.IMMUTABLE,
    "casework.PaperScan": Life.IMMUTABLE,
    "casework.PaperSeries": Life.WORK,
    "casework.PaperTemplate": Life.IMMUTABLE,
    "casework.ServedPaper": Life.MUTABLE,  # its state and its service move; what is printed stands still from its number on
    "casework.PaperService": Life.IMMUTABLE,
    "casework.ServiceProof": Life.IMMUTABLE,
    "casework.ProcedureStep": Life.IMMUTABLE,
    "enforcement.Case": Life.MUTABLE,
    "enforcement.Seizure": Life.MUTABLE,
    "enforcement.Party": Life.MUTABLE,
    "enforcement.Penalty": Life.MUTABLE,
    "enforcement.Movement": Life.MUTABLE,
    "enforcement.Operation": Life.MUTABLE,
    "enforcement.LinkedCrime": Life.MUTABLE,
    "enforcement.EnforcementTest": Life.MUTABLE,
    "rehabilitation.Client": Life.MUTABLE,
    "rehabilitation.Isolation": Life.MUTABLE,
    "rehabilitation.Measure": Life.MUTABLE,
    "rehabilitation.CommunityTest": Life.MUTABLE,
    "rehabilitation.OwnCode": Life.IMMUTABLE,  # its PIN is set once, it is revoked once
    "rehabilitation.OwnRequest": Life.IMMUTABLE,  # answered once
    "treatment.Patient": Life.MUTABLE,
    "treatment.Agreement": Life.MUTABLE,
    "treatment.Enrolment": Life.MUTABLE,
    "treatment.Dose": Life.MUTABLE,
    "treatment.MedicalTest": Life.MUTABLE,
    "situation.RegistrationCount": Life.MUTABLE,
    "situation.Population": Life.MUTABLE,
    "situation.PeriodClose": Life.MUTABLE,
    "situation.ReopenNotice": Life.MUTABLE,
    "prevention.Place": Life.MUTABLE,
    "prevention.Activity": Life.MUTABLE,
    "prevention.MaterialMove": Life.MUTABLE,
    "prevention.School": Life.MUTABLE,
    "prevention.Lesson": Life.MUTABLE,
    "prevention.Patch": Life.MUTABLE,
    "prevention.SurveyRound": Life.MUTABLE,
    "prevention.Eradication": Life.MUTABLE,
    "prevention.AwarenessSurvey": Life.MUTABLE,
    "prevention.SafetySurvey": Life.MUTABLE,
    "prevention.ReachPlan": Life.DERIVED,
    "prevention.LessonPlan": Life.DERIVED,
    "prevention.SurveyPlan": Life.DERIVED,
    "situation.ForeignForm": Life.MUTABLE,
    "situation.FormLayout": Life.MUTABLE,  # bound while a draft; its action refuses a saved one
    "situation.FormFile": Life.IMMUTABLE,
    "situation.FormFilling": Life.IMMUTABLE,
    "situation.FigureRequest": Life.MUTABLE,
    "situation.FigureQuestion": Life.MUTABLE,
    "situation.FigureAnswer": Life.MUTABLE,
    "situation.FigureStep": Life.IMMUTABLE,
    "governance.ImpactSignOff": Life.IMMUTABLE,
    "governance.PublishedScheme": Life.IMMUTABLE,
    "governance.SupervisionOrder": Life.MUTABLE,  # moved by the steps of its procedure only
    "governance.OrderFile": Life.IMMUTABLE,
    "governance.NumberSeries": Life.WORK,
    "governance.Letter": Life.IMMUTABLE,
    "governance.LetterScan": Life.IMMUTABLE,
    "governance.ManualEntry": Life.IMMUTABLE,
    "governance.ScoreSnapshot": Life.DERIVED,
    "governance.Meeting": Life.MUTABLE,
    "governance.Instruction": Life.MUTABLE,
    "governance.Return": Life.MUTABLE,
    "governance.ReturnStep": Life.IMMUTABLE,
    "governance.ReturnCell": Life.DERIVED,
    "governance.TargetPlan": Life.MUTABLE,
    "governance.TargetShare": Life.MUTABLE,
    "governance.TargetMove": Life.IMMUTABLE,
    "governance.TargetBid": Life.MUTABLE,  # asked once, answered once
    "governance.UnitPlan": Life.MUTABLE,
    "governance.UnitTask": Life.MUTABLE,
    "governance.TaskEvidence": Life.MUTABLE,
    "governance.UnitNeed": Life.MUTABLE,
    "governance.UnitNeedStep": Life.IMMUTABLE,
    "governance.Programme": Life.MUTABLE,
    "governance.ProgrammeGoal": Life.MUTABLE,
    "governance.ProgrammeStep": Life.MUTABLE,
    "participation.Association": Life.MUTABLE,
    "participation.ReportCount": Life.MUTABLE,
    "participation.ServiceContract": Life.MUTABLE,
    "participation.StaffMember": Life.MUTABLE,
    "participation.Volunteer": Life.MUTABLE,
    "rehabilitation.Inspection": Life.MUTABLE,
    "situation.PublishedFigure": Life.MUTABLE,
    "situation.WaterSample": Life.MUTABLE,
}

# Where rows may be written besides the room's own ``actions``: (model or "*", path under qingyuan/) and why.
WRITERS: dict[str, dict[str, str]] = {
    "*": {"demo/": "founds the fictional city: units, posts and terms nobody edits on a page yet"},
    "foundation.*": {"foundation/audit/": "the audit writes itself", "foundation/rotation.py": "re-encryption"},
    "ledgers.*": {"ledgers/": "the engine every room's actions call; importing stages and promotes"},
    "ledgers.OutboxEntry": {"indicators/refresh.py": "takes what it has refreshed out of the outbox"},
    "rehabilitation.Client": {"rehabilitation/people.py": "called by the room's actions only, inside their transaction"},
    "treatment.Patient": {"treatment/patients.py": "called by the room's actions only, inside their transaction"},
}

# --- persons -----------------------------------------------------------------------------------------------------------
# There is no table of persons. Each room that knows people keeps its own noun, here with the reason.
PERSON_TABLES = {
    "rehabilitation.Client": "the community compartment's own noun",
    "treatment.Patient": "one clinic's own noun; the key holds the clinic",
    "enforcement.Party": "the enforcement compartment's own noun, a person in one case",
    "enforcement.Penalty": "one decision about one person, sealed from entry",
    "enforcement.EnforcementTest": "one test of one person in the course of enforcement",
}

# Personal-looking or encrypted columns that no ledger declares, each with where its protection comes from.
PERSONAL_ELSEWHERE: dict[str, str] = {
    "foundation.WriteEntry.actor_name": "work name of who acted; the audit must name them",
    "foundation.ReadEntry.actor_name": "work name of who acted; the audit must name them",
    "foundation.ReadEntry.address": "network address of who read; kept for the inspectors only",
    "foundation.WriteSealLock.name": "name of a lock",
    "foundation.ReadSealLock.name": "name of a lock",
    "organisation.Division.name": "name of a place",
    "organisation.Unit.name": "name of an office",
    "organisation.Unit.short_name": "name of an office",
    "organisation.Account.name": "work name of a public servant",
    "organisation.Account.username": "account",
    "organisation.Contact.address": "encrypted: entered and read by the holder of the account alone",
    "organisation.EmergencyLook.reason": "encrypted; shown to the owner, the second person and the inspectors",
    "organisation.EmergencyLook.remark": "encrypted: what the second person says of a look at somebody",
    "organisation.Substitution.set_by_name": "work name of who acted",
    "organisation.Substitution.ended_by_name": "work name of who acted",
    "organisation.PostTerm.holder_name": "work name of a public servant in a public post",
    "ledgers.ImportBatch.filename": "encrypted: a file may be named after a person; shown to its own unit only",
    "ledgers.ImportBatch.sheet": "encrypted: a sheet may be named after a person",
    "ledgers.ImportBatch.found": "encrypted: what was recognised quotes headers and words of the file",
    "ledgers.ImportBatch.message": "encrypted: a reason may quote a cell",
    "governance.ImpactSignOff.signed_by_name": "work name of who acted",
    "rehabilitation.Client.name": "SENSITIVE; encrypted; shown through the ledger columns client.name",
    "rehabilitation.Client.name_index": "blind index",
    "rehabilitation.Client.id_number": "SENSITIVE; encrypted; shown through the ledger columns client.id_number",
    "rehabilitation.Client.phone": "PERSONAL; encrypted; shown on the client's page, masked",
    "rehabilitation.OwnCode.made_by_name": "work name of who acted",
    "rehabilitation.OwnCode.revoked_by_name": "work name of who acted",
    "rehabilitation.OwnRequest.words": "encrypted in the help compartment: why somebody asks for leave",
    "rehabilitation.OwnRequest.answer": "encrypted in the help compartment: what the caseworker answered",
    "rehabilitation.OwnRequest.answered_by_name": "work name of who acted",
    "treatment.Patient.name": "SENSITIVE; encrypted; shown through the ledger columns patient.name",
    "treatment.Patient.name_index": "blind index",
    "treatment.Patient.id_number": "SENSITIVE; encrypted; shown through the ledger columns patient.id_number",
    "prevention.Place.name": "name of a place, never of a person or a home",
    "prevention.Activity.place_name": "name of a place",
    "prevention.School.name": "name of a school",
    "casework.GateAct.treatment": "encrypted: the fields a gate lists, under the key of one side",
    "casework.GateAct.community": "encrypted: the fields a gate lists, under the key of one side",
    "casework.GateAct.enforcement": "encrypted: the fields a gate lists, under the key of one side",
    "casework.GateAct.internal": "encrypted: the fields a gate lists, under the key of one side",
    "casework.GateDelivery.treatment": "encrypted: the fields a gate lists, under the key of one side",
    "casework.GateDelivery.community": "encrypted: the fields a gate lists, under the key of one side",
    "casework.GateDelivery.enforcement": "encrypted: the fields a gate lists, under the key of one side",
    "casework.GateDelivery.internal": "encrypted: the fields a gate lists, under the key of one side",
    "casework.GateAct.signed_by_name": "work name of who acted",
    "casework.GateAct.seconded_by_name": "work name of who acted",
    "casework.GateDelivery.signed_by_name": "work name of who acted",
    "casework.GateDelivery.received_by_name": "work name of who acted",
    "casework.ClockEvent.recorded_by_name": "work name of who acted",
    "casework.ClockDecision.opened_by_name": "work name of who acted",
    "casework.ClockDecision.recorded_by_name": "work name of who acted",
    "casework.ClockCheck.checked_by_name": "work name of who acted",
    "casework.HandOver.words": "encrypted: why somebody is handed over may name people; shown to the two sides",
    "casework.HandOver.answer": "encrypted: why it was refused may name people; shown to the two sides",
    "casework.HandOver.offered_by_name": "work name of who acted",
    "casework.HandOver.answered_by_name": "work name of who acted",
    "casework.ServedPaper.closed_reason": "encrypted: why it was withdrawn may name people",
    "casework.Paper.addressee": "encrypted: a decision may go to a person",
    "casework.Paper.body": "encrypted: a paper may name people",
    "casework.Paper.generated": "encrypted: the lines of the body as they were made",
    "casework.Paper.title": "encrypted: a title may name somebody",
    "casework.Paper.attachments": "encrypted: titles may name somebody",
    "casework.Paper.copies_to": "encrypted: whom it is copied to, typed",
    "casework.Paper.remark": "encrypted: whom to ring, and what else is typed",
    "casework.Paper.closed_reason": "encrypted: why it was voided, typed",
    "casework.PaperStep.reason": "encrypted: why it was sent back or voided, typed",
    "casework.Paper.drafter_name": "work name of who acted",
    "casework.Paper.approver_name": "work name of the leader who signed",
    "casework.PaperIssue.content": "encrypted: a paper may name people",
    "casework.PaperIssue.issued_by_name": "work name of who acted",
    "casework.PaperStep.by_name": "work name of who acted",
    "casework.PaperDelivery.received_by_name": "work name of who signed for the paper",
    "casework.PaperTemplate.file_name": "encrypted: a file may be named after a person",
    "casework.PaperTemplate.uploaded_by_name": "work name of who acted",
    "casework.ProcedureStep.by_name": "work name of who acted",
    "casework.ProcedureStep.given": "encrypted: what people fill in at a step, in which they write what they like",
    "casework.ServedPaper.community": "encrypted: a paper to a person names the person",
    "casework.ServedPaper.enforcement": "encrypted: a paper to a person names the person",
    "casework.ServedPaper.drafted_by_name": "work name of who acted",
    "casework.PaperService.community": "encrypted: who received, who was witness, why it was refused",
    "casework.PaperService.enforcement": "encrypted: who received, who was witness, why it was refused",
    "casework.PaperService.recorded_by_name": "work name of who acted",
    "casework.ServiceProof.uploaded_by_name": "work name of who acted",
    "casework.PaperScan.file_name": "encrypted: a scan may be named after a person",
    "casework.PaperScan.uploaded_by_name": "work name of who acted",
    "situation.FormFile.content": "encrypted: the file of another office, blank or filled with figures",
    "situation.FormFile.file_name": "encrypted: as the other office named its file",
    "situation.FormLayout.saved_by_name": "work name of who acted",
    "situation.FormFilling.by_name": "work name of who acted",
    "situation.FigureRequest.created_by_name": "work name of who acted",
    "situation.FigureAnswer.words": "encrypted: a few words of a unit, in which people write what they like",
    "situation.FigureAnswer.note": "encrypted: a note of a unit, in which people write what they like",
    "situation.FigureAnswer.reason": "encrypted: why it was sent back, typed",
    "situation.FigureRequest.withdrawn_reason": "encrypted: typed",
    "situation.FigureStep.reason": "encrypted: typed",
    "situation.ForeignForm.retired_reason": "encrypted: typed",
    "situation.PeriodClose.note": "encrypted: typed",
    "situation.PeriodClose.refusal": "encrypted: typed",
    "situation.PeriodClose.reopen_reason": "encrypted: typed",
    "situation.FigureAnswer.answered_by_name": "work name of who acted",
    "situation.FigureStep.by_name": "work name of who acted",
    "enforcement.Party.name_index": "blind index",
    "enforcement.Penalty.name_index": "blind index",
    "enforcement.EnforcementTest.name_index": "blind index",
    "governance.SupervisionOrder.subject": "encrypted: the words of an order may name somebody",
    "governance.SupervisionOrder.asked": "encrypted: the words of an order may name somebody",
    "governance.SupervisionOrder.basis": "encrypted: the words of an order may name somebody",
    "governance.SupervisionOrder.done": "encrypted: the words of an order may name somebody",
    "governance.Meeting.title": "encrypted: what was met about",
    "governance.Meeting.decisions": "encrypted: what was decided may name somebody",
    "governance.Instruction.content": "encrypted: what a leader asked may name somebody",
    "governance.Instruction.answer": "encrypted: what was done may name somebody",
    "governance.Return.note": "encrypted: typed",
    "governance.Return.correction_reason": "encrypted: typed",
    "governance.ReturnStep.reason": "encrypted: typed",
    "governance.ManualEntry.reason": "encrypted: why points were given may name somebody",
    "governance.ManualEntry.withdrawn_reason": "encrypted: typed",
    "governance.PublishedScheme.published_by_name": "work name of who acted",
    "governance.Letter.issued_by_name": "work name of who acted",
    "governance.LetterScan.file_name": "encrypted: a scan may be named after a person",
    "governance.LetterScan.uploaded_by_name": "work name of who acted",
    "governance.ManualEntry.by_name": "work name of who acted",
    "governance.ManualEntry.reviewed_by_name": "work name of who acted",
    "governance.ManualEntry.withdrawn_by_name": "work name of who acted",
    "governance.SupervisionOrder.contact": "encrypted: work name and office telephone of who follows the matter up",
    "governance.SupervisionOrder.drafted_by_name": "work name of who acted",
    "governance.OrderFile.content": "encrypted: a file sent in as evidence",
    "governance.OrderFile.file_name": "encrypted: a file may be named after a person",
    "governance.OrderFile.by_name": "work name of who acted",
    "governance.Return.filler_name": "work name of who acted",
    "governance.Return.reviewer_name": "work name of who acted",
    "governance.Return.locked_by_name": "work name of who acted",
    "governance.ReturnStep.by_name": "work name of who acted",
    "situation.PeriodClose.asked_by_name": "work name of who acted",
    "situation.PeriodClose.decided_by_name": "work name of who acted",
    "situation.PeriodClose.reopened_by_name": "work name of who acted",
    "situation.ReopenNotice.read_by_name": "work name of who acted",
    "governance.TargetPlan.published_by_name": "work name of who acted",
    "governance.TargetMove.by_name": "work name of who acted",
    "governance.TargetBid.by_name": "work name of who acted",
    "governance.TargetBid.answered_by_name": "work name of who acted",
    "governance.UnitNeedStep.by_name": "work name of who acted",
    "governance.TaskEvidence.by_name": "work name of who acted",
    "governance.Programme.adopted_by_name": "work name of who acted",
    "participation.StaffMember.name_index": "blind index",
    "participation.Volunteer.name_index": "blind index",
}
