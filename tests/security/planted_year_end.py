"""A yearly assessment under way, planted for the walk: what a town says of itself is its own, the office's and its reviewers'."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from qingyuan.documents.qr import qr_png
from qingyuan.governance.actions import assessment_evidence, assessment_rounds, assessments
from qingyuan.governance.actions.assessment_evidence import Upload
from qingyuan.governance.actions.assessment_rounds import Terms
from qingyuan.governance.actions.assessments import Own
from tests.cast import TODAY

OFFICE = ("clerk", "leader", "auditor")
TOWNS = (
    ("longdong", "supervisor", "龙", ("caseworker", "colleague", "supervisor", "town_leader")),
    ("shiqiao", "stranger", "石", ("stranger", "far_caseworker")),
)


def plant_year_end(planted: Any) -> None:
    """A round sampled and opened: each town wrote a reason, a scan and a note for a clause that education reviews, and for one it does not."""
    city = planted.city
    days = {"self_by": TODAY + timedelta(days=9), "review_by": TODAY + timedelta(days=20), "scored_on": TODAY}
    terms = Terms(**days, object_days=5, answer_days=10, sections={"3.2": city.units["education"].pk})
    clerk = city.actor("clerk")
    round = assessment_rounds.draft(year=2022, terms=terms, by=clerk)
    round = assessment_rounds.take(round=round, step="open", by=clerk)
    given = {"ledger": "meetings", "share": "10", "least": "1"}
    round = assessment_rounds.take(round=round, step="freeze", by=clerk, given=given)
    planted.round = assessment_rounds.take(round=round, step="reveal", by=clerk)
    for town, who, mark, own in TOWNS:
        case = planted.round.assessments.get(unit=city.units[town])
        for clause, words, readers in (("1.1", "暗自", (*own, *OFFICE)), ("3.2", "暗审", (*own, *OFFICE, "liaison"))):
            given_points = {clause: Own("2", f"{words}理{mark}")}
            assessments.write_own(case=case, given=given_points, by=city.actor(who))
            upload = Upload(f"{words}证{mark}.png", qr_png(f"{words} {mark}"))
            assessment_evidence.add_file(case=case, clause=clause, upload=upload, note=f"{words}注{mark}", by=city.actor(who))
            planted.hide(f"{words}理{mark}", "why a unit scores itself so", *readers, "auditor", "security")
            planted.hide(f"{words}注{mark}", "what evidence says", *readers, "auditor", "security")
            planted.hide(f"{words}证{mark}", "the name of a file", *readers)
