"""Texts that stand clear in the database, each with the reason why no person can be in it (SECURITY.md, «stolen disk»).

Whoever adds a text column encrypts it (``EncryptedTextField``), gives it choices or a code list, or says here what it holds.
"""

from __future__ import annotations

import re

#: What programs write: digests, keys of rows, names of kept files, kinds of files.
MACHINE = re.compile(
    r"^(key|.*digest|.*hash|mac|wrapped|changes_root|path|media_type|stored_as|void_reason|content_hash|password)$"
)
#: The work names of public servants who acted, and of their offices: they answer for it under their name.
WHO_ACTED = re.compile(r"^(.*_by_name|by_name|by_unit|actor_name|drafter_name|approver_name|filler_name|reviewer_name|granted_by|moved_by)$")
#: Numbers of documents, days and other values with a form of their own.
FORMED = re.compile(r"^(number|.*_number|word|year|month|period|partition|code|version|hint|level|kind)$")

CLEAR: dict[str, frozenset[str]] = {
    "a word of our own code: an act, a ledger, a fact, a step, a form, an indicator, an option of a declaration": frozenset(
        {
            "foundation.WriteEntry.act", "foundation.WriteEntry.ledger", "foundation.ReadEntry.act", "foundation.ReadEntry.ledger",
            "foundation.WriteSealLock.name", "foundation.ReadSealLock.name", "organisation.EmergencyRow.ledger",
            "organisation.EmergencyLook.article", "organisation.PolicyReview.table", "ledgers.FactRow.fact", "ledgers.OutboxEntry.fact",
            "ledgers.Source.ledger", "ledgers.OwnLayout.ledger", "ledgers.ImportBatch.ledger", "ledgers.LearntSynonym.code_list",
            "casework.RunningClock.pack", "casework.RunningClock.ledger", "casework.ClockEvent.option", "casework.ClockEvent.term",
            "casework.ClockEvent.column", "casework.ClockDecision.question", "casework.ClockDecision.checklist",
            "casework.Due.schedule", "casework.Due.closed_reason", "casework.Due.found", "casework.HandOver.keeper", "casework.HandOver.reason",
            "casework.DataRequest.compartment", "casework.DataRequest.answered_way", "casework.DataRequestItem.compartment",
            "casework.DataRequestItem.ledger", "casework.DataRequestItem.ground", "casework.DataRequestItem.rows",
            "casework.DataRequestStep.compartment", "casework.DataRequestStep.step",
            "casework.GateAct.gate", "casework.GateAct.ledger", "casework.GateAct.articles", "casework.GateAct.compartment",
            "casework.GateDelivery.gate", "casework.GateDelivery.articles", "casework.GateDelivery.compartment",
            "casework.HandOverRow.ledger", "casework.Paper.source", "casework.PaperFigure.indicator", "casework.PaperFigure.part",
            "casework.PaperFigure.breakdown", "casework.PaperStep.from_state", "casework.ProcedureStep.procedure",
            "casework.ProcedureStep.step", "casework.ProcedureStep.from_state", "casework.ProcedureStep.to_state",
            "casework.Reminder.occasion", "enforcement.AdmissionCheck.ground", "enforcement.AdmissionCheck.answers",
            "rehabilitation.Referral.fields", "rehabilitation.Campaign.place_ids",
            "rehabilitation.SupportReview.needs", "rehabilitation.Control.basis", "rehabilitation.Measure.schedule", "rehabilitation.Client.sex",
            "situation.FigureStep.step", "governance.PublishedScheme.content", "governance.PublishedRewardTable.content", "governance.ManualEntry.clause",
            "governance.ScoreSnapshot.grade", "governance.Return.form", "governance.TargetPlan.indicator",
            "governance.TargetPlan.title", "governance.TargetPlan.unit", "governance.TargetPlan.method",
            "governance.ImpactSignOff.content", "governance.PublishedScheme.title", "governance.SchemeRevision.place",
            "governance.PublishedRewardTable.title", "governance.RewardRevision.place", "governance.RewardDraft.begun_from", "governance.NumberSeries.head",
            "governance.Letter.head", "governance.RoundSection.clause", "governance.SelfScore.clause", "governance.ClauseReview.clause",
            "governance.AssessmentEvidence.clause", "governance.AssessmentEvidence.ledger", "governance.SampleFrame.ledger",
            "governance.Objection.clause", "governance.AssessmentResult.grade", "governance.AssessmentResult.scheme_code",
            "governance.AssessmentResult.scheme_version", "governance.AssessmentRound.state", "governance.Assessment.state",
            "governance.AssessmentRound.commitment", "governance.InspectionMark.item", "governance.InspectionPhoto.item",
            "governance.Consequence.state", "governance.Consequence.rule",
            "governance.Consequence.table", "governance.Consequence.table_version", "governance.Consequence.rule_text",
            "governance.Consequence.rule_source", "governance.Consequence.article", "governance.Consequence.system",
            "governance.Consequence.ending",
            "governance.PatternQuestion.subject", "governance.PatternQuestion.group",
            "governance.PatternQuestion.state", "governance.PatternRow.row", "governance.PatternLook.month",
            "governance.PictureSigns.row", "governance.PictureSigns.signs",
        }
    ),
    "figures, or how cells are read, never a cell of a person": frozenset(
        {
            "ledgers.FactRow.data", "ledgers.SavedRecipe.content", "ledgers.OwnLayout.content", "ledgers.ImportBatch.reading",
            "casework.PaperFigure.slice", "casework.PaperFigure.text", "situation.FormLayout.bindings", "situation.FormFilling.cells",
            "situation.FormFilling.missing", "situation.FigureQuestion.on_file", "situation.FigureQuestion.measure",
            "situation.PublishedFigure.area", "situation.PublishedFigure.measure_unit", "situation.PublishedFigure.base_note",
            "governance.Letter.targets", "governance.Letter.parties", "governance.Letter.content", "governance.ScoreSnapshot.clauses",
            "governance.Return.cells", "governance.SupervisionOrder.cited", "governance.TargetPlan.parameters",
            "governance.TargetShare.why", "governance.AssessmentResult.clauses", "governance.AssessmentResult.shown",
            "governance.SampleFrame.ids", "casework.RetentionPlan.content", "governance.Consequence.met",
            "governance.PatternLook.looked",
        }
    ),
    "written by a program in fixed sentences around days and codes": frozenset(
        {
            "foundation.WriteEntry.summary", "casework.RunningClock.trouble", "casework.HandOver.basis",
            "prevention.ReachPlan.label", "prevention.LessonPlan.label", "prevention.SurveyPlan.label",
        }
    ),
    "ciphertext of the audit or of a file on its way in, under keys of its own": frozenset(
        {
            "foundation.WriteEntry.reason_stored", "foundation.RowChange.before", "foundation.RowChange.after",
            "foundation.ReadEntry.reason_stored", "foundation.ReadEntry.purpose_stored", "ledgers.StagedBlock.payload",
        }
    ),
    "an opaque key or a blind index": frozenset(
        {
            "foundation.ReadEntry.row_ids", "casework.RunningClock.person", "casework.Due.person", "casework.Paper.source_id",
            "casework.GateAct.person", "casework.GateDelivery.person",
            "enforcement.EnforcementTest.who_index", "enforcement.Party.who_index", "enforcement.Penalty.who_index",
            "rehabilitation.Client.name_index", "rehabilitation.Client.id_index", "rehabilitation.TestDraw.frozen", "rehabilitation.TestDraw.drawn",
            "treatment.Patient.name_index", "treatment.Patient.id_index",
            "governance.InspectionRound.frame", "governance.InspectionRound.short", "governance.InspectionRound.drawn",
            "governance.InspectionVisit.files", "governance.InspectionMark.lot", "governance.InspectionPhoto.lot",
            "rehabilitation.OwnCode.code_index", "rehabilitation.OwnCode.pin",
        }
    ),
    "name of a place, an office, a school, an association, a laboratory, a team or a post": frozenset(
        {
            "organisation.Division.name", "organisation.Unit.name", "organisation.Unit.short_name", "organisation.Post.title",
            "casework.ClockEvent.approved_by", "casework.ClockDecision.office", "enforcement.EnforcementTest.institution",
            "enforcement.Movement.place", "enforcement.Operation.organiser", "enforcement.Operation.lead_unit",
            "prevention.Place.name", "prevention.Activity.place_name", "prevention.Patch.bounds", "prevention.Patch.responsible",
            "prevention.MaterialMove.counterpart", "prevention.School.name", "prevention.Lesson.teacher",
            "prevention.AwarenessSurvey.organiser", "prevention.SafetySurvey.organiser", "prevention.AwarenessSurvey.stratum",
            "prevention.SafetySurvey.stratum", "participation.Association.title", "participation.ServiceContract.buyer",
            "participation.StaffMember.workplace", "participation.Volunteer.team", "situation.ForeignForm.sent_by",
            "situation.PublishedFigure.publisher", "situation.FigureRequest.asked_by", "situation.WaterSample.site",
            "situation.WaterSample.laboratory", "governance.Meeting.chair", "governance.TargetPlan.gap_owner",
            "governance.Objection.answered_by_unit",
        }
    ),
    "number of a document, a slip, an exhibit, a wave of a survey; an association's public registration": frozenset(
        {
            "casework.ClockEvent.paper", "casework.ClockDecision.paper", "enforcement.Movement.exhibit",
            "rehabilitation.Inspection.document", "prevention.MaterialMove.slip", "prevention.Activity.evidence",
            "prevention.AwarenessSurvey.wave", "prevention.SafetySurvey.wave", "participation.Association.registration",
            "participation.ServiceContract.document", "governance.UnitPlan.document",
        }
    ),
    "work name or account of a public servant, who answers for the act under it": frozenset(
        {
            "organisation.PostTerm.holder_name", "organisation.Account.username", "organisation.Account.name",
            "casework.Due.paper_seen_by", "enforcement.EnforcementTest.testers", "enforcement.Movement.handlers",
            "rehabilitation.CommunityTest.testers", "rehabilitation.Release.meeters", "rehabilitation.Release.met_by",
            "rehabilitation.Absence.seen_by", "rehabilitation.Warned.warned_by", "rehabilitation.Encouraged.given_by",
            "prevention.SurveyRound.surveyors", "prevention.Eradication.witnesses",
        }
    ),
    "network address of who read; for the inspectors": frozenset({"foundation.ReadEntry.address"}),
    "words about offices, plans, places, forms and figures; no row of a person stands behind them": frozenset(
        {
            "organisation.RoleGrant.reason", "organisation.PolicyReview.remark", "organisation.ApiToken.purpose",
            "ledgers.Source.title", "ledgers.OwnLayout.title", "ledgers.LearntSynonym.text", "enforcement.Operation.title",
            "prevention.Activity.title", "prevention.Lesson.topic", "participation.Association.focus",
            "situation.ReopenNotice.quoted_in", "situation.Population.source", "situation.ForeignForm.title",
            "situation.PublishedFigure.source_title", "situation.FigureRequest.title", "situation.FigureQuestion.text",
            "governance.Letter.title", "governance.Letter.amends_reason", "governance.Letter.closed_reason",
            "governance.UnitPlan.title", "governance.UnitPlan.last_year", "governance.UnitPlan.arrangement",
            "governance.UnitTask.duty", "governance.UnitTask.task", "governance.UnitTask.done_when",
            "governance.UnitTask.first_quarter", "governance.UnitTask.second_quarter", "governance.UnitTask.third_quarter",
            "governance.UnitTask.fourth_quarter", "governance.UnitTask.evidence", "governance.ImpactSignOff.conclusion",
            "governance.TargetPlan.gap_reason", "governance.TargetShare.reason", "governance.TargetMove.reason",
        }
    ),
    "codes of a form served, needs, programmes and bids of units: about offices": frozenset(
        {
            "casework.ServedPaper.form", "casework.ServedPaper.regime", "casework.ServedPaper.ledger", "casework.PaperService.articles",
            "governance.UnitNeed.what", "governance.UnitNeedStep.step", "governance.UnitNeedStep.words", "governance.TaskEvidence.ledger",
            "governance.Programme.title", "governance.Programme.document", "governance.ProgrammeGoal.indicator",
            "governance.ProgrammeReview.figures",
            "governance.TargetMove.document", "governance.TargetBid.reason", "governance.TargetBid.answer",
        }
    ),
}  # fmt: skip
