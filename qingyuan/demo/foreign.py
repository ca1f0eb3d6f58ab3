"""What other offices want of the commission: two of their forms, bound and filled, and one request for figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from qingyuan.demo.loading import keeper
from qingyuan.journeys.figures_on_file import answer_from_returns
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Unit
from qingyuan.reference.periods import Period
from qingyuan.reference.periods import month as month_of
from qingyuan.situation.actions import forms, requests
from qingyuan.situation.enums import Fixed, PeriodRule
from qingyuan.situation.models import FormLayout
from qingyuan.situation.rules.forms import CHANGE, PREVIOUS, Binding

EXAMPLES: Final = Path(__file__).resolve().parents[2] / "examples" / "forms"
MONTHLY: Final = "演示州禁毒办_乡镇禁毒工作情况月报表.xlsx"
QUARTERLY: Final = "云岭市平安办_平安建设禁毒部分情况表.docx"
FILLED: Final = (date(2022, 9, 1), date(2022, 10, 1))
MONTH, YEAR = PeriodRule.MONTH.value, PeriodRule.YEAR.value
#: The heading of a column, its indicator and period: every row that names a town gets its own figure.
COLUMNS: Final = (
    ("1!B5", "E01", MONTH),
    ("1!C5", "E01", YEAR),
    ("1!D5", "R25", MONTH),
    ("1!E5", "R05", YEAR),
    ("1!F5", "G09", MONTH),
    ("1!G5", "G09", PeriodRule.MONTH_YEAR_AGO.value),
    ("1!H5", "G01", MONTH),
    ("1!I5", "G01", YEAR),
)
#: Rows of the Word table and their indicators.
ITEMS: Final = ((3, "E01"), (4, "E09"), (6, "R01"), (7, "R05"), (9, "G07"))
WORDS: Final = {
    MONTHLY: (
        ("1!B2", Fixed.UNIT), ("1!G2", Fixed.PERIOD), ("1!B30", Fixed.FILLER), ("1!G30", Fixed.DAY),
    ),
    QUARTERLY: (
        ("p2!1", Fixed.UNIT), ("p2!2", Fixed.PERIOD), ("p4!1", Fixed.FILLER), ("p4!2", Fixed.DAY),
    ),
}  # fmt: skip


#: Four towns are asked by 28 November; two have answered.
ASKED_OF: Final = ("dongshan", "ximen", "longdong", "shiqiao")
ANSWERED: Final = {"dongshan": ("12", "含在本辖区企业和公益性岗位就业的"), "ximen": ("3", "")}


def serve_others() -> None:
    """What the office does for other offices, in the order in which it came."""
    keep_forms()
    ask_for_figures()


def ask_for_figures() -> None:
    """A request of the province: one figure on file, one from signed returns, one that the towns are asked for."""
    clerk = keeper("office")
    asked = requests.register(
        asking=requests.Asking(
            title="社区戒毒社区康复帮扶情况",
            asked_by="演示省禁毒办",
            document_number="演禁办函〔2022〕31 号",
            received_on=date(2022, 11, 18),
            due_on=date(2022, 11, 28),
        ),
        by=clerk,
    )
    carried = requests.add_question(
        asked=asked, question=requests.Question("正在执行社区戒毒社区康复人数", measure="人", people=True), by=clerk
    )
    requests.answer_from_file(
        question=carried,
        indicator="R25",
        part="value",
        period=month_of(date(2022, 10, 1)),
        each_place=False,
        by=clerk,
    )
    events = requests.add_question(
        asked=asked, question=requests.Question("1—10 月开展禁毒宣传活动场次", measure="场次"), by=clerk
    )
    answer_from_returns(question=events, cell="XZ-01.events", period=Period.parse("2022-01..2022-10"), by=clerk)
    jobs = requests.add_question(
        asked=asked,
        question=requests.Question("今年新安置就业的戒毒康复人员", measure="人", people=True),
        by=clerk,
    )
    units = list(Unit.objects.filter(code__in=ASKED_OF))
    requests.ask_units(question=jobs, units=units, due_on=date(2022, 11, 25), by=clerk)
    requests.pass_on(asked=asked, by=clerk)
    for given in jobs.answers.select_related("question__request__unit", "unit", "division"):
        if given.unit.code in ANSWERED:
            typed, note = ANSWERED[given.unit.code]
            requests.answer(given=given, typed=typed, note=note, by=keeper(given.unit.code))


def keep_forms() -> None:
    """Both forms received, bound, saved as templates and filled for September and October."""
    clerk = keeper("office")
    for title, sent_by, name in (
        ("乡镇(街道)禁毒工作情况月报表", "演示州禁毒办", MONTHLY),
        ("平安建设(禁毒部分)情况表", "云岭市平安办", QUARTERLY),
    ):
        received = forms.receive_form(
            title=title, sent_by=sent_by, file_name=name, data=(EXAMPLES / name).read_bytes(), by=clerk
        )
        layout = received.layout
        _words(layout, WORDS[name], clerk)
        _columns(layout, clerk) if name == MONTHLY else _items(layout, clerk)
        forms.save_template(layout=layout, by=clerk)
        for day in FILLED:
            forms.fill(form=layout.form, month=month_of(day), by=clerk)


def _words(layout: FormLayout, cells: Sequence[tuple[str, Fixed]], clerk: Actor) -> None:
    for address, fixed in cells:
        forms.bind(layout=layout, binding=Binding(address, fixed=fixed.value), by=clerk)


def _columns(layout: FormLayout, clerk: Actor) -> None:
    for heading, indicator, rule in COLUMNS:
        forms.bind_column(layout=layout, binding=Binding(heading, indicator, rule=rule), by=clerk)


def _items(layout: FormLayout, clerk: Actor) -> None:
    for row, indicator in ITEMS:
        for column, part in ((3, "value"), (4, PREVIOUS), (5, CHANGE)):
            binding = Binding(f"t1!R{row}C{column}", indicator, part=part, rule=YEAR)
            forms.bind(layout=layout, binding=binding, by=clerk)
