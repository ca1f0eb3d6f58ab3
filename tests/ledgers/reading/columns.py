"""Columns of a test ledger as the reader sees them; no ledger of the house is needed to test reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.reading.cells import Reading
from qingyuan.ledgers.reading.choices import Resolution, Resolvers
from qingyuan.ledgers.reading.outcomes import Suggestion

DAY = date(2022, 11, 23)
SAMPLES = {"尿液": "urine", "毛发": "hair", "唾液": "saliva"}
RESULTS = {"阴性": "negative", "阳性": "positive", "阴": "negative", "阳": "positive"}


@dataclass(frozen=True)
class Spec:
    name: str
    header: str
    kind: Kind = Kind.TEXT
    required: bool = False
    aliases: tuple[str, ...] = ()
    code_list: str = ""
    unit: str = ""
    max_length: int = 200
    month_enough: bool = False
    help: str = ""
    example: str = ""


TESTS = (
    Spec("name", "姓名", Kind.PERSON_NAME, required=True, aliases=("被检测人", "吸毒人员姓名"), example="何立新"),
    Spec("id_number", "身份证号", Kind.ID_NUMBER, required=True, aliases=("公民身份号码", "身份证号码")),
    Spec("tested_on", "检测日期", Kind.DATE, required=True, aliases=("日期", "尿检时间"), example="2022-10-08"),
    Spec("sample", "检测方式", Kind.CODE, code_list="samples", aliases=("检材",), example="尿液"),
    Spec("result", "结果", Kind.CODE, required=True, code_list="results", aliases=("检测结果",), example="阴性"),
    Spec("staff", "检测人", Kind.STAFF, aliases=("检测人员",), help="两名检测人,用顿号隔开"),
    Spec("remark", "备注", Kind.LONG_TEXT, max_length=0),
)

SEIZURES = (
    Spec("case_no", "案件编号", required=True),
    Spec("seized_on", "查获日期", Kind.DATE, required=True, aliases=("缴获时间",)),
    Spec("drug", "毒品种类", Kind.TEXT, required=True, aliases=("毒品名称",)),
    Spec("net", "净重", Kind.QUANTITY, required=True, unit="g", aliases=("重量", "缴获数量")),
    Spec("suspects", "抓获人数", Kind.INTEGER, unit="人"),
)

ID_NUMBERS = ("999999199001010059", "999999198503121248", "999999197811235533")


def match_code(list_name: str, text: str, day: date) -> Resolution:
    """A code list in miniature: 尿检板 is unknown but near, and 劳教 held only until 2013-12-28."""
    terms = SAMPLES if list_name == "samples" else RESULTS
    if text == "劳教" and day < date(2013, 12, 28):
        return Resolution("re-education")
    if text in terms:
        return Resolution(terms[text])
    near = tuple(Suggestion(code, term) for term, code in terms.items() if term[0] in text)
    return Resolution(None, f"代码表没有“{text}”", near[:1])


def reading(**extra: object) -> Reading:
    """The usual circumstances: a fixed day, the lists above, no year hint."""
    return Reading(day=DAY, resolvers=Resolvers(code=match_code), **extra)  # type: ignore[arg-type]
