"""The papers of a community measure, from the columns of its row and what the worker fills in. Pure.

What each must say: 报到 戒毒条例第十四、三十八条; 协议 第十六条 (its parts as 山东第四十一条、重庆第三十五条、浙江第三十四条 list them
together); 劝诫 禁毒法第三十五条、戒毒条例第十八条; 决定书、解除通知书 are the police's own: here only their receipt is made out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from qingyuan.casework.serving.answers import answer_form
from qingyuan.casework.serving.declared import PaperForm, Printed, Question, ReceiptLines
from qingyuan.documents.model import Block, Heading, KeyValue, Paragraph, Party, SignatureBlock, SignLine
from qingyuan.rehabilitation.enums import MeasureKind
from qingyuan.rehabilitation.papers.common import (
    CONTACT,
    CONTACT_AT,
    NAMES,
    REPORT_AT,
    day_words,
    measure_name,
    name_of,
    titled,
    town_form,
)
from qingyuan.rehabilitation.rules import report_due

OWN_CODE: Final = "own-code"
DATA_ANSWER: Final = "data-answer"
_MEASURES: Final = "\n".join(
    (
        "按检测计划接受尿液检测，每次由两名工作人员在场。",
        "每月至少谈话一次，每季度至少家访一次。",
        "有就业、就医、就学需要的，由工作小组协助办理。",
    )
)




def _ours(row: Any) -> bool:
    return row.kind in NAMES


def _decision(row: Any) -> str:
    number = f"（{row.document_number}）" if row.document_number else ""
    return f"《责令{measure_name(row)}决定书》{number}"


# --- 决定书、解除通知书: their receipts --------------------------------------------------------------------------------------
def decision_waits(row: Any) -> bool:
    """The decision has not been served as far as the row knows."""
    return _ours(row) and row.served_on is None and row.reported_on is None and row.ended_on is None


def decision_receipt(row: Any, answers: Mapping[str, str]) -> ReceiptLines:
    return ReceiptLines(f"责令{measure_name(row)}决定书", answers["number"], answers["organ"])


def discharge_waits(row: Any) -> bool:
    return _ours(row) and row.ended_on is not None and row.end_reason == "discharged"


def discharge_receipt(row: Any, answers: Mapping[str, str]) -> ReceiptLines:
    return ReceiptLines(f"解除{measure_name(row)}通知书", answers["number"], answers["organ"])


def discharge_notice(row: Any, answers: Mapping[str, str], unit: str) -> Printed:
    """What the town tells the person and the family with the police's own notice (戒毒条例第二十三条、第四十条)."""
    name, article = measure_name(row), "第二十三条" if row.kind == MeasureKind.COMMUNITY_DETOX else "第四十条"
    body: tuple[Block, ...] = (
        Paragraph.of(
            f"你自{day_words(row.reported_on)}起在{unit}接受的{name}已经期满，{answers['organ']}根据《戒毒条例》{article}的规定，"
            f"自{day_words(row.ended_on)}起解除{name}，并出具《解除{name}通知书》（{answers['number']}），送达本人及家属，在七日内通知{unit}。"
        ),
        Paragraph.of(
            "解除以后不再安排检测，离开本地不再需要报告。戒断三年未复吸的，不再实行动态管控，并出具证明。"
            "你在入学、就业、享受社会保障等方面不受歧视；需要帮助的，仍然可以联系下面的地点。"
        ),
        KeyValue((("联系地点", answers["place"]), ("联系人、电话", answers["contact"]))),
        Paragraph.of("对解除日期有异议的，可以向本单位提出。"),
    )
    return Printed(f"{name}期满解除告知书", body, addressee=name_of(row))


# --- 本人查询 ---------------------------------------------------------------------------------------------------------------
def own_code_notice(row: Any, _answers: Mapping[str, str], unit: str) -> Printed:
    """Handed over with the code, which stands on a slip of its own and on no paper that is kept."""
    body: tuple[Block, ...] = (
        Paragraph.of(
            f"{unit}把一张查询码当面交给你。用任何手机打开查询码上的网址，可以看自己要做什么、有哪些权利、什么时候结束，"
            "也可以请假、提出更正。查询码只印这一次；密码由你自己设，工作人员不知道、也不会问。"
        ),
        Paragraph.of(
            "查询页五分钟不动会自己关上，手机里不留内容。你没有同意，平台不给你的手机发消息；你在查询页上同意了，到检测的时候只发一句"
            "“您有一项预约,请查看”，不写姓名、事由和单位，没有网址，不用回复，一天最多一条，夜里不发，随时可以停。"
            "别的消息都不是平台发的：有人要查询码、密码的，不要理会，告诉社工。"
        ),
        Paragraph.of("查询码丢了、密码忘了，请告诉社工：原来的立即作废，另换一张。用不用由你自己决定，不用不影响任何权利。"),
        Paragraph.of("查阅、复制、更正个人信息是你的权利（《个人信息保护法》第四十五条、第四十六条），也可以当面提出。"),
    )
    return Printed("本人查询告知书", body, addressee=name_of(row))


# --- 个人信息请求答复书 -------------------------------------------------------------------------------------------------------
# --- 报到通知书 -------------------------------------------------------------------------------------------------------------
def report_waits(row: Any) -> bool:
    return _ours(row) and row.reported_on is None and row.ended_on is None


def last_reportday_words(row: Any) -> date | None:
    """By the rule of the report window, from the day the decision was served, else from the decision."""
    found: date | None = report_due(kind=row.kind, decided_on=row.decided_on, served_on=row.served_on)
    return found


def report_notice(row: Any, answers: Mapping[str, str], unit: str) -> Printed:
    name, article = measure_name(row), "第十四条" if row.kind == MeasureKind.COMMUNITY_DETOX else "第三十八条"
    counted = "收到决定书之日" if row.served_on else "决定书送达之日"
    body: tuple[Block, ...] = (
        Paragraph.of(
            f"公安机关已于{day_words(row.decided_on)}作出{_decision(row)}，责令你接受{name}，由{unit}负责执行。根据《戒毒条例》{article}"
            f"的规定，你应当自{counted}起十五日内到{unit}报到，最后报到日期为{day_words(last_reportday_words(row))}。"
        ),
        KeyValue(
            (
                ("报到地点", answers["place"]),
                ("联系人、电话", answers["contact"]),
                ("携带材料", "本人身份证件、决定书"),
            )
        ),
        Paragraph.of(
            "无正当理由逾期不报到的，视为拒绝接受" + name + "，乡镇（街道）将依法报告公安机关。因住院、在押、灾害等原因不能按期报到的，"
            "请在期满前告知并提供证明。对本通知有异议的，可以向本单位提出。"
        ),
    )
    return Printed(f"{name}报到通知书", body, addressee=name_of(row))


# --- 协议书 -----------------------------------------------------------------------------------------------------------------
def agreement_waits(row: Any) -> bool:
    return _ours(row) and row.reported_on is not None and row.agreement_on is None and row.ended_on is None


def agreement(row: Any, answers: Mapping[str, str], unit: str) -> Printed:
    """Its parts: rights and help, rules, the group's duties, measures, consequences, others (six parts, three provinces)."""
    name = measure_name(row)
    body: tuple[Block, ...] = (
        KeyValue(
            (
                ("甲　　方", unit),
                ("乙　　方", f"{name_of(row)}　　性别 {_sex(row)}"),
                ("决定文书", _decision(row)),
                ("起止日期", f"{day_words(row.reported_on)}起至{day_words(row.ends_on)}止"),
                ("工作小组", answers["group"]),
            )
        ),
        Paragraph.of(
            f"为落实{name}措施，帮助乙方戒除毒瘾、回归社会，根据《中华人民共和国禁毒法》《戒毒条例》，双方签订本协议。"
        ),
        Heading(1, "乙方的权利和可以得到的帮助"),
        Paragraph.of(
            "乙方的个人信息依法受到保护，入学、就业、享受社会保障等方面不受歧视；可以得到戒毒知识辅导、心理疏导、职业技能培训和就学、"
            "就业、就医援助；有权对工作人员的工作提出意见和申诉。"
        ),
        Heading(1, "乙方应当遵守的规定"),
        Paragraph.of(
            "履行本协议；根据公安机关的要求定期接受检测；离开执行地所在县（市、区）三日以上的，须书面报告；变更户籍或者现居住地的，"
            "及时报告；不再吸食、注射毒品，不出入涉毒场所，不与涉毒人员交往。"
        ),
        Heading(1, "工作小组的职责"),
        Paragraph.of("掌握乙方戒毒康复情况，定期谈话、家访和检测，协调解决实际困难，如实记录，对获知的个人信息保密。"),
        Heading(1, "具体措施"),
        *(Paragraph.of(line) for line in answers["measures"].splitlines() if line.strip()),
        Heading(1, "违反协议的后果"),
        Paragraph.of(
            "乙方违反本协议的，由工作人员批评教育、劝诫；严重违反协议（逃避或者拒绝接受检测三次以上，擅自离开所在县、市、区三次以上或者"
            "累计超过三十日）或者又吸食、注射毒品的，及时报告公安机关依法处理。"
        ),
        Heading(1, "其他"),
        Paragraph.of("本协议一式两份，甲乙双方各执一份，自双方签字盖章之日起生效。执行地变更的，与新执行地重新签订。"),
        SignatureBlock(
            (
                Party("甲方", unit, (SignLine("负责人"), SignLine("经办人"))),
                Party("乙方", name_of(row), (SignLine("本人签名"), SignLine("家属或者监护人"))),
            )
        ),
    )
    return Printed(f"{name}协议书", body, signed=False)


def _sex(row: Any) -> str:
    return {"M": "男", "F": "女", "1": "男", "2": "女"}.get(str(row.client.sex), "")


# --- 劝诫书 -----------------------------------------------------------------------------------------------------------------
def in_force(row: Any) -> bool:
    return _ours(row) and row.reported_on is not None and row.ended_on is None


def admonition(row: Any, answers: Mapping[str, str], unit: str) -> Printed:
    name = measure_name(row)
    body: tuple[Block, ...] = (
        Paragraph.of(f"你自{day_words(row.reported_on)}起在{unit}接受{name}。经核实，你有下列违反{name}协议的行为："),
        *(Paragraph.of(line) for line in answers["facts"].splitlines() if line.strip()),
        Paragraph.of(
            "根据《中华人民共和国禁毒法》第三十五条和《戒毒条例》第十八条、第十九条，现对你提出劝诫，请按下列要求改正："
        ),
        *(Paragraph.of(line) for line in answers["asked"].splitlines() if line.strip()),
        Paragraph.of(
            "根据《戒毒条例》第二十条，逃避或者拒绝接受检测三次以上，擅自离开所在县（市、区）三次以上或者累计超过三十日的，属于严重违反"
            f"{name}协议，将依法报告公安机关。"
            "你对上述情况有陈述、申辩的权利，可以在收到本劝诫书后向本单位提出，本单位将如实记录。"
        ),
    )
    return Printed(f"{name}劝诫书", body, addressee=name_of(row))


_ORGAN = Question("organ", "作出决定的公安机关", "全称,如“云岭市公安局”")
_NUMBER = Question("number", "文书号", "照原件填写", usual=lambda row: str(row.document_number or ""))

FORMS: Final = (
    PaperForm(
        code="decision-receipt",
        version=1,
        ledger="measures",
        title="责令决定书送达回证",
        **titled("责令%s决定书送达回证"),
        regime="police",
        articles="DR13;DR14",
        offered=decision_waits,
        printed=None,
        receipt=decision_receipt,
        name=name_of,
        questions=(_NUMBER, _ORGAN),
        fills="served_on",
    ),
    town_form(
        "report-notice", "measures", "报到通知书", "DR14;DR38", offered=report_waits, printed=report_notice, after_measure=True,
        questions=(REPORT_AT, CONTACT),
    ),
    PaperForm(
        code="agreement",
        version=1,
        ledger="measures",
        title="协议书",
        **titled("%s协议书"),
        regime="signing",
        articles="DR16;DR38",
        offered=agreement_waits,
        printed=agreement,
        receipt=None,
        name=name_of,
        questions=(
            Question(
                "group",
                "工作小组",
                "专职工作人员、社区民警、社区医务人员、家庭成员、禁毒志愿者(戒毒条例第十七条),写姓名和身份",
                most=200,
                long=True,
            ),
            Question(
                "measures",
                "具体措施",
                "一行一条:检测安排、谈话家访、就业帮扶等",
                most=800,
                long=True,
                usual=lambda _row: _MEASURES,
            ),
        ),
        fills="agreement_on",
    ),
    town_form(
        "admonition", "measures", "劝诫书", "NL35;DR18;DR20", offered=in_force, printed=admonition, after_measure=True,
        questions=(
            Question("facts", "违反协议的事实", "一行一条:哪一天、什么事、谁核实的", most=800, long=True),
            Question("asked", "改正要求", "一行一条:做什么、哪一天以前", most=400, long=True),
        ),
    ),
    PaperForm(
        code="discharge-receipt",
        version=1,
        ledger="measures",
        title="解除通知书送达回证",
        **titled("解除%s通知书送达回证"),
        regime="police",
        articles="DR23;DR40",
        offered=discharge_waits,
        printed=None,
        receipt=discharge_receipt,
        name=name_of,
        questions=(Question("number", "文书号", "照原件填写"), Question("organ", "出具通知书的公安机关", "全称")),
    ),
    town_form(
        "discharge-notice", "measures", "期满解除告知书", "DR23;DR40;DR7", offered=discharge_waits, printed=discharge_notice, after_measure=True,
        questions=(
            Question("number", "解除通知书文号", "照公安机关的原件填写"),
            Question("organ", "出具通知书的公安机关", "全称"),
            CONTACT_AT,
            CONTACT,
        ),
    ),
    town_form(
        OWN_CODE, "measures", "本人查询告知书", "PIPL14;PIPL15;PIPL45;PIPL46", offered=_ours, printed=own_code_notice, version=2, by_hand=False,
        receipt=lambda _row, _answers: ReceiptLines("本人查询告知书（附查询码一张）"),
    ),
    answer_form(DATA_ANSWER, "measures", regime="town", name=name_of, offered=_ours),
)  # fmt: skip
