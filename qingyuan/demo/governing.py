"""What the commission does with its city: returns, the scheme, targets, letters signed on paper, figures people gave."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from qingyuan import governance
from qingyuan.casework.actions import dues
from qingyuan.casework.queries import dues as visible_dues
from qingyuan.demo.city import CITY_NAME, TOWNS
from qingyuan.demo.founding import TERM_BEGAN, seat_accounts
from qingyuan.demo.loading import keeper
from qingyuan.demo.story.handled import chance_of, detained_of, handled_in
from qingyuan.demo.story.telling import SEED
from qingyuan.foundation import clock
from qingyuan.governance.actions import letters, manual, returns, schemes, signing, snapshots, targets
from qingyuan.governance.actions.returns_archive import PaperReturn, archive
from qingyuan.governance.enums import Measure
from qingyuan.governance.forms.catalogue import get_form
from qingyuan.governance.models import Letter
from qingyuan.governance.queries.letters import pdf_of
from qingyuan.governance.targets_rules import Method
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Responsibility
from qingyuan.organisation.models import Division, Post, PostTerm, Unit
from qingyuan.reference.periods import Period
from qingyuan.reference.periods import month as month_of

SIGNED_ON = date(2022, 2, 24)
MONTHS = tuple(month_of(date(year, month, 1)) for year in (2020, 2021, 2022) for month in range(1, 13))[:34]
# Towns that are late with their monthly return more often than others, and units that have not filed October yet.
LATE = {"沙子镇": 0.45, "落别乡": 0.4, "大寨乡": 0.25}
NOT_YET = ("shazi", "luobie", "court")
#: Member units with a letter of their own, and who leads them: the first in charge and the one directly in charge.
MEMBER_LEADERS = {
    "police": ("莫建", "韦诚"),
    "education": ("田敏", "黎安"),
    "youth": ("罗佳", "石磊"),
    "civil_affairs": ("陆平", "覃芳"),
    "health": ("蒙康", "卢宁"),
    "propaganda": ("龙文", "岑晓"),
    "justice": ("吴法", "姚青"),
}
AWARENESS = {"龙洞镇": "96.8", "落别乡": "93.5", "大寨乡": "92.1"}


def city() -> Division:
    return Division.objects.get(name=CITY_NAME)


def posts_of_the_office() -> None:
    """The commission's own post-holders: they sign for it."""
    unit = Unit.objects.get(code="office")
    for title, responsibility, name in (
        ("市禁毒委主任、市长", Responsibility.FIRST, "杜衡"),
        ("市禁毒委副主任、分管副市长", Responsibility.DIRECT, "秦川"),
        ("市禁毒办综合科", Responsibility.LIAISON, "周文"),
    ):
        post = Post.objects.create(unit=unit, title=title, responsibility=responsibility)
        PostTerm.objects.create(post=post, holder_name=name, start=TERM_BEGAN)
    seat_accounts()


def file_returns() -> None:
    """Returns of thirty-four months, locked; October of a few units still open; November asked for."""
    clerk, place = keeper("office"), city()
    units = {unit.code: unit for unit in Unit.objects.all()}
    papers = [
        paper
        for month in MONTHS
        for paper in _papers(month, units)
        if not (month == MONTHS[-1] and paper.unit.code in NOT_YET)
    ]
    archive(papers=papers, city=place, by=clerk)
    for month in (MONTHS[-1], month_of(date(2022, 11, 1))):
        returns.generate_due(city=place, month=month, by=clerk)


def _papers(month: Period, units: dict[str, Unit]) -> Iterator[PaperReturn]:
    chance = chance_of(month, SEED)
    handled = handled_in(month, chance)
    yield _paper(
        "GA-JD-01",
        units["police"],
        month,
        chance,
        {
            "handled": handled,
            "detained": detained_of(handled),
            "relapsed": round(handled * 0.58),
            "suspects": chance.randint(6, 13),
        },
    )
    received = chance.randint(3, 9)
    people = received + chance.randint(0, 4)
    yield _paper(
        "JC-01",
        units["procuratorate"],
        month,
        chance,
        {"received": received, "received_people": people, "charged_people": max(0, people - chance.randint(0, 2))},
    )
    closed = chance.randint(2, 7)
    yield _paper("FY-01", units["court"], month, chance, {"received": closed + chance.randint(1, 5), "closed": closed})
    for town in TOWNS:
        events = chance.randint(1, 6)
        cells = {
            "events": events,
            "school_events": chance.randint(0, events),
            "leaflets": 50 * chance.randint(2, 16),
            "workers": 1 + (town.population > 25_000),
            "surveys": chance.randint(0, 2) if 2 <= month.start.month <= 9 else 0,
        }
        yield _paper("XZ-01", units[town.key], month, chance, cells)


def _paper(form: str, unit: Unit, month: Period, chance: random.Random, cells: dict[str, int]) -> PaperReturn:
    due = get_form(form).due_on(month)
    late = chance.random() < LATE.get(unit.short_name, 0.02)
    filed = due + timedelta(days=chance.randint(1, 6)) if late else due - timedelta(days=chance.randint(0, 3))
    return PaperReturn(
        form=form,
        unit=unit,
        month=month,
        cells=cells,
        filler_name="填报人",
        reviewer_name="审核人",
        filed_on=filed,
        locked_on=filed + timedelta(days=2),
    )


def set_targets() -> None:
    """Three city targets over the towns: meetings in equal shares, two rates with a weighted mean that holds."""
    clerk, place = keeper("office"), city()
    for proposal in (
        targets.Proposal(indicator="G01", total=Decimal(44), method=Method.EQUAL, source="禁毒工作责任制"),
        targets.Proposal(indicator="R01", total=Decimal(90), measure=Measure.RATE, source="年度工作要点"),
        targets.Proposal(indicator="R05", total=Decimal(95), measure=Measure.RATE, source="年度工作要点"),
    ):
        plan = targets.propose(city=place, year=2022, proposal=proposal, by=clerk)
        targets.publish(plan=plan, by=clerk)


def sign_letters() -> list[Letter]:
    """The scheme published, a letter for every town issued and its signed page matched by its square code."""
    clerk = keeper("office")
    text = (Path(governance.__file__).parent / "schemes" / "town-2022.yaml").read_text(encoding="utf-8")
    scheme = schemes.publish_scheme(text=text, by=clerk)
    terms = letters.Issue(
        city=city(), year=2022, scheme=scheme, issuer=Unit.objects.get(code="office"), on=SIGNED_ON, head="云禁责"
    )
    issued = letters.issue_for_towns(terms=terms, by=clerk)
    for letter in issued:
        signing.file_signed_page(
            letter=letter,
            data=pdf_of(letter),
            file_name=f"{letter.number}签字页.pdf",
            signed_on=SIGNED_ON,
            by=clerk,
        )
    return issued


def sign_unit_letters() -> list[Letter]:
    """The member units' own sheet published, letters for a few of them, signed the same day."""
    clerk = keeper("office")
    text = (Path(governance.__file__).parent / "schemes" / "member-2022.yaml").read_text(encoding="utf-8")
    scheme = schemes.publish_scheme(text=text, by=clerk)
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=MEMBER_LEADERS)}
    for code, names in MEMBER_LEADERS.items():
        posts = units[code].posts.filter(responsibility__in=(Responsibility.FIRST, Responsibility.DIRECT)).order_by("pk")
        for post, name in zip(posts, names, strict=True):
            PostTerm.objects.create(post=post, holder_name=name, start=TERM_BEGAN)
    terms = letters.Issue(
        city=city(), year=2022, scheme=scheme, issuer=Unit.objects.get(code="office"), on=SIGNED_ON, head="云禁责"
    )
    issued = letters.issue_for_units(terms=terms, by=clerk, units=[unit.pk for unit in units.values()])
    for letter in issued:
        name = f"{letter.number}签字页.pdf"
        signing.file_signed_page(letter=letter, data=pdf_of(letter), file_name=name, signed_on=SIGNED_ON, by=clerk)
        entry = manual.enter(
            letter=letter, key="manual:弄虚作假认定", value=Decimal(0), reason="三季度核查,没有发现", by=clerk, holds_from=date(2022, 9, 30)
        )
        manual.review(entry=entry, by=keeper("leader"))
    return issued


def give_figures(issued: list[Letter]) -> None:
    """What no ledger holds yet: the survey of awareness and late answers to instructions, each seen by a second person."""
    clerk, leader = keeper("office"), keeper("leader")
    for letter in issued:
        town = letter.division.name
        chance = random.Random(f"{SEED} figures {town}")
        survey = Decimal(AWARENESS.get(town, f"{chance.uniform(95.2, 98.9):.1f}"))
        late = Decimal(chance.choice((0, 0, 0, 0, 1)))
        for key, value, reason in (
            ("manual:知晓率调查", survey, "第三方电话调查,每个乡镇 300 份"),
            ("manual:批示交办逾期件数", late, "督办台账核对"),
            ("manual:弄虚作假认定", Decimal(0), "三季度核查,没有发现"),
            ("manual:泄露信息认定", Decimal(0), "三季度核查,没有发现"),
        ):
            entry = manual.enter(
                letter=letter, key=key, value=value, reason=reason, by=clerk, holds_from=date(2022, 9, 30)
            )
            manual.review(entry=entry, by=leader)


def excuse_some() -> int:
    """Lawful absences of 东山街道: three windows of this year that were missed with papers in hand."""
    officer, today = keeper("dongshan"), clock.today()
    missed = visible_dues(officer, today).late_on(today).filter(closes_on__gt=date(2022, 1, 1)).order_by("closes_on")[:3]
    for due in list(missed):
        dues.excuse(due=due, paper_seen_by=officer.name, by=officer)
    return 3


def take_snapshots(by: Actor | None = None) -> None:
    """Scores of yesterday and today, as the daily job would have kept them."""
    today = clock.today()
    for day in (today - timedelta(days=1), today):
        snapshots.take(year=2022, on=day, by=by or keeper("office"))
