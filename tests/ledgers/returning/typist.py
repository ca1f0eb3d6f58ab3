"""Rows of any ledger as somebody would type them, made from its declaration: kinds, code lists, what a column points at.

What the kinds cannot know (a check digit, sums that must agree, a measure before its test) is said in ``SEEDS``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from qingyuan.ledgers import registry
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.declaration import Draft, Ledger, Writing
from qingyuan.ledgers.entering import allowed, change, draft_of_change, draft_of_new, enter
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.presenting import plain_text
from qingyuan.ledgers.writing import DuplicateRow
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Division
from qingyuan.participation.rules import credit_check
from qingyuan.reference import catalogue
from qingyuan.rehabilitation.actions import campaigns
from qingyuan.rehabilitation.campaigns import LINES
from tests.cast import TODAY, City, id_number

REGISTRATION = "51999981MJ0000001" + credit_check("51999981MJ0000001")
SEEDS: dict[str, dict[str, str]] = {
    "measures": {"served_on": "2022-01-05", "decided_on": "2022-01-03", "reported_on": "2022-01-10"},
    "isolation": {"id_number": id_number(812)},
    "parties": {"caught_on": "2022-10-08"},
    "exhibits": {"drug": "海洛因"},
    "enforcement_tests": {"result": "阴性"},
    "tests": {"name": "何立新", "id_number": id_number(811)},
    "treatment_agreements": {"confidentiality": "是", "signed_on": "2022-01-05"},
    "maintenance": {"enrolled_on": "2022-01-05"},
    "maintenance_doses": {"dose_mg": "40"},
    "treatment_entries": {"entered_on": "2022-01-05", "treated_before": "以前接受过", "injecting": "不详"},
    "releases": {"name": "何立新", "id_number": id_number(811)},
    "team": {"name": "何立新", "id_number": id_number(811)},
    "care_plans": {"name": "何立新", "id_number": id_number(811), "made_on": "2022-03-01", "knowledge": "每月谈一次", "review_on": "2023-01-08"},
    "absences": {"name": "何立新", "id_number": id_number(811)},
    "plan_goals": {"name": "何立新", "id_number": id_number(811), "set_on": "2022-03-01", "number": "1", "by_on": "2023-01-08"},
    "encouragements": {"name": "何立新", "id_number": id_number(811), "kind": "口头表扬"},
    "warnings": {"name": "何立新", "id_number": id_number(811)},
    "suspensions": {"name": "何立新", "id_number": id_number(811)},
    "moves": {"name": "何立新", "id_number": id_number(811)},
    "credits": {"name": "何立新", "id_number": id_number(811)},
    "controls": {"name": "何立新", "id_number": id_number(811), "starts_on": "2022-01-10"},
    "activities": {"kind": "农村"},
    "published_statistics": {"measure_unit": "万人"},
    "associations": {"registration": REGISTRATION},
    "registrations": {"registered": "131", "current": "131"},
    "survey_rounds": {"found": "是", "plant": "罂粟", "plants": "100"},
    "eradications": {"plants": "3"},
    "materials": {"direction": "收入", "quantity": "1000"},
    "lessons": {"grade_band": "小学四至六年级"},
    "awareness_surveys": {"began_on": "2022-09-01", "ended_on": "2022-09-20", "stratum_size": "900", "sampled": "60", "valid": "50"},
    "safety_surveys": {"began_on": "2022-09-01", "ended_on": "2022-09-20", "stratum_size": "900", "sampled": "60", "valid": "5"},
    "service_contracts": {"starts_on": "2022-01-01", "ends_on": "2022-12-31"},
    "wastewater": {"concentration": "120", "flow": "20000", "served": "60000"},
    "reports_received": {"received": "3", "confirmed": "1"},
    "inspections": {"files_drawn": "5", "items_checked": "9", "items_failed": "0", "police": "是", "justice": "是"},
}
NEEDS: dict[str, tuple[str, ...]] = {
    LINES: ("measures",),
    "tests": ("measures",),
    "maintenance_doses": ("maintenance",),
    "medical_tests": ("treatment_agreements",),
    "treatment_entries": ("treatment_agreements",),
    **dict.fromkeys(("releases", "team", "care_plans", "absences", "warnings", "encouragements"), ("measures",)),
    "plan_goals": ("measures", "care_plans"),
    **dict.fromkeys(("suspensions", "moves", "credits", "controls"), ("measures",)),
}
"""Ledgers that must hold a row first although no column points at it."""

TRICKY = ("合计", "=SUM(A1)", "-5", "+86", "@甲", "0012", "1e5", "2022-10-08", "小计:", "示例", "TRUE", "注:以上", "1", " 甲 ", "100%")
SIGNS = "禁毒龙洞山村会议甲乙丙丁,。、;:()()《》“”<>&\"'#%=+-@/ ab1290一二〔〕号"
#: A line of a frame that somebody has accounted for: of one that nobody has, no single cell can be edited.
SEEN = {"state": "见面已核", "happened_on": "2022-11-05", "words": "在村委会见到本人"}
SURNAMES, GIVEN = "赵钱孙李周吴郑王欧阳", "立新明芳·秀平安阿木"


@dataclass
class Typist:
    """Types rows of one ledger as the account that keeps it. ``seed``: texts by column that are taken as they are."""

    city: City
    ledger: Ledger
    who: str = ""
    seed: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.who = self.who or keeper_of(self.city, self.ledger)
        for code in NEEDS.get(self.ledger.code, ()):
            Typist(self.city, registry.get(code)).any_row()
        known: dict[type, Any] = {}
        for column in self.ledger.columns:
            if (text := self._pointed_at(column, known)) is not None:
                self.seed[column.name] = text
            elif column.required:
                self.seed[column.name] = plain(column, self.city, self.actor)
        self.seed |= SEEDS.get(self.ledger.code, {})

    @property
    def actor(self) -> Actor:
        return self.city.actor(self.who)

    @property
    def writing(self) -> Writing:
        return self.city.writing(self.who, "登记")

    def any_row(self) -> Any:
        """A row of the ledger, entered when there is none."""
        found = self.ledger.model.objects.filter(unit_id=self.actor.unit_id).first()
        return found or self.row(SEEN if self.ledger.code == LINES else {})

    def row(self, texts: dict[str, str]) -> Any:
        """Enter the seed with ``texts`` over it, less what the ledger refuses; None when nothing of it can be entered
        beside the rows that are there already."""
        if self.ledger.code == LINES:
            return self._line(texts)
        draft = self._drafted(texts)
        try:
            return enter(self.ledger, draft, self.writing) if draft is not None else None
        except DuplicateRow:
            return None

    def _line(self, texts: dict[str, str]) -> Any:
        """A line of a frame is not typed: it is drawn from the register, and what is typed says how it ended."""
        lines = self.ledger.model.objects.select_related("client", "campaign", "division", "unit").filter(unit_id=self.actor.unit_id)
        if not lines.exists():
            campaigns.issue(
                title="普查", document_number="云禁毒办〔2022〕1号", starts_on=date(2022, 11, 1), ends_on=date(2022, 12, 1),
                reference_on=date(2022, 10, 31), places=[self.city.divisions["云岭市"]], by=self.city.actor("clerk"),
            )  # fmt: skip
        line, wanted = lines[0], dict(texts)
        stands = {column.name: plain_text(column, column.value_of(line)) for column in self.ledger.columns if column.editable}
        for _attempt in range(len(texts) + 1):
            draft = draft_of_change(self.ledger, line, stands | {name: text for name, text in wanted.items() if name in stands}, self.writing)
            if not draft.problems:
                change(self.ledger, line, draft, self.writing)
                break
            blamed = {problem.column for problem in draft.problems} & set(wanted)
            wanted = {name: text for name, text in wanted.items() if name not in blamed} if blamed else {}
        return line

    def _drafted(self, texts: dict[str, str]) -> Draft | None:
        wanted = dict(texts)
        for _attempt in range(len(texts) + 1):
            draft = draft_of_new(self.ledger, self.seed | wanted, self.writing)
            if not draft.problems:
                return draft
            blamed = {problem.column for problem in draft.problems} & set(wanted)
            wanted = {name: text for name, text in wanted.items() if name not in blamed} if blamed else {}
        if self.ledger.model.objects.exists():
            return None
        raise AssertionError(f"{self.ledger.code}: even the seed is refused: {draft.problems} {self.seed}")

    def _pointed_at(self, column: Column, known: dict[type, Any]) -> str | None:
        """The text of a column that shows what stands on a row of another ledger, which is entered first."""
        if column.stored:
            return None
        first, *rest = column.where.split(".")
        model = self.ledger.model._meta.get_field(first).related_model
        ledger = next((one for one in registry.all_ledgers() if one.model is model), None)
        if ledger is None:
            return None
        if model not in known:
            known[model] = Typist(self.city, ledger, self.who if keeps(self.city, self.who, ledger) else "").any_row()
        value: Any = known[model]
        for step in rest:
            value = getattr(value, step)
        return plain_text(column, value)


def keeper_of(city: City, ledger: Ledger) -> str:
    """Somebody who may enter, change and export rows of the ledger."""
    return next(who for who in city.accounts if keeps(city, who, ledger))


def keeps(city: City, who: str, ledger: Ledger) -> bool:
    return all(allowed(ledger, city.actor(who), act, TODAY) for act in (Action.CREATE, Action.CHANGE, Action.EXPORT))


def plain(column: Column, city: City, actor: Actor) -> str:
    """One text that a column of this kind takes."""
    ways: dict[Kind, Callable[[], str]] = {
        Kind.INTEGER: lambda: "2022" if column.name == "year" else "1",
        Kind.DECIMAL: lambda: "1",
        Kind.QUANTITY: lambda: "12克",
        Kind.DATE: lambda: "2022-10-08",
        Kind.CODE: lambda: catalogue.get_list(column.code_list).valid_on(TODAY)[0].name_zh,
        Kind.DIVISION: lambda: places_of(actor)[-1],
        Kind.BOOLEAN: lambda: "否",
        Kind.PERSON_NAME: lambda: "何立新",
        Kind.ID_NUMBER: lambda: id_number(811),
        Kind.PHONE: lambda: "0400-2000001",
        Kind.STAFF: lambda: "李秀、王平",
    }
    return ways.get(column.kind, lambda: f"{column.header}甲"[: column.max_length or 200])()


def places_of(actor: Actor) -> list[str]:
    grant = actor.grants[0]
    return list(Division.objects.under(grant.division_id, TODAY).on(TODAY).order_by("code").values_list("code", flat=True))


def texts_for(column: Column, actor: Actor) -> st.SearchStrategy[str]:
    """Texts a person may type into a column of this kind; most are taken, some are not."""
    most = column.max_length or 200
    days = st.dates(date(2019, 1, 1), TODAY + timedelta(days=40)).map(date.isoformat)
    names = st.tuples(st.sampled_from(SURNAMES), st.text(GIVEN, min_size=1, max_size=3)).map("".join)
    born = st.sampled_from(("19910101", "19750630", "20060801", "20091231"))
    ways: dict[Kind, st.SearchStrategy[str]] = {
        # Everyday sizes beside any size: a column with an upper bound (a dose) would take next to none of the latter.
        Kind.INTEGER: (st.integers(0, 100) | st.integers(0, 3_000_000)).map(str),
        Kind.DECIMAL: (st.decimals(1, 100, places=1) | st.decimals(0, 9_999_999, places=3)).map(str),
        Kind.QUANTITY: st.decimals(0, 99_999, places=4).map("{}克".format),
        Kind.DATE: days,
        Kind.DIVISION: st.sampled_from(places_of(actor)),
        Kind.BOOLEAN: st.sampled_from(("是", "否", "")),
        Kind.PERSON_NAME: names,
        Kind.ID_NUMBER: st.builds(id_number, st.integers(1, 899), born),
        Kind.PHONE: st.integers(0, 9_999_999).map("138{:08d}".format) | st.integers(2_000_000, 7_999_999).map("0400-{}".format),
        Kind.STAFF: st.lists(names, min_size=1, max_size=3, unique=True).map("、".join),
    }
    if column.kind == Kind.CODE:
        return st.sampled_from([code.name_zh for code in catalogue.get_list(column.code_list).valid_on(TODAY)])
    lines = "\n" if column.kind == Kind.LONG_TEXT else ""
    words = st.sampled_from((*TRICKY, column.header)) | st.text(SIGNS + lines, min_size=1, max_size=min(most, 20))
    return ways.get(column.kind, words)


def typed_rows(ledger: Ledger, actor: Actor, most: int) -> st.SearchStrategy[Sequence[dict[str, str]]]:
    """Up to ``most`` rows: of each some columns as they came to mind, the others as the seed has them."""
    free = {c.name: texts_for(c, actor) for c in ledger.columns if c.stored or c.personal}
    return st.lists(st.fixed_dictionaries({}, optional=free), min_size=1, max_size=most)
