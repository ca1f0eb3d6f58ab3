"""Every address there is and who may open it. A new address without a line here fails the census.

The walk (tests/security) reads the same table: what is not PUBLIC sends a stranger to the sign-in page, and a role that
the line's question refuses gets 403 or 404 whatever object it names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.urls import URLPattern, URLResolver, get_resolver


class Gate(StrEnum):
    """What is asked before the page answers."""

    PUBLIC = "open to everyone"
    SIGNED_IN = "any account; shows only what is the account's own"
    SCOPED = "any account with a range; rows through visible_to, figures with small numbers closed"
    LEDGER_READ = "may read the ledger; rows through visible_to"
    LEDGER_EXPORT = "may export the ledger; rows through visible_to"
    LEDGER_CREATE = "may create in the ledger"
    LEDGER_OPEN = "may read the sealed ledger; one row by its whole number, purpose and article in the read audit first"
    LEDGER_CHANGE = "may change this row"
    LEDGER_VOID = "may void this row"
    REVEAL = "reads clear; each look is logged before it is shown"
    BATCH = "who brought the batch in, or a colleague of the unit with the right"
    SOURCE = "a unit's own, for those who enter rows in its ledger"
    CLIENT = "the client's caseworker and supervisor"
    DUE = "the due's caseworker and supervisor"
    CLOCK = "who may read the row the clock runs for; what is recorded: who may change it"
    HANDOVER = "the two sides of the hand-over, each its caseworker and supervisor; for superiors what is late, unnamed"
    HANDOVER_WRITE = "may give, take or take back; in the own unit its supervisor reassigns"
    SUBSTITUTION = "who is in it, who answers for the unit, who keeps accounts"
    DESK = "requests_visible: one's own unit's, for who reads names there; answered by who may_answer"
    CAMPAIGN = "campaigns_visible; lines_visible, offered: the own unit's by name, for others counts with small numbers closed"
    ADMISSION = "checks_visible, party_for: the police unit that handles the case"
    REFERRAL = "referrals: one's own people's; inbox: to one's own unit while the consent holds; for office and police closed counts"
    GATE = "acts_visible, inbox: one's own unit's on each side of a wall; signed by who may, with a fresh proof"
    LETTER = "letters_visible"
    LETTER_WRITE = "may issue, sign or assess the letter"
    ARCHIVE = "may_take_archive: the office, its leaders and inspectors; kept by office and leaders"
    RETURN = "returns_visible"
    RETURN_WRITE = "may take this step of the return"
    CLOSING = "town supervisor and leader, commission clerk and leader; steps only in one's own place"
    TARGET = "the commission and the towns concerned"
    DUTY = "tasks of the ledger, needs_visible: of one's own unit both ways; the commission and the inspectors all"
    PROGRAMME = "may_keep_programmes: who reads the city's own work; drafted by the office, adopted by its leaders"
    SCHEME = "published schemes: every account with a range"
    SCHEME_DRAFT = "may_read_drafts: the office, its leaders and the inspectors; written by the office, published by a second person"
    PAPER = "papers_visible: one's own unit's, those served on it, those issued in one's range"
    PAPER_WRITE = "may take this step of the paper"
    SERVED = "who may read the row the paper is about; what is made or served: who may change it"
    REGISTER = "papers_visible for papers between units; served_visible and closed_numbers for those to persons"
    FOREIGN_FORM = "forms of one's own unit, forms_visible"
    FOREIGN_FORM_WRITE = "may keep the forms of one's own unit"
    FIGURE_REQUEST = "requests_visible: the office that handles them; answers_visible: what one's own unit is asked"
    FIGURE_REQUEST_WRITE = "may keep the requests of one's own unit"
    FIGURE_ANSWER = "answers_visible: what one's own unit is asked"
    ORDER = "orders_visible: sent ones by the ledger's rules, one's own office's from the draft; steps by the procedure"
    ASSESSMENT = "assessments_visible, rounds_visible: the office, the unit assessed, its reviewers; steps by the procedure"
    CONSEQUENCE = "consequences_visible: told to the unit, opened to the city, proposed by one's own office; steps by the procedure"
    ASSESSMENT_WRITE = "may_run_rounds: the office that prepares a round"
    INSPECTION = "visits_visible, rounds_visible: one's own town's; the four departments, the office; steps by who may take them"
    INSPECTION_WRITE = "may_plan: the office that organises inspections"
    ORDER_WRITE = "may draft orders for one's own unit"
    QUESTION = "questions_visible: sent ones by who looks over the range and by the unit asked, found ones by its office; steps by the procedure"
    AUDIT = "inspectors and the security officer; whoever leads a unit, for that unit's people alone"
    POLICY = "inspectors and the security officer; signed by the security officer"
    ACCOUNTS = "inspectors read, the security officer changes, each inside the own range"
    EMERGENCY = "one's own looks; those of one's unit for its leaders; all in range for inspectors; never one's own review"
    RETENTION = "who the table lets read plans of what ends; proposed by one, approved by another, ids and counts alone"
    IMPACT = "may_read_impact: the security officer and the inspectors; signing may_sign_impact"
    DEVELOPERS = "shown in the demo and in development; holds no data"


GATES: dict[str, Gate] = {
    "web:retention": Gate.RETENTION,
    "web:retention-propose": Gate.RETENTION,
    "web:retention-plan": Gate.RETENTION,
    "web:retention-file": Gate.RETENTION,
    "web:retention-approve": Gate.RETENTION,
    "web:retention-drop": Gate.RETENTION,
    "web:retention-carry-out": Gate.RETENTION,
    "web:impact": Gate.IMPACT,
    "web:impact-sign": Gate.IMPACT,
    "web:impact-file": Gate.IMPACT,
    "web:impact-signed-file": Gate.IMPACT,
    "web:sign-in": Gate.PUBLIC,
    "web:sign-out": Gate.PUBLIC,
    "web:language": Gate.PUBLIC,
    "web:profile": Gate.SIGNED_IN,
    "web:password": Gate.SIGNED_IN,
    # the second stage: only with a sign-in of one's own that waits for it; the provider's answer: only with its own state
    "web:second-factor": Gate.PUBLIC,
    "web:sso": Gate.PUBLIC,
    "web:sso-return": Gate.PUBLIC,
    "web:prove": Gate.SIGNED_IN,
    "web:security": Gate.SIGNED_IN,
    "web:factor-app": Gate.SIGNED_IN,
    "web:factor-passkey": Gate.SIGNED_IN,
    "web:factor-codes": Gate.SIGNED_IN,
    "web:factor-remove": Gate.SIGNED_IN,
    "web:session-end": Gate.SIGNED_IN,
    "web:sessions-end": Gate.SIGNED_IN,
    "web:token-make": Gate.SIGNED_IN,
    "web:token-withdraw": Gate.SIGNED_IN,
    "web:home": Gate.SIGNED_IN,
    "web:today": Gate.SCOPED,
    "web:reminders": Gate.SIGNED_IN,
    "web:reminder-choices": Gate.SIGNED_IN,
    "web:reminder-contact-enter": Gate.SIGNED_IN,
    "web:reminder-contact-prove": Gate.SIGNED_IN,
    "web:reminder-contact-forget": Gate.SIGNED_IN,
    "web:today-all": Gate.SCOPED,
    "web:today-export": Gate.SCOPED,
    "web:gallery": Gate.DEVELOPERS,
    "web:people": Gate.CLIENT,
    "web:campaigns": Gate.CAMPAIGN,
    "web:campaign-new": Gate.CAMPAIGN,
    "web:campaign": Gate.CAMPAIGN,
    "web:campaign-withdraw": Gate.CAMPAIGN,
    "web:campaign-export": Gate.CAMPAIGN,
    "web:campaign-plans": Gate.CAMPAIGN,
    "web:campaign-line": Gate.CAMPAIGN,
    "web:campaign-line-answer": Gate.CAMPAIGN,
    "web:campaign-admissions": Gate.ADMISSION,
    "web:admission-sign": Gate.ADMISSION,
    "web:admission-withdraw": Gate.ADMISSION,
    "web:referrals": Gate.REFERRAL,
    "web:referral": Gate.REFERRAL,
    "web:referral-answer": Gate.REFERRAL,
    "web:referral-close": Gate.REFERRAL,
    "web:referral-withdraw": Gate.REFERRAL,
    "web:person-help": Gate.CLIENT,
    "web:person-refer": Gate.CLIENT,
    "web:person-review": Gate.CLIENT,
    "web:person-objection": Gate.CLIENT,
    "web:person-absence-reason": Gate.CLIENT,
    "web:person-own": Gate.CLIENT,
    "web:person-own-revoke": Gate.CLIENT,
    "web:person-own-answer": Gate.CLIENT,
    "web:person-own-phone": Gate.CLIENT,
    "web:person-own-texts-stop": Gate.CLIENT,
    # the person's own: opened by a code on paper and a PIN, for five minutes
    "web:own-page": Gate.PUBLIC,
    "web:own-pin": Gate.PUBLIC,
    "web:own-ask": Gate.PUBLIC,
    "web:own-texts": Gate.PUBLIC,
    "web:own-out": Gate.PUBLIC,
    "web:person-detail": Gate.CLIENT,
    "web:person-reveal": Gate.REVEAL,
    "web:person-test": Gate.CLIENT,
    "web:person-record": Gate.CLIENT,
    "web:person-plan": Gate.CLIENT,
    "web:person-plan-look": Gate.CLIENT,
    "web:person-draws": Gate.CLIENT,
    "web:person-draw-begin": Gate.CLIENT,
    "web:person-draw": Gate.CLIENT,
    "web:person-draw-sheet": Gate.CLIENT,
    "web:person-draw-step": Gate.CLIENT,
    "web:person-reads": Gate.CLIENT,
    "web:indicators": Gate.SCOPED,
    "web:indicator": Gate.SCOPED,
    "web:indicator-fair": Gate.SCOPED,
    "web:indicator-rows": Gate.SCOPED,
    "web:indicator-export": Gate.SCOPED,
    "web:clinic-entries": Gate.LEDGER_READ,
    "web:clinic-entries-export": Gate.LEDGER_EXPORT,
    "web:outcomes": Gate.SCOPED,
    "web:outcomes-export": Gate.SCOPED,
    "web:situation": Gate.SCOPED,
    "web:situation-circular": Gate.SCOPED,
    "web:letters": Gate.LETTER,
    "web:letter-export": Gate.LETTER,
    "web:letter-issue": Gate.LETTER_WRITE,
    "web:archive-keep": Gate.ARCHIVE,
    "web:archive-file": Gate.ARCHIVE,
    "web:archive-check": Gate.ARCHIVE,
    "web:archive-own": Gate.LETTER,
    "web:letter-score": Gate.LETTER,
    "web:letter-live": Gate.LETTER,
    "web:letter-curve": Gate.LETTER,
    "web:letter-forecast": Gate.LETTER,
    "web:letter-moved": Gate.LETTER,
    "web:letter-sheet": Gate.LETTER,
    "web:letter-text": Gate.LETTER,
    "web:letter-file": Gate.LETTER,
    "web:letter-verify": Gate.LETTER,
    "web:letter-signing": Gate.LETTER,
    "web:letter-print": Gate.LETTER,
    "web:letter-sign": Gate.LETTER_WRITE,
    "web:letter-scan": Gate.LETTER,
    "web:letter-amend": Gate.LETTER_WRITE,
    "web:letter-void": Gate.LETTER_WRITE,
    "web:letter-give": Gate.LETTER_WRITE,
    "web:letter-given-review": Gate.LETTER_WRITE,
    "web:letter-given-withdraw": Gate.LETTER_WRITE,
    "web:schemes": Gate.SCHEME,
    "web:scheme-published": Gate.SCHEME,
    "web:scheme-file": Gate.SCHEME,
    "web:scheme-begin": Gate.SCHEME_DRAFT,
    "web:scheme-import": Gate.SCHEME_DRAFT,
    "web:scheme-inputs": Gate.SCHEME_DRAFT,
    "web:scheme-draft": Gate.SCHEME_DRAFT,
    "web:scheme-draft-file": Gate.SCHEME_DRAFT,
    "web:scheme-sheet": Gate.SCHEME_DRAFT,
    "web:scheme-group": Gate.SCHEME_DRAFT,
    "web:scheme-clause": Gate.SCHEME_DRAFT,
    "web:scheme-arrange": Gate.SCHEME_DRAFT,
    "web:scheme-history": Gate.SCHEME_DRAFT,
    "web:scheme-step": Gate.SCHEME_DRAFT,
    "web:scheme-effect": Gate.SCHEME_DRAFT,
    "web:scheme-effect-letter": Gate.SCHEME_DRAFT,
    "web:closings": Gate.CLOSING,
    "web:closing-ask": Gate.CLOSING,
    "web:closing-move": Gate.CLOSING,
    "web:closing-notice-read": Gate.CLOSING,
    "web:serving": Gate.SERVED,
    "web:serving-register": Gate.REGISTER,
    "web:serving-register-export": Gate.REGISTER,
    "web:served-paper-new": Gate.SERVED,
    "web:served-paper": Gate.SERVED,
    "web:served-paper-edit": Gate.SERVED,
    "web:served-paper-service": Gate.SERVED,
    "web:served-paper-file": Gate.SERVED,
    "web:served-paper-proof": Gate.SERVED,
    "web:served-paper-move": Gate.SERVED,
    "web:papers": Gate.PAPER,
    "web:papers-export": Gate.PAPER,
    "web:papers-inbox": Gate.PAPER,
    "web:paper-new": Gate.PAPER_WRITE,
    "web:paper-preview": Gate.PAPER,
    "web:paper-from-situation": Gate.PAPER_WRITE,
    "web:paper-from-meeting": Gate.PAPER_WRITE,
    "web:paper": Gate.PAPER,
    "web:paper-edit": Gate.PAPER_WRITE,
    "web:paper-refresh": Gate.PAPER_WRITE,
    "web:paper-serve": Gate.PAPER_WRITE,
    "web:paper-receive": Gate.PAPER_WRITE,
    "web:paper-receipt": Gate.PAPER_WRITE,
    "web:paper-check": Gate.PAPER,
    "web:paper-scan": Gate.PAPER,
    "web:paper-file": Gate.PAPER,
    "web:paper-move": Gate.PAPER_WRITE,
    "web:paper-templates": Gate.PAPER_WRITE,
    "web:paper-template-upload": Gate.PAPER_WRITE,
    "web:paper-template-starter": Gate.PAPER_WRITE,
    "web:paper-template-preview": Gate.PAPER_WRITE,
    "web:paper-template-use": Gate.PAPER_WRITE,
    "web:desk": Gate.DESK,
    "web:desk-new": Gate.DESK,
    "web:desk-request": Gate.DESK,
    "web:desk-copy": Gate.DESK,
    "web:desk-step": Gate.DESK,
    "web:desk-from-own": Gate.DESK,
    "web:gates": Gate.GATE,
    "web:gate-new": Gate.GATE,
    "web:gate-act": Gate.GATE,
    "web:gate-second": Gate.GATE,
    "web:gate-give-up": Gate.GATE,
    "web:gate-delivery": Gate.GATE,
    "web:gate-receive": Gate.GATE,
    "web:handovers": Gate.HANDOVER,
    "web:handover-new": Gate.HANDOVER_WRITE,
    "web:handover": Gate.HANDOVER,
    "web:handover-accept": Gate.HANDOVER_WRITE,
    "web:handover-refuse": Gate.HANDOVER_WRITE,
    "web:handover-withdraw": Gate.HANDOVER_WRITE,
    "web:handover-caseload": Gate.HANDOVER,
    "web:handover-reassign": Gate.HANDOVER_WRITE,
    "web:handover-away": Gate.SUBSTITUTION,
    "web:handover-away-end": Gate.SUBSTITUTION,
    "web:returns": Gate.RETURN,
    "web:return-export": Gate.RETURN,
    "web:return-generate": Gate.RETURN_WRITE,
    "web:return": Gate.RETURN,
    "web:return-move": Gate.RETURN_WRITE,
    "web:targets": Gate.TARGET,
    "web:target-propose": Gate.TARGET,
    "web:target-plan": Gate.TARGET,
    "web:target-export": Gate.TARGET,
    "web:target-adjust": Gate.TARGET,
    "web:target-publish": Gate.TARGET,
    "web:target-compare": Gate.TARGET,
    "web:target-bid": Gate.TARGET,
    "web:target-answer": Gate.TARGET,
    "web:target-withdraw": Gate.TARGET,
    "web:target-note": Gate.TARGET,
    "web:target-propose-units": Gate.TARGET,
    "web:target-amend": Gate.TARGET,
    "web:duties": Gate.DUTY,
    "web:duty-take": Gate.DUTY,
    "web:duty-carry": Gate.DUTY,
    "web:duty-unit": Gate.DUTY,
    "web:duty-task": Gate.DUTY,
    "web:duty-report": Gate.DUTY,
    "web:duty-unlink": Gate.DUTY,
    "web:need": Gate.DUTY,
    "web:need-ask": Gate.DUTY,
    "web:need-step": Gate.DUTY,
    "web:year-book": Gate.DUTY,
    "web:year-plan": Gate.DUTY,
    "web:year-summary": Gate.DUTY,
    "web:year-draft": Gate.DUTY,
    "web:programmes": Gate.PROGRAMME,
    "web:programme": Gate.PROGRAMME,
    "web:programme-goal": Gate.PROGRAMME,
    "web:programme-drop": Gate.PROGRAMME,
    "web:programme-adopt": Gate.PROGRAMME,
    "web:programme-review-begin": Gate.PROGRAMME,
    "web:programme-review": Gate.PROGRAMME,
    "web:programme-review-write": Gate.PROGRAMME,
    "web:programme-review-decide": Gate.PROGRAMME,
    "web:programme-review-drop": Gate.PROGRAMME,
    "web:programme-review-paper": Gate.PROGRAMME,
    "web:foreign-forms": Gate.FOREIGN_FORM,
    "web:foreign-form": Gate.FOREIGN_FORM,
    "web:foreign-form-bind": Gate.FOREIGN_FORM,
    "web:foreign-form-save": Gate.FOREIGN_FORM_WRITE,
    "web:foreign-form-revise": Gate.FOREIGN_FORM_WRITE,
    "web:foreign-form-fill": Gate.FOREIGN_FORM_WRITE,
    "web:foreign-form-retire": Gate.FOREIGN_FORM_WRITE,
    "web:foreign-form-blank": Gate.FOREIGN_FORM,
    "web:foreign-form-filling": Gate.FOREIGN_FORM,
    "web:foreign-form-file": Gate.FOREIGN_FORM,
    "web:figure-requests": Gate.FIGURE_REQUEST,
    "web:figure-request-new": Gate.FIGURE_REQUEST_WRITE,
    "web:figure-request": Gate.FIGURE_REQUEST,
    "web:figure-request-question": Gate.FIGURE_REQUEST_WRITE,
    "web:figure-request-export": Gate.FIGURE_REQUEST,
    "web:figure-request-move": Gate.FIGURE_REQUEST_WRITE,
    "web:figure-question": Gate.FIGURE_REQUEST,
    "web:figure-answer": Gate.FIGURE_ANSWER,
    "web:figure-answer-move": Gate.FIGURE_REQUEST_WRITE,
    "web:assessments": Gate.SCOPED,
    "web:assessment-new": Gate.ASSESSMENT_WRITE,
    "web:assessment-round": Gate.ASSESSMENT,
    "web:assessment-edit": Gate.ASSESSMENT,
    "web:assessment-round-step": Gate.ASSESSMENT,
    "web:assessment-all": Gate.ASSESSMENT,
    "web:assessment-circular": Gate.ASSESSMENT,
    "web:sample-frame": Gate.ASSESSMENT,
    "web:sample-finding": Gate.ASSESSMENT,
    "web:assessment": Gate.ASSESSMENT,
    "web:assessment-step": Gate.ASSESSMENT,
    "web:assessment-together": Gate.ASSESSMENT,
    "web:assessment-own": Gate.ASSESSMENT,
    "web:assessment-evidence": Gate.ASSESSMENT,
    "web:assessment-returns": Gate.ASSESSMENT,
    "web:assessment-evidence-file": Gate.ASSESSMENT,
    "web:assessment-evidence-withdraw": Gate.ASSESSMENT,
    "web:assessment-review": Gate.ASSESSMENT,
    "web:assessment-confirm": Gate.ASSESSMENT,
    "web:assessment-objection": Gate.ASSESSMENT,
    "web:assessment-answer": Gate.ASSESSMENT,
    "web:assessment-notice": Gate.ASSESSMENT,
    "web:inspections": Gate.INSPECTION,
    "web:inspection-new": Gate.INSPECTION_WRITE,
    "web:inspection": Gate.INSPECTION,
    "web:inspection-draw": Gate.INSPECTION,
    "web:inspection-sheet": Gate.INSPECTION,
    "web:inspection-notice": Gate.INSPECTION,
    "web:inspection-visit": Gate.INSPECTION,
    "web:inspection-act": Gate.INSPECTION,
    "web:inspection-list": Gate.INSPECTION,
    "web:inspection-mark": Gate.INSPECTION,
    "web:inspection-photo": Gate.INSPECTION,
    "web:inspection-record": Gate.INSPECTION,
    "web:rewards": Gate.SCOPED,
    "web:reward-draft-begin": Gate.SCHEME_DRAFT,
    "web:reward-draft-import": Gate.SCHEME_DRAFT,
    "web:reward-draft": Gate.SCHEME_DRAFT,
    "web:reward-draft-file": Gate.SCHEME_DRAFT,
    "web:reward-draft-sheet": Gate.SCHEME_DRAFT,
    "web:reward-draft-rule": Gate.SCHEME_DRAFT,
    "web:reward-draft-arrange": Gate.SCHEME_DRAFT,
    "web:reward-draft-history": Gate.SCHEME_DRAFT,
    "web:reward-draft-step": Gate.SCHEME_DRAFT,
    "web:reward-ours": Gate.SCOPED,
    "web:reward-rules": Gate.SIGNED_IN,
    "web:reward-rules-paper": Gate.SIGNED_IN,
    "web:reward-export": Gate.CONSEQUENCE,
    "web:reward-propose": Gate.ASSESSMENT,
    "web:reward-all": Gate.ASSESSMENT,
    "web:reward": Gate.CONSEQUENCE,
    "web:reward-step": Gate.CONSEQUENCE,
    "web:reward-file": Gate.CONSEQUENCE,
    "web:reward-notice": Gate.CONSEQUENCE,
    "web:orders": Gate.ORDER,
    "web:orders-flow": Gate.ORDER,
    "web:orders-engagement": Gate.SCOPED,
    "web:orders-engagement-unit": Gate.SCOPED,
    "web:order": Gate.ORDER,
    "web:order-new": Gate.ORDER_WRITE,
    "web:order-edit": Gate.ORDER_WRITE,
    "web:order-file": Gate.ORDER,
    "web:order-step": Gate.ORDER,
    "web:questions": Gate.QUESTION,
    "web:question": Gate.QUESTION,
    "web:question-export": Gate.QUESTION,
    "web:question-file": Gate.QUESTION,
    "web:question-step": Gate.QUESTION,
    "web:search": Gate.SCOPED,
    "web:audit": Gate.AUDIT,
    "web:audit-list": Gate.AUDIT,
    "web:audit-export": Gate.AUDIT,
    "web:audit-verify": Gate.AUDIT,
    "web:audit-write": Gate.AUDIT,
    "web:audit-read": Gate.AUDIT,
    "web:rights": Gate.POLICY,
    "web:rights-ledgers": Gate.POLICY,
    "web:rights-compare": Gate.POLICY,
    "web:rights-why": Gate.POLICY,
    "web:rights-sign": Gate.POLICY,
    "web:rights-csv": Gate.POLICY,
    "web:rights-paper": Gate.POLICY,
    "web:grants": Gate.ACCOUNTS,
    "web:grants-new": Gate.ACCOUNTS,
    "web:grants-account": Gate.ACCOUNTS,
    "web:grant-role": Gate.ACCOUNTS,
    "web:grant-post": Gate.ACCOUNTS,
    "web:grant-disable": Gate.ACCOUNTS,
    "web:grant-sign-in": Gate.ACCOUNTS,
    "web:grant-reset": Gate.ACCOUNTS,
    "web:grant-subject": Gate.ACCOUNTS,
    "web:grant-role-end": Gate.ACCOUNTS,
    "web:grant-post-end": Gate.ACCOUNTS,
    "web:emergency": Gate.EMERGENCY,
    "web:emergency-open": Gate.EMERGENCY,
    "web:emergency-look": Gate.EMERGENCY,
    "web:emergency-close": Gate.EMERGENCY,
    "web:emergency-review": Gate.EMERGENCY,
    # machine interface: the same gates as the pages; each ledger has its own addresses under one set of names
    "api-v1:api-root": Gate.SIGNED_IN,
    "api-v1:openapi-json": Gate.PUBLIC,  # the description of the interface: headings, no row
    "api-v1:ledgers": Gate.SCOPED,
    "api-v1:listed": Gate.LEDGER_READ,
    "api-v1:created": Gate.LEDGER_CREATE,
    "api-v1:opened": Gate.LEDGER_READ,
    "api-v1:change": Gate.LEDGER_CHANGE,
    "api-v1:void": Gate.LEDGER_VOID,
    "api-v1:unseal": Gate.LEDGER_OPEN,
    "api-v1:clocks": Gate.CLOCK,
    "api-v1:clock": Gate.CLOCK,
    "api-v1:situation": Gate.SCOPED,
    "api-v1:indicators": Gate.SCOPED,
    "api-v1:indicator": Gate.SCOPED,
    "api-v1:letters": Gate.LETTER,
    "api-v1:score": Gate.LETTER,
    "web:dues": Gate.SCOPED,
    "web:due-detail": Gate.DUE,
    "web:due-excuse": Gate.DUE,
    "web:due-look-into": Gate.DUE,
    "web:due-withdraw": Gate.DUE,
    "web:clocks": Gate.CLOCK,
    "web:clocks-export": Gate.CLOCK,
    "web:clock": Gate.CLOCK,
    "web:clock-record": Gate.CLOCK,
    "web:clock-choose": Gate.CLOCK,
    "web:clock-correct": Gate.CLOCK,
    "web:clock-withdraw": Gate.CLOCK,
    "web:clock-object": Gate.CLOCK,
    "web:clock-check": Gate.CLOCK,
    "web:clock-decide": Gate.CLOCK,
    "web:ledgers": Gate.SCOPED,
    "web:import-any": Gate.LEDGER_CREATE,
    # A list opens for everyone who comes with the address of a number: how many, whose, and how to ask.
    "web:ledger-list": Gate.SCOPED,
    "web:ledger-export": Gate.LEDGER_EXPORT,
    "web:ledger-template": Gate.LEDGER_READ,
    "web:exhibits": Gate.LEDGER_READ,
    "web:exhibits-export": Gate.LEDGER_EXPORT,
    "web:operation": Gate.LEDGER_READ,
    "web:ledger-open": Gate.LEDGER_OPEN,
    "web:ledger-new": Gate.LEDGER_CREATE,
    "web:import-start": Gate.LEDGER_CREATE,
    "web:ledger-row": Gate.LEDGER_READ,
    "web:ledger-change": Gate.LEDGER_CHANGE,
    "web:ledger-void": Gate.LEDGER_VOID,
    "web:ledger-reveal": Gate.REVEAL,
    "web:import-batch": Gate.BATCH,
    "web:import-progress": Gate.BATCH,
    "web:import-learn": Gate.BATCH,
    "web:import-recheck": Gate.BATCH,
    "web:import-promote": Gate.BATCH,
    "web:import-discard": Gate.BATCH,
    "web:import-bad-rows": Gate.BATCH,
    "web:import-columns": Gate.BATCH,
    "web:import-remember": Gate.BATCH,
    "web:import-read-by": Gate.BATCH,
    "web:import-gone-void": Gate.BATCH,
    "web:ledger-layout": Gate.LEDGER_EXPORT,
    "web:sources": Gate.SOURCE,
    "web:source": Gate.SOURCE,
    "web:source-change": Gate.SOURCE,
    "web:source-recipe": Gate.SOURCE,
    "web:source-teach": Gate.SOURCE,
    "web:source-forget-word": Gate.SOURCE,
    "web:source-forget": Gate.SOURCE,
    "web:source-retire": Gate.SOURCE,
    "web:layouts": Gate.SOURCE,
    "web:layout": Gate.SOURCE,
    "web:layout-remove": Gate.SOURCE,
}
# Besides signing in there is nothing to read for a stranger; adding a name here is a decision of the commission.
PUBLIC = frozenset(
    {
        "web:sign-in",
        "web:second-factor",
        "web:sso",
        "web:sso-return",
        "web:sign-out",
        "web:language",
        "web:own-page",
        "web:own-pin",
        "web:own-ask",
        "web:own-texts",
        "web:own-out",
        "api-v1:openapi-json",
    }
)


@dataclass(frozen=True)
class Address:
    """One pattern of the resolver: its full name, its whole route and the names of its gaps."""

    name: str
    route: str
    gaps: tuple[str, ...]


def addresses(resolver: URLResolver | None = None, route: str = "", namespace: str = "") -> Iterator[Address]:
    """Every pattern below ``resolver`` (the site's by default)."""
    for pattern in (resolver or get_resolver()).url_patterns:
        whole = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern, whole, inner)
        elif isinstance(pattern, URLPattern):
            gaps = tuple(pattern.pattern.regex.groupindex) if not hasattr(pattern.pattern, "converters") else tuple(pattern.pattern.converters)
            yield Address(f"{namespace}{pattern.name or whole}", whole, gaps)
