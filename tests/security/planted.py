"""The city of the walk: two towns, two police units, three caseworkers, each with planted people and papers.

Who may read what is written down here by hand from house.md §1 («who reads rows by name»), never asked of the policy:
a mistake in the policy must not make its own test agree with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from qingyuan.casework.actions import clocks as clock_actions
from qingyuan.casework.actions import handovers as handover_actions
from qingyuan.casework.actions import paper_copies, paper_service, paper_templates, procedures
from qingyuan.casework.actions import papers as paper_actions
from qingyuan.casework.actions import served_papers as served_actions
from qingyuan.casework.actions.clocks import Given
from qingyuan.casework.actions.handovers import Terms
from qingyuan.casework.models import (
    ClockEvent,
    DataRequest,
    Due,
    GateAct,
    HandOver,
    Paper,
    PaperDelivery,
    PaperScan,
    PaperTemplate,
    RetentionPlan,
    RunningClock,
    ServedPaper,
)
from qingyuan.casework.papers.rules import PAGE as PAPER_PAGE
from qingyuan.casework.serving import queries as serving
from qingyuan.casework.serving.rules import PAGE as SERVED_PAGE
from qingyuan.casework.serving.rules import Told
from qingyuan.documents.model import DocumentKind
from qingyuan.documents.office_fill import starter
from qingyuan.documents.qr import qr_png
from qingyuan.foundation import audit, clock, draws
from qingyuan.foundation.audit.models import ReadEntry, WriteEntry
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.identity import mask_name
from qingyuan.governance.actions import (
    impact,
    inspections,
    needs,
    orders,
    programme_reviews,
    programmes,
    returns,
    scheme_drafts,
    target_bids,
    targets,
)
from qingyuan.governance.actions import questions as question_actions
from qingyuan.governance.actions.archive import keep as keep_archive
from qingyuan.governance.actions.kept_files import Evidence
from qingyuan.governance.actions.letters import Issue, issue
from qingyuan.governance.actions.manual import enter, manual_keys
from qingyuan.governance.actions.programmes import Outline
from qingyuan.governance.actions.schemes import publish_scheme
from qingyuan.governance.actions.signing import file_signed_page
from qingyuan.governance.actions.targets import Proposal
from qingyuan.governance.forms.catalogue import get_form
from qingyuan.governance.impact.content import assessment
from qingyuan.governance.models import (
    AssessmentArchive,
    Consequence,
    ImpactSignOff,
    InspectionPart,
    InspectionRound,
    InspectionVisit,
    Letter,
    LetterScan,
    ManualEntry,
    PatternLook,
    PatternQuestion,
    PatternRow,
    Programme,
    Return,
    SchemeDraft,
    SupervisionOrder,
    TargetPlan,
    UnitNeed,
)
from qingyuan.governance.rules.letters import PAGE
from qingyuan.governance.scoring.shipped import FOLDER
from qingyuan.indicators.refresh import refresh
from qingyuan.ledgers import registry
from qingyuan.ledgers.importing.check import check
from qingyuan.ledgers.importing.receive import receive
from qingyuan.ledgers.importing.sources import remember
from qingyuan.ledgers.layouts import keeping
from qingyuan.ledgers.models import ImportBatch, OwnLayout, Source
from qingyuan.ledgers.reading.open import open_workbook
from qingyuan.organisation.actions import emergency as emergency_actions
from qingyuan.organisation.actions import substitutions, tokens
from qingyuan.organisation.enums import Absence, Responsibility, Role
from qingyuan.organisation.models import Account, ApiToken, EmergencyLook, Post, PostTerm, RoleGrant, Substitution, Unit
from qingyuan.reference import catalogue
from qingyuan.reference.periods import Period
from qingyuan.rehabilitation import planning
from qingyuan.rehabilitation.actions import clients as client_actions
from qingyuan.rehabilitation.actions import draws as draw_actions
from qingyuan.rehabilitation.actions import plans
from qingyuan.rehabilitation.models import Client
from qingyuan.rehabilitation.people import person_key
from qingyuan.situation.actions import closing, forms, requests
from qingyuan.situation.enums import Fixed
from qingyuan.situation.models import FigureRequest, ForeignForm, FormFilling, PeriodClose, ReopenNotice
from qingyuan.situation.rules.forms import Binding
from qingyuan.web.account import factors
from tests.cast import BEGAN, TODAY, City, id_number, measure_values
from tests.security.planted_desk import plant_desk
from tests.security.planted_help import plant_help
from tests.security.planted_rewards import plant_consequences
from tests.security.planted_treatment import plant_gates, plant_treatment
from tests.security.planted_year_end import plant_year_end
from tests.situation import blanks

# Surnames that stand nowhere in the product's own words: one of them on a page is a person.
ANXIANG, SHUYING, FUDONG, HUANGHUN, QINGQIAN = "阚暗香", "逄疏影", "亓浮动", "郗黄昏", "佘清浅"
HENGXIE = "訾横斜"  # 石桥 offers her to 龙洞, which has not signed for her
MORE_ROLES = {
    "colleague": ("longdong", "同事甲", Role.CASEWORKER, "龙洞镇"),
    "substitute": ("longdong", "代办戊", Role.CASEWORKER, "龙洞镇"),
    "far_caseworker": ("shiqiao", "远方乙", Role.CASEWORKER, "石桥镇"),
    "station": ("station", "所丙", Role.POLICE_OFFICER, "龙洞镇"),
    "court": ("court", "院丁", Role.COURT_CLERK, "云岭市"),
}
PHONES = {ANXIANG: "13912340001", SHUYING: "13912340002", FUDONG: "13912340003", HUANGHUN: "13912340004", QINGQIAN: "13912340005", HENGXIE: "13912340006"}
SERIALS = {ANXIANG: 501, SHUYING: 502, FUDONG: 503, HUANGHUN: 504, QINGQIAN: 505, HENGXIE: 506}
# Of each police unit: a party, a party who is a minor, somebody punished, somebody tested.
POLICE_PEOPLE = {"officer": ("禚晚晴", "鄢小满", "逯长夏", "郏官平"), "station": ("仝新雨", "酆小雪", "昝立秋", "蒯安平")}
POLICE_SERIALS = {"officer": 520, "station": 530}
POSTS = (
    ("党委书记", Responsibility.FIRST),
    ("镇长", Responsibility.FIRST),
    ("分管副镇长", Responsibility.DIRECT),
    ("禁毒专干", Responsibility.LIAISON),
)
# They search the log of who did what and why (mission line 6): opaque keys and internal papers, never a name or number.
INSPECTORS = ("auditor", "security")
APP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOBODY = "禤无人"  # a name that no row holds, as rare as the planted ones
NOBODYS_NUMBER = id_number(599)


@dataclass(frozen=True)
class Secret:
    """A text that only ``readers`` (usernames) may find on anything they are sent."""

    text: str
    what: str
    readers: frozenset[str]
    in_full_for: frozenset[str] = frozenset()  # who may see it unmasked after a logged look, or as typed in rows to mend


@dataclass
class Planted:
    city: City
    secrets: list[Secret] = field(default_factory=list)
    clock_events: list[ClockEvent] = field(default_factory=list)
    rows: dict[str, list[Any]] = field(default_factory=dict)  # ledger code → rows, own and foreign for anyone
    clients: dict[str, Client] = field(default_factory=dict)
    batches: list[ImportBatch] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    layouts: list[OwnLayout] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    drafts: list[SchemeDraft] = field(default_factory=list)
    archives: list[AssessmentArchive] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    scans: list[LetterScan] = field(default_factory=list)
    entries: list[ManualEntry] = field(default_factory=list)
    plans: list[TargetPlan] = field(default_factory=list)
    needs: list[UnitNeed] = field(default_factory=list)
    programmes: list[Programme] = field(default_factory=list)
    reads: list[ReadEntry] = field(default_factory=list)
    tokens: list[ApiToken] = field(default_factory=list)
    closes: list[PeriodClose] = field(default_factory=list)
    notices: list[ReopenNotice] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    orders: list[SupervisionOrder] = field(default_factory=list)
    visits: list[InspectionVisit] = field(default_factory=list)
    consequences: list[Consequence] = field(default_factory=list)
    questions: list[PatternQuestion] = field(default_factory=list)
    round: Any = None
    paper_scans: list[PaperScan] = field(default_factory=list)
    deliveries: list[PaperDelivery] = field(default_factory=list)
    paper_templates: list[PaperTemplate] = field(default_factory=list)
    served: list[ServedPaper] = field(default_factory=list)
    forms: list[ForeignForm] = field(default_factory=list)
    fillings: list[FormFilling] = field(default_factory=list)
    asked: list[FigureRequest] = field(default_factory=list)
    factors: list[Authenticator] = field(default_factory=list)
    places: list[UserSession] = field(default_factory=list)
    looks: list[EmergencyLook] = field(default_factory=list)
    terms: list[PostTerm] = field(default_factory=list)
    sign_offs: list[ImpactSignOff] = field(default_factory=list)
    handovers: list[HandOver] = field(default_factory=list)
    gate_acts: list[GateAct] = field(default_factory=list)
    data_requests: list[DataRequest] = field(default_factory=list)
    retention_plans: list[RetentionPlan] = field(default_factory=list)
    substitutions: list[Substitution] = field(default_factory=list)

    @property
    def writes(self) -> list[WriteEntry]:
        """One entry of the audit for each kind of act."""
        found: dict[str, WriteEntry] = {}
        for entry in WriteEntry.objects.order_by("at"):
            found.setdefault(entry.act, entry)
        return list(found.values())

    @property
    def accounts(self) -> dict[str, Account]:
        return self.city.accounts

    @property
    def clocks(self) -> list[RunningClock]:
        """One clock of each row; those with something recorded first."""
        found: dict[Any, RunningClock] = {}
        for running in RunningClock.objects.order_by("pk"):
            found.setdefault(running.subject_id, running)
        return [event.clock for event in self.clock_events] + list(found.values())

    @property
    def dues(self) -> list[Due]:
        """One due of each client."""
        found: dict[str, Due] = {}
        for due in Due.objects.order_by("closes_on"):
            found.setdefault(due.person, due)
        return list(found.values())

    def hide(self, text: str, what: str, *readers: str, in_full_for: tuple[str, ...] = ()) -> None:
        self.secrets.append(Secret(text, what, _with_substitute(readers), _with_substitute(in_full_for)))

    def forbidden_to(self, who: str, *, in_full: bool = False) -> Iterator[Secret]:
        """What ``who`` may not be told. ``in_full``: where one's own people stand unmasked (a logged look, rows to mend)."""
        return (
            secret
            for secret in self.secrets
            if who not in secret.readers and not (in_full and who in secret.in_full_for)
        )


def _with_substitute(readers: Iterable[str]) -> frozenset[str]:
    """Whoever acts for the colleague, who is away, reads what she reads, and has nobody of her own."""
    return frozenset(readers) | ({"substitute"} if "colleague" in readers else set())


def plant(city: City) -> Planted:
    """Everything a leak could show, in a city where facts are refreshed."""
    planted = Planted(city)
    _more_people(city)
    _clients(planted)
    _handovers(planted)
    plant_treatment(planted)
    plant_gates(planted)
    plant_desk(planted)
    _cases(planted)
    plant_help(planted)
    _clocks(planted)
    _papers(planted)
    _served(planted)
    _imports(planted)
    _sources(planted)
    refresh()
    _for_other_offices(planted)
    _targets_and_traces(planted)
    _needs(planted)
    _closings(planted)
    _tokens(planted)
    _factors(planted)
    _emergencies(planted)
    _sign_off(planted)
    return planted


def _handovers(planted: Planted) -> None:
    """石桥 offers somebody to 龙洞, which may read her name and nothing else of her; what 龙洞 offered 石桥 refused. The
    colleague is away, and somebody acts for her."""
    city = planted.city
    planted.rows["measures"] += city.enter("measures", "stranger", _person(city, HENGXIE, "石桥社区", document_number="暗文号戊"))
    offered = Client.objects.get(pk=person_key(id_number(SERIALS[HENGXIE])).client_id)
    Client.objects.filter(pk=offered.pk).update(phone=PHONES[HENGXIE])
    planted.clients[HENGXIE] = offered
    for giver, to, client, mark in (("stranger", "longdong", offered, "石"), ("supervisor", "shiqiao", planted.clients[ANXIANG], "龙")):
        made = handover_actions.offer(
            keeper="clients",
            subjects=[client.pk],
            to_unit=city.units[to],
            to_caseworker=None,
            terms=Terms("moved", f"暗移{mark}"),
            by=city.actor(giver),
        )
        planted.handovers.append(made)
    handover_actions.refuse(handover=planted.handovers[1], why="暗拒石", by=city.actor("stranger"))
    both = ("stranger", "supervisor")
    number = id_number(SERIALS[HENGXIE])
    planted.hide(HENGXIE[0], "the name of somebody offered", *both)
    planted.hide(f"9999 **** {number[-4:]}", "an ID number, masked", "stranger")
    planted.hide(number, "an ID number in full", in_full_for=("stranger",))
    planted.hide(PHONES[HENGXIE], "a telephone in full", in_full_for=("stranger",))
    planted.hide(str(offered.pk), "the key of a person", "stranger", *INSPECTORS)
    planted.hide("暗文号戊", "the number of a decision", "stranger")
    # In the audit the reason of an act is read by inspectors, and by who leads the unit, for that unit's people.
    planted.hide("暗移石", "why somebody is handed over", *both, *INSPECTORS)
    planted.hide("暗移龙", "why somebody was handed over", "supervisor", "caseworker", "town_leader", *INSPECTORS)
    planted.hide("暗拒石", "why somebody was not taken", *both, "caseworker", *INSPECTORS)
    planted.substitutions.append(
        substitutions.substitute(
            absent=city.accounts["colleague"],
            substitute=city.accounts["substitute"],
            kind=Absence.LEAVE,
            start=TODAY,
            end=TODAY + timedelta(days=7),
            by=city.actor("supervisor"),
        )
    )


def _factors(planted: Planted) -> None:
    """A second factor and a session of somebody nobody walks as; her secret and her codes are for no page."""
    account = Account.objects.create(username="elsewhere", name="别处", unit=planted.city.units["longdong"])
    planted.factors.append(factors.TOTP.activate(account, APP_SECRET).instance)
    for code in factors.make_codes(account=account, by=planted.city.actor("supervisor")):
        planted.hide(code, "a code on paper")
    planted.hide(APP_SECRET, "the secret of an app")
    planted.hide("203.0.113.0", "the network of somebody else's session")
    planted.places.append(
        UserSession.objects.create(user=account, ip="203.0.113.0", session_key="elsewhere", user_agent="暗设备")
    )


def _more_people(city: City) -> None:
    for code, name, place, zone in (
        ("station", "龙洞派出所", "龙洞镇", "police"),
        ("court", "市人民法院", "云岭市", "commission"),
    ):
        city.units[code] = Unit.objects.create(
            code=code, name=name, short_name=name, kind="office", division=city.divisions[place], zone=zone
        )
    kinds = {"office": "commission_office", "longdong": "town", "shiqiao": "town", "police": "police_narcotics"}
    for code, kind in kinds.items():
        Unit.objects.filter(code=code).update(kind=kind)
        city.units[code].refresh_from_db()
    for username, (unit, name, role, place) in MORE_ROLES.items():
        account = Account(username=username, name=name, unit=city.units[unit])
        account.set_password("synthetic-pass-2022")
        account.save()
        RoleGrant.objects.create(
            account=account, role=role, division=city.divisions[place], start=BEGAN, granted_by="set-up"
        )
        city.accounts[username] = account


def _for_other_offices(planted: Planted) -> None:
    """A form of another office, bound and filled, and a request for figures that two towns have answered."""
    city = planted.city
    clerk, office = city.actor("clerk"), ("clerk", "leader", "auditor")
    layout = forms.receive_form(title="暗来表", sent_by="某办", file_name="暗文件.xlsx", data=blanks.workbook(), by=clerk).layout
    forms.bind_column(layout=layout, binding=Binding("1!C4", "G09"), by=clerk)
    forms.bind(layout=layout, binding=Binding("1!B2", fixed=Fixed.WORDS.value, words="暗填文字"), by=clerk)
    forms.save_template(layout=layout, by=clerk)
    planted.forms.append(layout.form)
    planted.fillings.append(forms.fill(form=layout.form, month=Period.parse("2022-10"), by=clerk))
    forms.revise(form=layout.form, by=clerk)
    asking = requests.Asking("暗要数", "某办", "暗函一号", date(2022, 11, 18), date(2022, 11, 28))
    asked = requests.register(asking=asking, by=clerk)
    question = requests.add_question(asked=asked, question=requests.Question("社工场次"), by=clerk)
    units = [city.units["longdong"], city.units["shiqiao"]]
    requests.ask_units(question=question, units=units, by=clerk)
    requests.pass_on(asked=asked, by=clerk)
    by_unit = {one.unit.code: one for one in question.answers.select_related("question__request__unit", "unit", "division")}
    requests.answer(given=by_unit["longdong"], typed="12", note="暗答龙洞", by=city.actor("supervisor"))
    draft = requests.register(asking=asking, by=clerk)
    requests.add_question(asked=draft, question=requests.Question("暗问题"), by=clerk)
    planted.asked += [asked, draft]
    planted.hide("暗来表", "a form of another office", *office, *INSPECTORS)
    planted.hide("暗文件", "the name of a file", *office)
    planted.hide("暗填文字", "what a form was filled with", *office, *INSPECTORS)
    planted.hide("暗问题", "a question that was not passed on", *office, *INSPECTORS)
    longdong = ("caseworker", "colleague", "supervisor", "town_leader")
    planted.hide("暗答龙洞", "a town's answer", *office, *longdong)


def _person(city: City, name: str, place: str, **changes: Any) -> dict[str, Any]:
    values = measure_values(city, 0, name=name, id_number=id_number(SERIALS[name]), division=city.divisions[place].pk)
    return values | changes


def _tested(name: str, day: date, note: str) -> dict[str, Any]:
    return {
        "name": name,
        "id_number": id_number(SERIALS[name]),
        "tested_on": day,
        "sample": "urine",
        "result": "positive",
        "purpose": "scheduled",
        "testers": ["李秀", "王平"],
        "note": note,
    }


def _ways(city: City) -> dict[str, list[Any]]:
    """What happened to three of them: a release each side, an absence, a talk, a pause, a move, days credited, control begun."""
    known = {name: {"name": name, "id_number": id_number(SERIALS[name])} for name in (ANXIANG, FUDONG, QINGQIAN)}
    near, own, far = known[ANXIANG], known[FUDONG], known[QINGQIAN]
    said = {"facts": "暗事实", "answered": "暗陈述", "warned_by": ["李秀"], "way": "criticism"}
    rows: dict[str, list[tuple[str, dict[str, Any]]]] = {
        "releases": [
            ("caseworker", near | {"origin": "custody", "expected_on": date(2022, 11, 28)}),
            ("stranger", far | {"origin": "custody", "expected_on": date(2022, 11, 20), "released_on": date(2022, 11, 20)}),
        ],
        "team": [("caseworker", near | {"part": "police", "post": "暗派出所", "joined_on": date(2022, 2, 1)})],
        "care_plans": [("caseworker", near | {"made_on": date(2022, 2, 1), "skills": "暗技能", "review_on": date(2023, 2, 1)})],
        "plan_goals": [("caseworker", near | {"set_on": date(2022, 2, 2), "number": 1, "goal": "暗目标", "own_words": "暗原话", "by_on": date(2023, 1, 1)})],
        "encouragements": [("caseworker", near | {"given_on": date(2022, 5, 9), "kind": "fewer_visits", "did": "暗做得好", "basis": "暗协议条"})],
        "absences": [
            ("caseworker", near | {"left_on": date(2022, 5, 1), "back_on": date(2022, 5, 9), "lawful": False}),
            ("stranger", far | {"left_on": date(2022, 5, 1)}),
        ],
        "warnings": [("caseworker", near | {"warned_on": date(2022, 5, 10)} | said)],
        "suspensions": [("caseworker", near | {"stopped_on": date(2022, 6, 1), "document_number": "暗中止"})],
        "moves": [("supervisor", own | {"moved_on": date(2022, 7, 1), "place": "暗去处"})],
        "credits": [("supervisor", own | {"credited_on": date(2022, 8, 1), "days": 9, "document_number": "暗折抵"})],
        "controls": [("supervisor", own | {"starts_on": date(2022, 1, 10), "basis": "execution"})],
    }
    return {code: [city.enter(code, who, row)[0] for who, row in lines] for code, lines in rows.items()}


def _clients(planted: Planted) -> None:
    """龙洞: 何姐's, her colleague's, nobody's, one in isolation. 石桥: one."""
    city = planted.city
    measures = city.enter("measures", "caseworker", _person(city, ANXIANG, "龙洞社区", document_number="暗文号甲"))
    measures += city.enter("measures", "colleague", _person(city, SHUYING, "大坪村", document_number="暗文号乙"))
    measures += city.enter("measures", "supervisor", _person(city, FUDONG, "大坪村", document_number="暗文号丙"))
    measures += city.enter("measures", "stranger", _person(city, QINGQIAN, "石桥社区", document_number="暗文号丁"))
    inside = {key: value for key, value in _person(city, HUANGHUN, "龙洞社区").items() if key in ("name", "id_number", "division", "decided_on")}
    isolation = city.enter("isolation", "supervisor", inside)
    tests = city.enter("tests", "caseworker", _tested(ANXIANG, date(2022, 3, 1), "暗语甲"))
    tests += city.enter("tests", "supervisor", _tested(FUDONG, date(2022, 3, 2), "暗语丙"))
    tests += city.enter("tests", "stranger", _tested(QINGQIAN, date(2022, 3, 3), "暗语丁"))
    planted.rows |= {"measures": measures, "isolation": isolation, "tests": tests}
    planted.rows |= _ways(city)
    plan, goals = planted.rows["care_plans"][0], planted.rows["plan_goals"]
    plans.look(plan=plan, seen=planning.token(plan, goals), agreed=False, words="暗看计划", by=city.actor("supervisor"))
    for client in Client.objects.all():
        Client.objects.filter(pk=client.pk).update(phone=PHONES[client.name])
        planted.clients[client.name] = client
    for unit, who in (("longdong", "supervisor"), ("shiqiao", "stranger")):
        made = draw_actions.begin(unit=city.units[unit], test_on=TODAY, size=1, by=city.actor(who))
        if unit == "longdong":
            draw_actions.freeze(draw_id=made.pk, by=city.actor(who))
            draw_actions.reveal(draw_id=made.pk, by=city.actor(who))
    far = client_actions.assign(
        client_ids=[planted.clients[QINGQIAN].pk], caseworker=city.accounts["far_caseworker"], by=city.actor("stranger")
    )
    assert far == 1
    readers = {
        ANXIANG: ("caseworker", "supervisor"),
        SHUYING: ("colleague", "supervisor"),
        FUDONG: ("supervisor",),
        HUANGHUN: ("supervisor",),
        QINGQIAN: ("stranger", "far_caseworker"),
    }
    for words in ("暗事实", "暗陈述", "暗派出所", "暗技能", "暗中止", "暗目标", "暗原话", "暗做得好", "暗协议条", "暗看计划"):
        planted.hide(words, "what was written about a client of a caseworker", "caseworker", "supervisor")
    for words in ("暗去处", "暗折抵"):
        planted.hide(words, "what was written about a client without a caseworker", "supervisor")
    for name, who in readers.items():
        number = id_number(SERIALS[name])
        planted.hide(name[0], "a name, whole or masked", *who)
        planted.hide(f"9999 **** {number[-4:]}", "an ID number, masked", *who)
        planted.hide(number, "an ID number in full", in_full_for=who)
        planted.hide(PHONES[name], "a telephone in full", in_full_for=who)
        planted.hide(str(planted.clients[name].pk), "the key of a person", *who, *INSPECTORS)
    for word, who in {"甲": readers[ANXIANG], "丙": readers[FUDONG], "丁": readers[QINGQIAN], "乙": readers[SHUYING]}.items():
        planted.hide(f"暗语{word}", "a note about a test", *who)
        planted.hide(f"暗文号{word}", "the number of a decision", *who)


def _clocks(planted: Planted) -> None:
    """What people recorded about clocks of two towns and of a police unit; a decision half looked into."""
    city = planted.city
    told = (
        ("supervisor", planted.rows["measures"][2], "D22", "detained", "丙", ("supervisor",)),
        ("stranger", planted.rows["measures"][3], "D22", "detained", "丁", ("stranger", "far_caseworker")),
        ("stranger", planted.rows["measures"][3], "D24", "refused", "戊", ("stranger", "far_caseworker")),
    )
    for who, row, code, word, mark, readers in told:
        running = RunningClock.objects.get(subject_id=row.pk, code=code)
        event = Given(word, date(2022, 5, 3), paper=f"暗拘号{mark}", approved_by=f"暗批{mark}")
        planted.clock_events.append(
            clock_actions.record(running=running, given=event, version=running.version, by=city.actor(who))
        )
        for text in ("暗拘号", "暗批"):
            planted.hide(f"{text}{mark}", "what was recorded about a clock", *readers)


def _served(planted: Planted) -> None:
    """Of two towns and two police units a paper to somebody, served with its receipt; of one town also a draft."""
    city = planted.city
    told = [
        ("supervisor", planted.rows["measures"][2], "丙", ("supervisor",)),
        ("stranger", planted.rows["measures"][3], "丁", ("stranger", "far_caseworker")),
    ]
    for who in ("officer", "station"):
        own = [row for row in planted.rows["parties"] if row.unit_id == city.actor(who).unit_id]
        told += [(who, row, f"{who}{number}", (who,)) for number, row in enumerate(own)]
    for who, row, mark, readers in told:
        by = city.actor(who)
        ledger = "parties" if who in POLICE_PEOPLE else "measures"
        row = serving.rows_of(registry.get(ledger), by, TODAY).select_related(*registry.get(ledger).select_related).get(pk=row.pk)
        form = serving.offered(ledger, row)[0]
        answers = {asked.name: f"暗书{mark}" for asked in form.questions}
        paper = served_actions.draft(form=form, row=row, answers=answers, by=by)
        planted.served.append(paper)
        if who == "stranger":
            continue
        paper = served_actions.issue(paper=paper, version=paper.version, by=by)
        scan = served_actions.Scan(qr_png(SERVED_PAGE.payload(paper.pk, paper.content_hash)))
        words = {"refusal": f"暗拒{mark}", "witness": f"暗证{mark}"}
        served_actions.serve(paper=paper, told=Told("left", TODAY, words=words), version=paper.version, by=by, scan=scan)
        for text in ("暗书", "暗拒", "暗证"):
            planted.hide(f"{text}{mark}", "a paper to a person", *readers)


def _cases(planted: Planted) -> None:
    city = planted.city
    found: dict[str, list[Any]] = {"cases": [], "seizures": []}
    for who, place, mark in (("officer", "石桥镇", "壹"), ("station", "龙洞镇", "贰")):
        number, title, operation = f"暗案号{mark}", f"暗案名{mark}", f"暗行动{mark}"
        found.setdefault("operations", []).extend(
            city.enter(
                "operations",
                who,
                {"number": operation, "title": f"{operation}名", "level": "unit", "lead_unit": "本队", "starts_on": date(2022, 5, 1)},
            )
        )
        found["cases"] += city.enter(
            "cases",
            who,
            {
                "number": number,
                "title": title,
                "case_kind": catalogue_code("case_kinds"),
                "offence": catalogue_code("offences"),
                "drug_main": catalogue_code("drugs"),
                "division": city.divisions[place].pk,
                "filed_on": date(2022, 5, 1),
                "cracked_on": date(2022, 5, 20),
                "note": f"暗案情{mark}",
                "operation_number": operation,
            },
        )
        moved = {"case_number": number, "exhibit": f"暗物{mark}", "kind": "cash", "measure": "yuan", "handlers": ["李秀", "王平"]}
        found.setdefault("exhibits", []).extend(
            city.enter("exhibits", who, moved | {"stage": "seized", "moved_on": date(2022, 5, 20), "quantity": Decimal(300)})
        )
        found["seizures"] += city.enter(
            "seizures",
            who,
            {"case_number": number, "drug": catalogue_code("drugs"), "net_g": 12, "seized_on": date(2022, 5, 20)},
        )
        for text in (number, title, operation, f"暗物{mark}", f"暗案情{mark}"):
            planted.hide(text, "a case", who)
        _people_of_the_police(planted, who, place, number, found)
    planted.rows |= found


def _people_of_the_police(planted: Planted, who: str, place: str, number: str, found: dict[str, list[Any]]) -> None:
    """A grown party, a minor, a sealed penalty and a test; of the last only the unit, of the penalty nobody without asking."""
    city, where = planted.city, planted.city.divisions[place].pk
    party, minor, punished, tested = POLICE_PEOPLE[who]
    for name, serial, born in ((party, 1, "19910101"), (minor, 2, "20060801")):
        identity = {"case_number": number, "name": name, "id_number": id_number(POLICE_SERIALS[who] + serial, born)}
        caught = {"role": "suspect", "caught_on": date(2022, 5, 20), "note": f"暗情{name[0]}"}
        found.setdefault("parties", []).extend(city.enter("parties", who, identity | caught))
    decided = {"document_number": f"暗罚{punished[0]}", "act": "AD-PS84c", "kind": "warning", "decided_on": date(2022, 5, 20)}
    person = {"name": punished, "id_number": id_number(POLICE_SERIALS[who] + 3), "division": where}
    found.setdefault("penalties", []).extend(city.enter("penalties", who, person | decided))
    test = {"method": "onsite", "sample": "urine", "compliance": "willing", "result": "positive", "testers": ["李秀", "王平"]}
    person = {"name": tested, "id_number": id_number(POLICE_SERIALS[who] + 4), "division": where, "tested_on": date(2022, 5, 20)}
    found.setdefault("enforcement_tests", []).extend(city.enter("enforcement_tests", who, person | test))
    for name, serial, readers in ((party, 1, (who,)), (minor, 2, (who,)), (punished, 3, ()), (tested, 4, (who,))):
        planted.hide(name[0], "a name of the police, whole or masked", *readers)
        text = id_number(POLICE_SERIALS[who] + serial, "20060801" if name == minor else "19910101")
        planted.hide(text, "an ID number of the police in full", in_full_for=readers)
    planted.hide(minor, "the whole name of a minor", in_full_for=(who,))
    planted.hide(f"暗情{minor[0]}", "a note about a minor", in_full_for=(who,))
    planted.hide(f"暗罚{punished[0]}", "the number of a sealed decision")


def catalogue_code(name: str) -> str:
    return catalogue.get_list(name).valid_on(TODAY)[0].code


def _papers(planted: Planted) -> None:
    """Counts, meetings and instructions of two towns and the office; letters, returns."""
    city = planted.city
    planted.rows["registrations"] = city.enter(
        "registrations",
        "officer",
        *(
            {"division": city.divisions[place].pk, "month": date(2022, 10, 31), "registered": 131, "current": 97, "abstinent": 31, "dead": 2, "left": 1}
            for place in ("龙洞镇", "石桥镇")
        ),
    )
    planted.rows["population"] = city.enter(
        "population",
        "clerk",
        *({"year": 2022, "division": city.divisions[place].pk, "resident": 30011, "source": "年鉴"} for place in ("龙洞镇", "石桥镇")),
    )
    meetings, instructions = [], []
    for who, mark in (("supervisor", "龙"), ("stranger", "石"), ("liaison", "教")):
        meetings += city.enter(
            "meetings",
            who,
            {"held_on": date(2022, 9, 1), "kind": catalogue_code("meeting_kinds"), "title": f"暗会{mark}", "special_topic": True, "decisions": f"暗议{mark}"},
        )
        instructions += city.enter(
            "instructions",
            who,
            {
                "document_number": f"暗批{mark}",
                "level": catalogue_code("instruction_levels"),
                "given_on": date(2022, 9, 1),
                "content": f"暗要求{mark}",
                "due_on": date(2022, 9, 30),
            },
        )
    planted.rows |= {"meetings": meetings, "instructions": instructions}
    city_wide = ("clerk", "leader", "auditor")
    for mark, who in {
        "龙": ("caseworker", "colleague", "supervisor", "town_leader", *city_wide),
        "石": ("stranger", "far_caseworker", *city_wide),
        "教": ("liaison", *city_wide),
    }.items():
        for text in (f"暗会{mark}", f"暗批{mark}", f"暗要求{mark}", f"暗议{mark}"):
            planted.hide(text, "a meeting or instruction", *who)
    _letters(planted)
    _returns(planted)
    _official_papers(planted)
    _orders(planted)
    _inspections(planted)
    _questions(planted)
    plant_year_end(planted)
    plant_consequences(planted)


def _official_papers(planted: Planted) -> None:
    """A draft of 龙洞 and one of the office; a paper of the office served on 龙洞 alone; one that 石桥 issued."""
    city = planted.city
    longdong = ("caseworker", "colleague", "supervisor", "town_leader")
    shiqiao, office = ("stranger", "far_caseworker"), ("clerk", "leader", "auditor")
    for who, mark, word, readers in (
        ("supervisor", "龙", "龙洞", longdong),
        ("clerk", "办", "云禁毒办", office),
        ("clerk", "令", "云禁毒办", (*office, *longdong)),
        ("stranger", "石", "石桥", (*shiqiao, *office)),
    ):
        by = city.actor(who)
        values = {"title": f"暗题{mark}的通知", "addressee": "有关单位", "body": f"暗文{mark}请落实。", "word": word}
        paper = paper_actions.draft(kind="notice", values=values, by=by)
        planted.papers.append(paper)
        planted.hide(f"暗题{mark}", "the title of a paper", *readers, *INSPECTORS)
        planted.hide(f"暗文{mark}", "the text of a paper", *readers)
        if mark not in "令石":
            continue
        signer = city.actor("leader") if mark == "令" else by
        paper = paper_actions.sign(paper=paper_actions.submit(paper=paper, by=by), by=signer, signer_name="石镇长")
        paper = paper_actions.issue(paper=paper, by=by)
        scan = qr_png(PAPER_PAGE.payload(paper.pk, paper.issue.content_hash))
        planted.paper_scans.append(paper_copies.file_scan(paper=paper, data=scan, file_name=f"暗章{mark}.png", by=by))
        planted.hide(f"暗章{mark}", "the name of a sealed copy", who, *(office if mark == "令" else shiqiao))
    for who, mark in (("supervisor", "龙"), ("stranger", "石")):
        made = starter(DocumentKind.NOTICE, f"暗红头{mark}", f"暗红头{mark}文件")
        planted.paper_templates.append(
            paper_templates.upload(kind="notice", data=made, file_name=f"暗版{mark}.docx", by=city.actor(who))
        )
        planted.hide(f"暗红头{mark}", "a template", *(longdong if mark == "龙" else shiqiao))
    planted.deliveries += paper_service.serve(paper=planted.papers[2], unit_ids=[city.units["longdong"].pk], by=city.actor("clerk"))


def _orders(planted: Planted) -> None:
    """An order to each town, that of 龙洞 answered with a file; a draft that has not left the office."""
    city, clerk = planted.city, planted.city.actor("clerk")
    office = ("clerk", "leader", "auditor")
    for unit, who, mark, readers in (
        ("longdong", "supervisor", "龙", ("caseworker", "colleague", "supervisor", "town_leader", *office)),
        ("shiqiao", "stranger", "石", ("stranger", "far_caseworker", *office)),
        ("longdong", "", "稿", ("clerk", "leader")),
    ):
        values = {"subject": f"暗督{mark}", "asked": f"暗求{mark}", "basis": f"暗据{mark}", "contact": f"暗联{mark}"}
        order = orders.draft(values=values, unit_ids=[city.units[unit].pk], due_on=date(2022, 12, 9), by=clerk)[0]
        planted.orders.append(order)
        for word in ("暗督", "暗求", "暗据"):
            planted.hide(f"{word}{mark}", "an order", *readers, *INSPECTORS)
        planted.hide(f"暗联{mark}", "the contact of an order", *readers)
        if not who:
            continue
        for step, by in (("submit", "clerk"), ("issue", "leader"), ("receive", who)):
            order = orders.take(order=order, step=step, by=city.actor(by))
        evidence = [Evidence(f"暗证{mark}.png", "image/png", qr_png(f"evidence {mark}"))]
        given = {"done": f"暗办{mark}", "evidence": evidence}
        order = orders.take(order=order, step="answer", by=city.actor(who), given=given)
        planted.rows.setdefault("supervision_orders", []).append(order)
        planted.hide(f"暗办{mark}", "an answer", *readers, *INSPECTORS)
        planted.hide(f"暗证{mark}", "the name of a file", *readers)


def _inspections(planted: Planted) -> None:
    """A round with a visit to each town, two of its departments the police and a member unit; one finding with its picture in 龙洞."""
    city, four = planted.city, ("officer", "liaison")
    parts = {"police": "police", "justice": "education"}
    made = InspectionRound.objects.create(
        division=city.divisions["云岭市"], unit=city.units["office"], title="暗察轮", period="2022Q4", starts_on=TODAY, ends_on=TODAY,
        towns=2, files=2, seed="0" * 64, seed_hash="1" * 64, committed_at=clock.now(), committed_by_name="周文", frozen_at=clock.now(),
        list_hash="2" * 64, revealed_at=clock.now(), frame={}, drawn={},
    )  # fmt: skip
    for department, unit in parts.items():
        InspectionPart.objects.create(round=made, department=department, unit=city.units[unit], division=city.divisions["云岭市"])
    office, longdong = ("clerk", "leader", "auditor"), ("caseworker", "colleague", "supervisor", "town_leader")
    lots = {measure.unit.code: draws.lot_of(made.pk, measure.pk) for measure in planted.rows["measures"] if measure.unit.code in ("longdong", "shiqiao")}
    for unit, place in (("longdong", "龙洞镇"), ("shiqiao", "石桥镇")):
        visit = InspectionVisit.objects.create(round=made, division=city.divisions[place], unit=city.units[unit], files=[lots[unit]])
        planted.visits.append(visit)
    first = planted.visits[0]
    for who in four:
        inspections.sign_in(visit_id=first.pk, by=city.actor(who))
    inspections.mark(visit_id=first.pk, item="S04", lot="", answer="no", finding="暗查龙", by=city.actor("officer"))
    inspections.keep_photo(visit_id=first.pk, item="S04", lot="", data=qr_png("dark"), media_type="image/png", by=city.actor("liaison"))
    planted.hide("暗察轮", "the title of a round", *office, *four, *longdong, "stranger", "far_caseworker", *INSPECTORS)
    planted.hide("暗查龙", "the finding of an inspection", *office, *four, *longdong, *INSPECTORS)


def _questions(planted: Planted) -> None:
    """A question to each town, that of 龙洞 answered with a file; one that the office has not decided on."""
    city, clerk = planted.city, planted.city.actor("clerk")
    look = PatternLook(month="2022-10", turn=1, first_day=date(2021, 11, 1), last_day=date(2022, 10, 31), at=clock.now())
    look.save()
    office = ("clerk", "leader", "auditor")
    for unit, who, mark, readers in (
        ("longdong", "supervisor", "龙", ("supervisor", "town_leader", *office)),
        ("shiqiao", "stranger", "石", ("stranger", *office)),
        ("shiqiao", "", "稿", ()),
    ):
        question = PatternQuestion(
            look=look, unit=city.units[unit], division_id=city.units[unit].division_id, issuer=city.units["office"],
            pattern="together", subject="typed", first_day=look.first_day, last_day=look.last_day, seen=12, of=20, usual=0.05,
            chance=1e-9, found_at=look.at,
        )  # fmt: skip
        question = procedures.begin(room=question_actions.ROOM, case=question, by=question_actions.LOOKER)
        planted.questions.append(question)
        for row in planted.rows.get("activities", ()):
            if row.unit_id == question.unit_id and mark != "稿":
                PatternRow(question=question, pattern="together", row=f"activities/{row.pk}", day=row.held_on, at=row.recorded_at).save()
        if not who:
            continue
        given: dict[str, Any] = {"due_on": date(2022, 12, 9), "words": f"暗问{mark}"}
        question_actions.take(question=question, step="ask", by=clerk, given=given)
        planted.hide(f"暗问{mark}", "what a unit is asked", *readers)
        given = {"answer": f"暗说{mark}", "evidence": [Evidence(f"暗附{mark}.png", "image/png", qr_png(f"answer {mark}"))]}
        question_actions.take(question=question, step="answer", by=city.actor(who), given=given)
        planted.hide(f"暗说{mark}", "what a unit explained", *readers)
        planted.hide(f"暗附{mark}", "the name of a file", *readers)


def _returns(planted: Planted) -> None:
    """A draft of each town and of the police, each with a word nobody else should read."""
    city = planted.city
    returns.generate_due(city=city.divisions["云岭市"], month=Period.parse("2022-10"), by=city.actor("clerk"))
    city_wide = ("clerk", "leader", "auditor")
    for unit, filler, mark, readers in (
        ("longdong", "supervisor", "龙", ("caseworker", "colleague", "supervisor", "town_leader", *city_wide)),
        ("shiqiao", "stranger", "石", ("stranger", "far_caseworker", *city_wide)),
        ("police", "officer", "警", ("officer", *city_wide)),
    ):
        filed = Return.objects.filter(unit=city.units[unit]).order_by("form")[0]
        form = get_form(filed.form)
        cells = {cell.code: 7 for cell in form.cells}
        returns.save_draft(filed=filed, cells=cells, note=f"暗表{mark}", by=city.actor(filler))
        planted.returns.append(filed)
        planted.hide(f"暗表{mark}", "a return", *readers, *INSPECTORS)


def _letters(planted: Planted) -> None:
    city = planted.city
    for town, marks in (("longdong", "罡"), ("shiqiao", "喆")):
        for title, responsibility in POSTS:
            post = Post.objects.create(unit=city.units[town], title=title, responsibility=responsibility)
            PostTerm.objects.create(post=post, holder_name=f"{title[0]}{marks}", start=BEGAN)
    scheme = publish_scheme(text=(FOLDER / "town-2022.yaml").read_text(encoding="utf-8"), by=city.actor("leader"))
    terms = Issue(city=city.divisions["云岭市"], year=2022, scheme=scheme, issuer=city.units["office"], on=date(2022, 2, 24))
    draft = scheme_drafts.begin(by=city.actor("clerk"), year=2023, code="dark", title="暗办法草稿")
    group = scheme_drafts.set_group(draft=draft, seen=1, key="", data={"id": "1", "title": "暗组名", "points": 1}, by=city.actor("clerk"))
    clause = {"id": "1.1", "title": "暗条款", "points": 1, "rule": {"kind": "manual"}, "inputs": {"given": "manual"}}
    scheme_drafts.set_clause(draft=draft, seen=2, key="", group=group, data=clause, by=city.actor("clerk"))
    planted.drafts.append(draft)
    for word in ("暗办法草稿", "暗组名", "暗条款"):
        planted.hide(word, "a scheme nobody published", "clerk", "leader", "auditor", *INSPECTORS)
    planted.letters = [issue(unit=city.units[town], terms=terms, by=city.actor("clerk")) for town in ("longdong", "shiqiao")]
    readers = {
        "龙": ("caseworker", "colleague", "supervisor", "town_leader", "clerk", "leader", "auditor"),
        "石": ("stranger", "far_caseworker", "clerk", "leader", "auditor"),
    }
    for letter, (mark, who), filer in zip(planted.letters, readers.items(), ("supervisor", "stranger"), strict=True):
        scan = qr_png(PAGE.payload(letter.pk, letter.content_hash))
        planted.scans.append(
            file_signed_page(
                letter=letter, data=scan, file_name=f"暗扫{mark}.png", signed_on=date(2022, 2, 25), by=city.actor(filer)
            )
        )
        key = next(iter(manual_keys(letter, TODAY)))
        planted.entries.append(
            enter(letter=letter, key=key, value=Decimal(1), reason=f"暗评{mark}", by=city.actor("clerk"))
        )
        for word in ("暗扫", "暗评"):
            planted.hide(f"{word}{mark}", "what stands in a letter", *who, *INSPECTORS)
    planted.archives = [keep_archive(year=2022, by=city.actor("clerk"), city=city.divisions["云岭市"])]


def _imports(planted: Planted) -> None:
    """A checked batch of each town with a good and a bad row, left for its owner to decide."""
    for who, name, day in (("supervisor", FUDONG, "2022年4月2日"), ("stranger", QINGQIAN, "2022年4月3日"), ("caseworker", ANXIANG, "2022年4月4日")):
        content = workbook(
            ("姓名", "身份证号码", "检测时间", "检测方式", "检测结果", "检测人员", "备注"),
            (name, id_number(SERIALS[name]), day, "尿液", "阴性", "李秀、王平", ""),
            (name, id_number(SERIALS[name]), "2022年9月31日", "尿液", "阴性", "李秀、王平", ""),
        )
        by = planted.city.actor(who)
        batch = receive(ledger=registry.get("tests"), filename="本月.xlsx", content=content, by=by)
        planted.batches.append(check(batch_id=batch.id, by=by))


def _sources(planted: Planted) -> None:
    """What two towns remember of their tables, and a layout of each; the names say whose they are."""
    for batch, who, mark, readers in zip(
        planted.batches,
        ("supervisor", "stranger"),
        "龙石",
        (("caseworker", "colleague", "supervisor"), ("stranger", "far_caseworker")),
        strict=False,
    ):
        by = planted.city.actor(who)
        planted.sources.append(remember(batch=batch, title=f"暗源{mark}", whole=True, every_months=1, by=by))
        blank = open_workbook(workbook(("姓名", "身份证号", "检测日期", "检测方式")), "空表.xlsx")
        made = keeping.from_blank(registry.get("tests"), blank, title=f"暗格式{mark}", system="", row=None)
        planted.layouts.append(keeping.save(layout=made, by=by))
        for word in ("暗源", "暗格式"):
            planted.hide(f"{word}{mark}", "a unit's source or layout", *readers, *INSPECTORS)


def _targets_and_traces(planted: Planted) -> None:
    """A target over the towns, and reads that the audit keeps."""
    city = planted.city
    planted.plans.append(
        targets.propose(
            city=city.divisions["云岭市"], year=2022, proposal=Proposal("G01", Decimal(7)), by=city.actor("clerk")
        )
    )
    for town, who, mark in (("龙洞镇", "supervisor", "龙"), ("石桥镇", "stranger", "石")):
        share = planted.plans[0].shares.get(division=city.divisions[town])
        target_bids.bid(share=share, asked=share.agreed + 1, reason=f"暗商{mark}", by=city.actor(who))
        readers = ("caseworker", "colleague", "supervisor", "town_leader") if who == "supervisor" else ("stranger", "far_caseworker")
        planted.hide(f"暗商{mark}", "a town's number", *readers, "clerk", "leader", "auditor", *INSPECTORS)
    for who, code in (("supervisor", "measures"), ("stranger", "measures"), ("officer", "cases")):
        rows = [row.pk for row in planted.rows[code] if row.unit_id == city.actor(who).unit_id]
        planted.reads.append(
            audit.record_read(
                by=city.actor(who), act="search", ledger=code, row_ids=rows, path=f"/ledgers/{code}/", query=ANXIANG
            )
        )


def _needs(planted: Planted) -> None:
    """What education needs of the police for its task, shown by a row of its own; a programme nobody but the city reads."""
    city = planted.city
    liaison = city.actor("liaison")
    year = {"year": 2022, "title": "暗计划", "adopted_on": date(2022, 2, 20), "arrangement": "暗安排"}
    row = {"year": 2022, "item": 1, "duty": "暗职责", "task": "暗任务", "done_when": "暗标准", "due_on": date(2022, 12, 20)}
    planted.rows["unit_plans"] = city.enter("unit_plans", "liaison", year)
    planted.rows["unit_tasks"] = city.enter("unit_tasks", "liaison", row | {"done_on": None, "evidence": ""})
    held = {"division": city.divisions["云岭市"].pk, "kind": "special", "held_on": date(2022, 2, 6), "title": "暗依据会"}
    [shown] = city.enter("meetings", "liaison", held | {"special_topic": True, "decisions": "议", "chaired_by_first": False})
    task = planted.rows["unit_tasks"][-1]
    needs.report(task=task, progress=needs.Progress(1, "暗进展", [("meetings", shown.pk)]), by=liaison)
    task.refresh_from_db()
    planted.needs.append(
        needs.ask(task=task, to_unit=city.units["police"], what="暗需要", due_on=date(2022, 12, 5), by=liaison)
    )
    all_of_them = ("liaison", "clerk", "leader", "auditor", *INSPECTORS)
    for word in ("暗计划", "暗安排", "暗职责", "暗标准", "暗进展", "暗依据会"):
        planted.hide(word, "a unit's task", *all_of_them)
    for word in ("暗任务", "暗需要"):  # the unit asked reads for which task
        planted.hide(word, "what a unit needs", *all_of_them, "officer")
    made = programmes.draft(city=city.divisions["云岭市"], outline=Outline("暗行动计划", 2021, 2023), by=city.actor("clerk"))
    programmes.set_goal(
        programme=made, indicator="G01", values={year: Decimal(7) for year in (2021, 2022, 2023)}, by=city.actor("clerk")
    )
    planted.programmes.append(made)
    begun = programmes.draft(city=city.divisions["云岭市"], outline=Outline("暗行动在办", 2021, 2023), by=city.actor("clerk"))
    programmes.set_goal(
        programme=begun, indicator="G01", values={year: Decimal(6) for year in (2021, 2022, 2023)}, by=city.actor("clerk")
    )
    programmes.adopt(programme=begun, on=date(2021, 2, 1), by=city.actor("leader"))
    planted.programmes.append(begun)
    review = programme_reviews.begin(programme=begun, year=2022, by=city.actor("clerk"))
    programme_reviews.write(review=review, words="暗评议", changes=(), seen=review.version, by=city.actor("clerk"))
    planted.hide("暗行动在办", "a programme", "clerk", "leader", "auditor", *INSPECTORS)
    planted.hide("暗评议", "a review of a programme", "clerk", "leader", "auditor", *INSPECTORS)
    planted.hide("暗行动计划", "a programme", "clerk", "leader", "auditor", *INSPECTORS)


def _closings(planted: Planted) -> None:
    """A month declared checked in each town, and what each was told of a month opened again."""
    city = planted.city
    for town, who, mark, readers in (
        ("龙洞镇", "supervisor", "龙", ("caseworker", "colleague", "supervisor", "town_leader")),
        ("石桥镇", "stranger", "石", ("stranger", "far_caseworker")),
    ):
        asked = closing.ask(
            division=city.divisions[town], month=Period.parse("2022-10"), note=f"暗账{mark}", by=city.actor(who)
        )
        planted.closes.append(asked)
        planted.hide(f"暗账{mark}", "a closing", *readers, "clerk", "leader", "auditor", *INSPECTORS)
        notice = ReopenNotice.objects.create(
            close=asked, unit=asked.unit, quoted_in=f"暗引{mark}", created_at=asked.asked_at
        )
        planted.notices.append(notice)
        planted.hide(f"暗引{mark}", "a notice to a unit", *readers)


def _sign_off(planted: Planted) -> None:
    """The assessment, signed with words that only inspectors read."""
    conclusion = "暗评估结论,措施与风险相当"
    signed = impact.sign_off(digest=assessment().digest, conclusion=conclusion, by=planted.city.actor("security"))
    planted.sign_offs.append(signed)
    # In the audit the reason is also read by who leads the signer's unit, for that unit's people alone.
    planted.hide("暗评估结论", "a sign-off", "leader", *INSPECTORS)


def _tokens(planted: Planted) -> None:
    for who, mark in (("supervisor", "龙"), ("stranger", "石")):
        account = planted.city.accounts[who]
        by = planted.city.actor(who)
        made, _key = tokens.make(account=account, purpose=f"暗令{mark}", last_day=TODAY, by=by)
        planted.tokens.append(made)
        planted.hide(f"暗令{mark}", "what a token is for", who)


def _emergencies(planted: Planted) -> None:
    """The other town's officer opened a person of 龙洞 yesterday, and it is over; 龙洞's officer holds a post of it."""
    city = planted.city
    for who, name, mark in (("stranger", ANXIANG, "石"), ("supervisor", QINGQIAN, "龙")):
        client = planted.clients[name]
        look = emergency_actions.open_look(
            compartment=Compartment.COMMUNITY,
            rows=[("clients", client.pk)],
            reason=f"暗急{mark}夜间有人求助",
            article="NL34",
            by=city.actor(who),
        )
        emergency_actions.close(look=look, by=city.actor(who))
        planted.looks.append(look)
    # Whoever keeps the person reads in its list who looked and why; so do those who review and inspect.
    planted.hide("暗急石", "why somebody was opened", "stranger", "caseworker", "supervisor", *INSPECTORS)
    planted.hide("暗急龙", "why somebody was opened", "supervisor", "town_leader", "stranger", "far_caseworker", *INSPECTORS)
    for who, mark in (("supervisor", "龙"), ("stranger", "石")):
        post = Post.objects.create(unit=city.units[city.accounts[who].unit.code], title=f"暗职{mark}", responsibility="staff")
        planted.terms.append(
            PostTerm.objects.create(post=post, holder_name=city.accounts[who].name, account=city.accounts[who], start=BEGAN)
        )
        planted.hide(f"暗职{mark}", "a post as the security officer keeps it", *INSPECTORS)


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def masked_forms(name: str) -> frozenset[str]:
    """The only ways a name may be written: in full, or with the one mask."""
    return frozenset({name, mask_name(name)})
