"""Last year's assessment, through the actions people use, each step on its own day: published, with one objection won, one lost."""

from __future__ import annotations

import random
from datetime import date, datetime
from pathlib import Path
from typing import Final

from qingyuan import governance
from qingyuan.demo.governing import city
from qingyuan.demo.loading import keeper
from qingyuan.demo.questions import joint_picture
from qingyuan.demo.story import questions as story
from qingyuan.demo.story.telling import SEED
from qingyuan.foundation import clock
from qingyuan.governance.actions import (
    assessment_evidence,
    assessment_rounds,
    assessments,
    letters,
    manual,
    schemes,
    signing,
)
from qingyuan.governance.actions.assessment_evidence import Upload
from qingyuan.governance.actions.assessment_rounds import Terms
from qingyuan.governance.actions.assessments import Own
from qingyuan.governance.models import Assessment, AssessmentRound, Letter, ManualEntry, Return, SampleItem
from qingyuan.governance.queries import assessment_state as reads
from qingyuan.governance.queries.letters import pdf_of
from qingyuan.governance.queries.trees import tree_of
from qingyuan.governance.rules.assessments import usual_terms
from qingyuan.organisation.models import Unit

YEAR: Final = 2021
# Leaders changed in July 2021 and signed anew; the earlier letters are not kept here.
SIGNED_ON, OPENED_ON = date(2021, 7, 8), date(2022, 1, 5)
FROZEN_ON, CHECKED_ON, FILED_ON = date(2022, 1, 6), date(2022, 1, 18), date(2022, 1, 12)
REVIEWED_ON, CONFIRMED_ON, NOTICED_ON = date(2022, 1, 24), date(2022, 1, 25), date(2022, 1, 26)
OBJECTED_ON, ANSWERED_ON = date(2022, 1, 27), date(2022, 2, 9)
SETTLED_ON, PUBLISHED_ON = date(2022, 2, 14), date(2022, 2, 16)
SECTIONS: Final = {"3.1": "propaganda", "3.2": "justice"}
WON, LOST = "普安镇", "沙子镇"
AWARENESS: Final = {"落别乡": "92.4", "大寨乡": "93.8"}


def assess_last_year() -> AssessmentRound:
    """Letters of 2021, their round, every step; the units of the story object to one clause each."""
    round = _opened(_letters())
    _check(round)
    for case in _cases(round):
        _self_score(case)
    for case in _cases(round):
        _review(case)
    assessment_rounds.notify_ready(round=round, by=keeper("office"), at=_at(NOTICED_ON, 9))
    _object(round)
    assessment_rounds.settle_due(round=round, by=keeper("office"), at=_at(SETTLED_ON, 9))
    return assessment_rounds.take(round=round, step="publish", by=keeper("leader"), at=_at(PUBLISHED_ON, 10))


def _letters() -> list[Letter]:
    """The sheet of 2022 with the days of 2021: the city kept its rules."""
    clerk = keeper("office")
    text = (Path(governance.__file__).parent / "schemes" / "town-2022.yaml").read_text(encoding="utf-8")
    for new, old in (("2021 年禁毒", "2022 年禁毒"), ("valid_from: 2021-01-01", "valid_from: 2022-01-01"), ("valid_to: 2022-01-01", "valid_to: 2023-01-01")):
        text = text.replace(old, new)
    terms = letters.Issue(
        city=city(), year=YEAR, scheme=schemes.publish_scheme(text=text, by=clerk), issuer=Unit.objects.get(code="office"),
        on=SIGNED_ON, head="云禁责",
    )  # fmt: skip
    issued = letters.issue_for_towns(terms=terms, by=clerk)
    for letter in issued:
        name = f"{letter.number}签字页.pdf"
        signing.file_signed_page(letter=letter, data=pdf_of(letter), file_name=name, signed_on=SIGNED_ON, by=clerk)
    return issued


def _opened(issued: list[Letter]) -> AssessmentRound:
    assert issued, "an assessment has letters"
    units = {unit.code: unit.pk for unit in Unit.objects.filter(code__in=SECTIONS.values())}
    terms = Terms(
        **usual_terms(OPENED_ON), scored_on=date(YEAR, 12, 31), object_days=5, answer_days=10,
        sections={clause: units[code] for clause, code in SECTIONS.items()},
    )  # fmt: skip
    clerk = keeper("office")
    round = assessment_rounds.draft(year=YEAR, terms=terms, by=clerk, at=_at(OPENED_ON, 8))
    return assessment_rounds.take(round=round, step="open", by=clerk, at=_at(OPENED_ON, 9))


def _check(round: AssessmentRound) -> None:
    """A tenth of the activities of each town, one at least, looked at by the justice bureau and the office."""
    clerk = keeper("office")
    given = {"ledger": "activities", "share": "5", "least": "1"}
    round = assessment_rounds.take(round=round, step="freeze", by=clerk, given=given, at=_at(FROZEN_ON, 9))
    assessment_rounds.take(round=round, step="reveal", by=clerk, at=_at(FROZEN_ON, 15))
    chance = random.Random(f"{SEED} assessment check")
    for number, item in enumerate(SampleItem.objects.filter(frame__assessment__round=round).order_by("frame__assessment__letter__serial", "place")):
        partly = chance.random() < 0.08
        assessments.record_finding(
            item=item,
            finding="partly" if partly else "true",
            found="照片齐全,签到册缺一页,已经补报。" if partly else "看了现场照片和签到册,与台账一致。",
            found_on=CHECKED_ON,
            by=keeper("justice" if number % 2 else "office"),
            at=_at(CHECKED_ON, 16),
        )


def _cases(round: AssessmentRound) -> list[Assessment]:
    rows = round.assessments.select_related("round", "letter__scheme", "letter__unit", "unit", "division", "issuer")
    return list(rows.order_by("letter__serial"))


def _self_score(case: Assessment) -> None:
    """Each town files in time; two say in words what they did for the check of their files."""
    by = keeper(case.unit.code)
    if case.unit.short_name in (WON, LOST):
        own = {"3.2": Own("5", "档案按人建齐,帮扶措施逐月记录。")}
        assessments.write_own(case=case, given=own, by=by, at=_at(FILED_ON, 9))
        _evidence(case)
    if case.unit.short_name in story.TOGETHER_TOWNS:
        upload = Upload("两乡联合宣传.jpg", joint_picture())
        assessment_evidence.add_file(
            case=case, clause="3.2", upload=upload, note="两乡联合宣传现场", by=by, at=_at(FILED_ON, 9)
        )
    statement = "全年专题研究、报到、协议、检测均按责任书办理,缺检和迟报的已在平台说明。"
    assessments.take(case=case, step="file", by=by, given={"statement": statement}, at=_at(FILED_ON, 10))


def _evidence(case: Assessment) -> None:
    """A record the unit itself kept: its last return of the year."""
    filed = Return.objects.filter(unit=case.unit, period=f"{YEAR}-12").order_by("form").first()
    assert filed is not None, "every town filed its return of December"
    assessment_evidence.add_row(
        case=case, clause="3.2", ledger="returns", row_id=filed.pk, note="十二月报表,工作人员和活动数", by=keeper(case.unit.code),
        at=_at(FILED_ON, 9),
    )  # fmt: skip


def _review(case: Assessment) -> None:
    chance = random.Random(f"{SEED} assessment {case.unit.code}")
    for review in case.reviews.select_related("assessment", "unit").order_by("clause"):
        by = keeper(review.unit.code)
        asked = reads.unanswered(case, review.clause)
        if asked:
            value, words = _judged(case, review.clause, chance)
            assessments.set_number(review=review, value=value, key=next(iter(asked)), opinion=words, by=by, at=_at(REVIEWED_ON, 10))
            continue
        if tree_of(case.letter, case.round.scored_on).clause(review.clause).state in reads.STANDS:
            assessments.confirm(review=review, opinion="", by=by, at=_at(REVIEWED_ON, 10))
            continue
        assessments.set_number(
            review=review, value=_full(case, review.clause), opinion="当年没有应办事项,按满分计。", by=by, at=_at(REVIEWED_ON, 10)
        )
    _confirm(case, CONFIRMED_ON)


def _judged(case: Assessment, clause: str, chance: random.Random) -> tuple[str, str]:
    """What the reviewing unit gave for an input that people answer."""
    if clause == "3.1":
        return AWARENESS.get(case.unit.short_name, f"{chance.uniform(95.1, 98.8):.1f}"), "第三方电话调查,每个乡镇 300 份。"
    if clause == "3.2":
        value = {WON: "3", LOST: "2.5"}.get(case.unit.short_name, chance.choice(("4", "4.5", "5")))
        return value, "抽查档案 5 份,对照帮扶记录评定。"
    if clause == "1.3":
        return chance.choice(("0", "0", "0", "1")), "督办台账核对。"
    return "0", "全年核查,没有发现。"


def _full(case: Assessment, clause: str) -> str:
    return format(tree_of(case.letter, case.round.scored_on).clause(clause).of.normalize(), "f")


def _confirm(case: Assessment, on: date) -> None:
    """The leader is the second person, of what the leader gave the clerk."""
    leader, clerk = keeper("leader"), keeper("office")
    for entry in ManualEntry.objects.standing().filter(letter=case.letter, reviewed_at=None):
        manual.review(entry=entry, by=clerk if entry.by_id == leader.account_id else leader, at=_at(on, 15))


def _object(round: AssessmentRound) -> None:
    """Two towns object to the points of their files: one had a cupboard nobody was shown, the other says what was seen already."""
    told = {
        WON: ("5", "抽查时另有两份档案在社区服务站,没有调取;请复看。", "upheld", "4.5", "到社区服务站调取档案复看,两份齐全,改为 4.5 分。"),
        LOST: ("4", "档案已经补齐。", "rejected", "", "补齐的日期在年度以后,不计入 2021 年;维持 2.5 分。"),
    }
    for case in _cases(round):
        if case.unit.short_name not in told:
            continue
        wanted, reason, decision, value, answer = told[case.unit.short_name]
        given = {"clause": "3.2", "wanted": wanted, "reason": reason}
        assessments.take(case=case, step="object", by=keeper(case.unit.code), given=given, at=_at(OBJECTED_ON, 10))
        given = {"clause": "3.2", "decision": decision, "points": value, "reason": answer}
        assessments.take(case=case, step="answer", by=keeper("leader"), given=given, at=_at(ANSWERED_ON, 10))
        _confirm(case, ANSWERED_ON)


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 20, tzinfo=clock.ZONE)
