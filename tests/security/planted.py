"""The city of the walk: two towns, two police units, three caseworkers, each with planted people and papers.

Who may read what is written down here by hand from house.md §1 («who reads rows by name»), never asked of the policy:
a mistake in the policy must not make its own test agree with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl

from qingyuan.casework.models import Due
from qingyuan.documents.qr import qr_png
from qingyuan.foundation import audit
from qingyuan.foundation.audit.models import ReadEntry, WriteEntry
from qingyuan.foundation.identity import mask_name
from qingyuan.governance.actions import returns, targets
from qingyuan.governance.actions.letters import Issue, issue
from qingyuan.governance.actions.manual import enter, manual_keys
from qingyuan.governance.actions.schemes import publish_scheme
from qingyuan.governance.actions.signing import file_signed_page
from qingyuan.governance.actions.targets import Proposal
from qingyuan.governance.forms.catalogue import get_form
from qingyuan.governance.models import Letter, LetterScan, ManualEntry, Return, TargetPlan
from qingyuan.governance.rules.letters import payload
from qingyuan.governance.scoring.shipped import FOLDER
from qingyuan.indicators.refresh import refresh
from qingyuan.ledgers import registry
from qingyuan.ledgers.importing.check import check
from qingyuan.ledgers.importing.receive import receive
from qingyuan.ledgers.importing.sources import remember
from qingyuan.ledgers.layouts import keeping
from qingyuan.ledgers.models import ImportBatch, OwnLayout, Source
from qingyuan.ledgers.reading.open import open_workbook
from qingyuan.organisation.enums import Responsibility, Role
from qingyuan.organisation.models import Account, Post, PostTerm, RoleGrant, Unit
from qingyuan.reference import catalogue
from qingyuan.reference.periods import Period
from qingyuan.rehabilitation.actions import clients as client_actions
from qingyuan.rehabilitation.models import Client
from tests.cast import BEGAN, TODAY, City, id_number, measure_values

# Surnames that stand nowhere in the product's own words: one of them on a page is a person.
ANXIANG, SHUYING, FUDONG, HUANGHUN, QINGQIAN = "阚暗香", "逄疏影", "亓浮动", "郗黄昏", "佘清浅"
MORE_ROLES = {
    "colleague": ("longdong", "同事甲", Role.CASEWORKER, "龙洞镇"),
    "far_caseworker": ("shiqiao", "远方乙", Role.CASEWORKER, "石桥镇"),
    "station": ("station", "所丙", Role.POLICE_OFFICER, "龙洞镇"),
    "court": ("court", "院丁", Role.COURT_CLERK, "云岭市"),
}
PHONES = {ANXIANG: "13912340001", SHUYING: "13912340002", FUDONG: "13912340003", HUANGHUN: "13912340004", QINGQIAN: "13912340005"}
SERIALS = {ANXIANG: 501, SHUYING: 502, FUDONG: 503, HUANGHUN: 504, QINGQIAN: 505}
POSTS = (
    ("党委书记", Responsibility.FIRST),
    ("镇长", Responsibility.FIRST),
    ("分管副镇长", Responsibility.DIRECT),
    ("禁毒专干", Responsibility.LIAISON),
)
# They search the log of who did what and why (mission line 6): opaque keys and internal papers, never a name or number.
INSPECTORS = ("auditor", "security")
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
    rows: dict[str, list[Any]] = field(default_factory=dict)  # ledger code → rows, own and foreign for anyone
    clients: dict[str, Client] = field(default_factory=dict)
    batches: list[ImportBatch] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    layouts: list[OwnLayout] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    scans: list[LetterScan] = field(default_factory=list)
    entries: list[ManualEntry] = field(default_factory=list)
    plans: list[TargetPlan] = field(default_factory=list)
    reads: list[ReadEntry] = field(default_factory=list)

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
    def dues(self) -> list[Due]:
        """One due of each client."""
        found: dict[str, Due] = {}
        for due in Due.objects.order_by("closes_on"):
            found.setdefault(due.person, due)
        return list(found.values())

    def hide(self, text: str, what: str, *readers: str, in_full_for: tuple[str, ...] = ()) -> None:
        self.secrets.append(Secret(text, what, frozenset(readers), frozenset(in_full_for)))

    def forbidden_to(self, who: str, *, in_full: bool = False) -> Iterator[Secret]:
        """What ``who`` may not be told. ``in_full``: where one's own people stand unmasked (a logged look, rows to mend)."""
        return (
            secret
            for secret in self.secrets
            if who not in secret.readers and not (in_full and who in secret.in_full_for)
        )


def plant(city: City) -> Planted:
    """Everything a leak could show, in a city where facts are refreshed."""
    planted = Planted(city)
    _more_people(city)
    _clients(planted)
    _cases(planted)
    _papers(planted)
    _imports(planted)
    _sources(planted)
    refresh()
    _targets_and_traces(planted)
    return planted


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
    for client in Client.objects.all():
        Client.objects.filter(pk=client.pk).update(phone=PHONES[client.name])
        planted.clients[client.name] = client
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


def _cases(planted: Planted) -> None:
    city = planted.city
    found: dict[str, list[Any]] = {"cases": [], "seizures": []}
    for who, place, mark in (("officer", "石桥镇", "壹"), ("station", "龙洞镇", "贰")):
        number, title = f"暗案号{mark}", f"暗案名{mark}"
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
            },
        )
        found["seizures"] += city.enter(
            "seizures",
            who,
            {"case_number": number, "drug": catalogue_code("drugs"), "net_g": 12, "seized_on": date(2022, 5, 20)},
        )
        for text in (number, title, f"暗案情{mark}"):
            planted.hide(text, "a case", who)
    planted.rows |= found


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
    planted.letters = [issue(unit=city.units[town], terms=terms, by=city.actor("clerk")) for town in ("longdong", "shiqiao")]
    readers = {
        "龙": ("caseworker", "colleague", "supervisor", "town_leader", "clerk", "leader", "auditor"),
        "石": ("stranger", "far_caseworker", "clerk", "leader", "auditor"),
    }
    for letter, (mark, who), filer in zip(planted.letters, readers.items(), ("supervisor", "stranger"), strict=True):
        scan = qr_png(payload(letter.pk, letter.content_hash))
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
    for who, code in (("supervisor", "measures"), ("stranger", "measures"), ("officer", "cases")):
        rows = [row.pk for row in planted.rows[code] if row.unit_id == city.actor(who).unit_id]
        planted.reads.append(
            audit.record_read(
                by=city.actor(who), act="search", ledger=code, row_ids=rows, path=f"/ledgers/{code}/", query=ANXIANG
            )
        )


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
