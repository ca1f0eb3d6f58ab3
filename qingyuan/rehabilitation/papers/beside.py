"""The papers of rows beside a measure, and the certificate of the end of dynamic control.

What each must say: 变更执行地 戒毒条例第二十二条; 中止、继续执行 第二十四条第二款; 离开报备 第十九条 (never why); 停止动态管控 第七条第二款.
The certificate is for the person alone: with its hand-over the person is sealed, and of its text only number and hash stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from qingyuan.casework.serving.declared import Printed, Question
from qingyuan.documents.model import KeyValue, Paragraph
from qingyuan.foundation import clock
from qingyuan.reference.catalogue import get_list
from qingyuan.rehabilitation import queries
from qingyuan.rehabilitation.papers.common import (
    CONTACT,
    CONTACT_AT,
    REPORT_AT,
    day_words,
    measure_name,
    name_of,
    town_form,
)

#: 戒毒条例第二十二条: the new place is to be reported at within so many days of the change.
REPORT_DAYS: Final = 15
CERTIFICATE: Final = "exit-certificate"


# --- 变更执行地 --------------------------------------------------------------------------------------------------------------
def not_arrived(row: Any) -> bool:
    return row.arrived_on is None and row.measure.ended_on is None


def last_day_to_report(moved_on: date) -> date:
    """The day of the change does not count."""
    return moved_on + timedelta(days=REPORT_DAYS)


def move_notice(row: Any, answers: Mapping[str, str], unit: str) -> Printed:
    name = measure_name(row.measure)
    body = (
        Paragraph.of(
            f"你的{name}执行地自{day_words(row.moved_on)}起由{unit}变更为{row.place}。根据《戒毒条例》第二十二条的规定，"
            f"你应当自变更之日起十五日内到{row.place}报到，最后报到日期为{day_words(last_day_to_report(row.moved_on))}；"
            f"{name}时间自首次报到之日起连续计算，到新执行地后重新签订协议。本单位将有关材料转送新执行地。"
        ),
        KeyValue((("报到地点", answers["place"]), ("新执行地联系人", answers["contact"]), ("携带材料", "本人身份证件、本通知书"))),
        Paragraph.of("因住院、在押、灾害等原因不能按期报到的，请在期满前告知新执行地或者本单位，并提供证明。对本通知有异议的，可以向本单位提出。"),
    )
    return Printed("变更执行地通知书", body, addressee=name_of(row))


# --- 中止、继续执行 -----------------------------------------------------------------------------------------------------------
def standing_still(row: Any) -> bool:
    return row.resumed_on is None and row.measure.ended_on is None


def going_on(row: Any) -> bool:
    return row.resumed_on is not None and row.measure.ended_on is None


def suspension_notice(row: Any, _answers: Mapping[str, str], unit: str) -> Printed:
    name = measure_name(row.measure)
    body = (
        Paragraph.of(
            f"根据《戒毒条例》第二十四条第二款的规定，你在{unit}接受的{name}自{day_words(row.stopped_on)}起中止"
            f"（{row.document_number}）。中止期间不计入{name}期限，不安排检测，也不算作逃避、拒绝检测或者擅自离开。"
        ),
        Paragraph.of(f"释放之日起继续接受{name}，期限按中止的天数顺延。请在释放后与本单位联系。对本通知有异议的，可以向本单位提出。"),
    )
    return Printed(f"{name}中止通知书", body, addressee=name_of(row))


def resumption_notice(row: Any, answers: Mapping[str, str], unit: str) -> Printed:
    name = measure_name(row.measure)
    body = (
        Paragraph.of(
            f"你的{name}自{day_words(row.stopped_on)}起中止（{row.document_number}）。根据《戒毒条例》第二十四条第二款的规定，"
            f"自{day_words(row.resumed_on)}起在{unit}继续执行，中止的{(row.resumed_on - row.stopped_on).days}日不计入期限。"
            + (f"顺延后的期限至{day_words(row.measure.ends_on)}止。" if answers["ends"] == "是" and row.measure.ends_on else "")
        ),
        KeyValue((("联系地点", answers["place"]), ("联系人、电话", answers["contact"]))),
        Paragraph.of("对本通知有异议的，可以向本单位提出。"),
    )
    return Printed(f"继续执行{name}通知书", body, addressee=name_of(row))


# --- 离开报备 ---------------------------------------------------------------------------------------------------------------
def away(row: Any) -> bool:
    """Told beforehand, not back yet, and nobody has found it unlawful."""
    return row.until_on is not None and row.back_on is None and row.lawful is not False and row.measure.ended_on is None


def absence_slip(row: Any, answers: Mapping[str, str], unit: str) -> Printed:
    body = (
        Paragraph.of(
            f"你按《戒毒条例》第十九条的规定书面报告离开执行地所在县（市、区），自{day_words(row.left_on)}至{day_words(row.until_on)}。"
            f"{unit}已经收到，同意离开。"
        ),
        KeyValue((("返回后联系", answers["contact"]), ("离开期间的检测", answers["tests"]))),
        Paragraph.of("需要延长的，请在到期前书面报告。返回当天请到本单位销假，返回当天不算离开。本凭证不写离开的事由。"),
    )
    return Printed("离开执行地报备凭证", body, addressee=name_of(row))


# --- 停止动态管控 -------------------------------------------------------------------------------------------------------------
def exit_waits(row: Any) -> bool:
    """Three years are over and nothing stands against the end."""
    return row.ended_on is None and queries.control_is_over(row, clock.today())


def certificate(row: Any, answers: Mapping[str, str], unit: str) -> Printed:
    began = row.relapsed_on or row.starts_on
    basis = get_list("control_bases").label(row.basis)
    body = (
        Paragraph.of(
            f"你自{day_words(began)}起实行动态管控（起算依据：{basis}），至{day_words(queries.control_last_day(row))}三年届满，"
            f"没有发现复吸。根据《戒毒条例》第七条第二款的规定，{answers['organ']}决定对你不再实行动态管控（{answers['number']}）。"
        ),
        Paragraph.of("自本证明送达之日起，你的姓名和记录在禁毒工作平台各处封存，不再列入任何名单、查询、导出和接口，只计入总数。"),
        Paragraph.of(
            "根据《戒毒条例》第七条第一款，你在入学、就业、享受社会保障等方面不受歧视；对有关你的个人信息应当依法予以保密。"
            "工作人员泄露个人信息的，依照第四十三条处理，你可以向本单位或者监察机关反映。"
        ),
        Paragraph.of("本证明交本人保存。平台不留正文，只留文书号和校验值：需要核实真伪时，由本单位凭本页的核验码核对。"),
    )
    return Printed("停止动态管控证明", body, addressee=name_of(row))


FORMS: Final = (
    town_form(
        "move-notice", "moves", "变更执行地通知书", "DR22", offered=not_arrived, printed=move_notice,
        questions=(REPORT_AT, Question("contact", "新执行地联系人", "新执行地乡镇(街道)的工作电话", most=40)),
    ),
    town_form("suspension-notice", "suspensions", "中止通知书", "DR24;NL48", offered=standing_still, printed=suspension_notice),
    town_form(
        "resumption-notice", "suspensions", "继续执行通知书", "DR24;NL48", offered=going_on, printed=resumption_notice,
        questions=(
            CONTACT_AT,
            CONTACT,
            Question("ends", "写明期满日期", "台账的“期满日期”已经按顺延改过的,填“是”;还没有改的,填“否”", most=1, usual=lambda _row: "否"),
        ),
    ),
    town_form(
        "absence-slip", "absences", "离开执行地报备凭证", "DR19", offered=away, printed=absence_slip,
        questions=(CONTACT, Question("tests", "离开期间的检测", "怎样安排,如“返回后三日内补检”", most=60)),
    ),
    town_form(
        CERTIFICATE, "controls", "停止动态管控证明", "DR7(2);DR43", offered=exit_waits, printed=certificate, fills="ended_on",
        numbers="certificate_number",
        questions=(Question("organ", "决定停止的公安机关", "全称,如“云岭市公安局”"), Question("number", "公安机关文书号", "照原件填写")),
    ),
)  # fmt: skip
