"""Two documents as a city would issue them, for tests and for looking at. The city and its people do not exist."""

from __future__ import annotations

from datetime import date

from qingyuan.documents.hashing import with_verification
from qingyuan.documents.model import (
    Align,
    Attachment,
    DocumentKind,
    Heading,
    KeyValue,
    OfficialDocument,
    Paragraph,
    Party,
    Run,
    RunStyle,
    SignatureBlock,
    SignLine,
    Table,
)

NOTICE = "演示城市 · 虚构数据"
RARE_NAMES = "堃喆玥彧昇旻淏镕赟犇"


def circular() -> OfficialDocument:
    """A 通报 of the situation, with an attached table."""
    body = (
        Paragraph.of(
            "2022年1—10月，全市禁毒委员会各成员单位和各乡镇（街道）认真落实《中华人民共和国禁毒法》"
            "和《戒毒条例》，毒情形势总体平稳。现将有关情况通报如下。"
        ),
        Heading(1, "毒情形势"),
        Paragraph.of(
            "全市现有吸毒人员1487名，同比下降9.8%；新发现吸毒人员41名，同比下降22.6%；戒断三年未发现复吸人员5236名，"
            "同比增长7.4%。缴获各类毒品3862.5克，其中海洛因1120.3克、甲基苯丙胺（“冰毒”）2504.7克、依托咪酯237.5克，"
            "合成毒品占比首次超过七成。"
        ),
        Heading(1, "工作开展情况"),
        Heading(2, "社区戒毒社区康复"),
        Paragraph.of(
            "在册社区戒毒人员212名、社区康复人员247名，应检测1836人次，按期完成1719人次，完成率93.6%。"
            "青岩乡、木城乡连续两个月检测完成率低于85%，须于11月30日前补齐。"
        ),
        Heading(2, "毒品预防教育"),
        Heading(3, "校园阵地。", follows=(Run("全市64所中小学开设毒品预防教育课，覆盖学生51208名，课时完成率97.1%。"),)),
        Heading(
            3, "重点场所。", follows=(Run("对歌舞娱乐、住宿、寄递物流等重点场所开展宣传与检查，检查频次按场所风险等级安排。"),)
        ),
        Heading(1, "下一步要求"),
        Paragraph.of(
            "各乡镇（街道）要对照年度目标责任书逐项梳理，", Run("把服务做在前面", RunStyle.HEI),
            "，不得以抓获数量作为考核指标。有关数据以附件为准，如有异议，请在收到本通报之日起5个工作日内书面反馈。",
        ),
    )  # fmt: skip
    table = Table(
        headers=("乡镇（街道）", "应检测（人次）", "按期完成（人次）", "完成率", "备注"),
        rows=tuple((name, str(due), str(done), f"{done / due:.1%}", note) for name, due, done, note in _TOWNS),
        widths=(24, 18, 20, 14, 24),
        align=(Align.LEFT, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.LEFT),
        note="应检测人次按检测周期表逐人计算；请假、外出已经批准顺延的不计入分母；人数少于5人的项目以“<5”表示。",
    )
    return with_verification(
        OfficialDocument(
            kind=DocumentKind.CIRCULAR,
            red_head="云岭市禁毒委员会文件",
            doc_number="云禁毒委〔2022〕18号",
            title="云岭市禁毒委员会关于2022年1—10月全市毒情形势和禁毒工作情况的通报",
            addressee="各乡镇人民政府、街道办事处，市禁毒委员会各成员单位",
            body=body,
            attachments=(Attachment("各乡镇（街道）毒品检测完成情况表", (table,)),),
            signer="云岭市禁毒委员会",
            date=date(2022, 11, 23),
            remark="此件公开发布",
            copies_to="演示州禁毒委员会办公室，市委办公室，市人大常委会办公室，市政协办公室，市人民法院，市人民检察院",
            printed_by="云岭市禁毒委员会办公室",
            notice=NOTICE,
        ),
        qr="QY1/{code}",
        hint="扫码或在“公文核验”页输入核验码，可查对本件内容是否与原件一致。",
    )


def pledge() -> OfficialDocument:
    """A letter of responsibility of about three pages, with rare characters in the names."""
    body = (
        Paragraph.of(
            "为落实禁毒工作责任制，根据《中华人民共和国禁毒法》第三条、第四条和《戒毒条例》第四条，"
            "云岭市禁毒委员会（以下简称甲方）与石桥镇人民政府（以下简称乙方）签订本责任书。"
            "责任期为2023年1月1日至2023年12月31日。"
        ),
        Heading(1, "责任人"),
        KeyValue(
            (
                ("第一责任人", "党委书记　李堃"),
                ("直接责任人", "镇长　王喆玥"),
                ("联络员", "禁毒办专职干部　张彧昇、陈旻淏"),
            )
        ),
        Heading(1, "年度目标"),
        Table(
            headers=("序号", "指标", "单位", "基线", "目标", "统计方法和数据来源", "完成时限"),
            rows=_TARGETS,
            widths=(7, 23, 8, 9, 9, 30, 14),
            align=(
                Align.CENTER, Align.LEFT, Align.CENTER, Align.RIGHT, Align.RIGHT, Align.LEFT, Align.CENTER,
            ),
            caption="表1　2023年度指标",
            note="目标值按戒毒人员分布测算；抓获、收戒、缴毒数量不作为目标。",
        ),
        Heading(1, "工作职责"),
        Heading(2, "预防教育"),
        Heading(3, "学校。", follows=(Run("辖区中小学每学期毒品预防教育不少于2课时，开学后一个月内上报课程安排。"),)),
        Heading(3, "社区。", follows=(Run("在“6·26”国际禁毒日前后集中开展宣传，覆盖全部行政村。"),)),
        Heading(2, "戒毒康复"),
        Paragraph.of(
            "对责令社区戒毒、社区康复人员，自责令之日起15日内完成报到登记并签订协议，"
            "按检测周期表开展检测，落实帮扶措施。对戒毒人员的个人信息依法保密，不得用于本责任书以外的用途。"
        ),
        Heading(2, "禁种铲毒"),
        Paragraph.of("每年2月至9月组织不少于6轮踏查，每轮踏查留存路线、时间和照片。发现非法种植的，立即铲除并报告。"),
        Heading(2, "经费和队伍"),
        Paragraph.of("禁毒经费列入年度预算；按戒毒人员数量配备专职工作人员，每30名不少于1名。"),
        Heading(1, "考核办法"),
        Paragraph.of(
            "考核由甲方按照年初公布的考核方案进行，总分100分，另设加分不超过10分。"
            "得分由原始记录自动汇总，乙方可以查看每一分的来源；对扣分有异议的，可以在公布后10个工作日内申诉。"
        ),
        Heading(4, "", follows=(Run("年度得分90分以上为优秀，80分以上不足90分为良好，60分以上不足80分为合格，不足60分为不合格。"),)),
        Heading(4, "", follows=(Run("发生瞒报、伪造台账的，相应指标记零分，并按照有关规定追究责任。"),)),
        Heading(1, "附则"),
        Paragraph.of("责任人职务变动的，由接任者继续履行，并于15日内补签。本责任书一式两份，双方各执一份，自签订之日起生效。"),
        SignatureBlock(
            (
                Party("甲方", "云岭市禁毒委员会", (SignLine("主任"), SignLine("常务副主任"))),
                Party("乙方", "石桥镇人民政府", (SignLine("第一责任人"), SignLine("直接责任人"), SignLine("联络员"))),
            )
        ),
    )  # fmt: skip
    return with_verification(
        OfficialDocument(
            kind=DocumentKind.PLEDGE,
            title="云岭市2023年度禁毒工作目标管理责任书",
            doc_number="云禁毒责〔2023〕5号",
            body=body,
            notice=NOTICE,
        ),
        qr="QY1/{code}",
        hint="扫描件上传后，系统凭此码自动归入对应的责任书。",
    )


def letter() -> OfficialDocument:
    """A 函 between equals, one page."""
    return OfficialDocument(
        kind=DocumentKind.LETTER,
        red_head="云岭市禁毒委员会办公室",
        doc_number="云禁毒办函〔2022〕31号",
        title="云岭市禁毒委员会办公室关于商请提供寄递物流企业名录的函",
        addressee="市邮政管理局",
        body=(
            Paragraph.of(
                "为做好寄递渠道禁毒宣传，商请贵单位提供本市已备案寄递企业及末端网点名录（含名称、地址、联系部门）。"
            ),
            Paragraph.of("请于2022年12月9日前函复。"),
        ),
        signer="云岭市禁毒委员会办公室",
        date=date(2022, 11, 23),
        remark="联系人：赟犇，电话：0000-0000000",
        notice=NOTICE,
    )


def minutes() -> OfficialDocument:
    return OfficialDocument(
        kind=DocumentKind.MINUTES,
        red_head="云岭市禁毒委员会会议纪要",
        doc_number="〔2022〕4号",
        title="第四季度全体成员会议纪要",
        body=(
            Paragraph.of("2022年11月18日，市禁毒委员会召开第四季度全体成员会议。现纪要如下。"),
            Heading(1, "会议听取了前三季度工作汇报"),
            Paragraph.of("会议认为，社区戒毒社区康复工作基础不断夯实。"),
            KeyValue((("出席", "李堃　王喆玥　张彧昇"), ("请假", "陈旻淏")), boxed=False),
        ),
        notice=NOTICE,
    )


def report() -> OfficialDocument:
    return OfficialDocument(
        kind=DocumentKind.REPORT,
        red_head="云岭市禁毒委员会",
        doc_number="云禁毒委〔2022〕20号",
        approver="王喆玥",
        title="关于禁毒工作\n整改情况的报告",
        addressee="演示州禁毒委员会：",
        body=(Paragraph.of("现将整改情况报告如下。"), Paragraph.of("特此报告。")),
        attachments=(
            Attachment("整改任务清单"),
            Attachment("整改佐证材料目录（含会议纪要、现场照片、台账抽查记录和群众满意度调查结果）"),
        ),
        signer="云岭市禁毒委员会",
        date=date(2022, 11, 23),
    )


_TOWNS = tuple(
    (name, 60 + index * 7 % 45, 60 + index * 7 % 45 - index % 6, "须补齐" if index % 6 == 5 else "")
    for index, name in enumerate(
        (
            "东山街道 西门街道 杨柳街道 永宁镇 石桥镇 清水河镇 龙洞镇 普安镇 马场镇 白果镇 兴隆镇 双河镇 岩脚镇 三岔镇 "
            "平寨镇 沙子镇 青岩乡 落别乡 猫洞乡 新场乡 木城乡 大寨乡"
        ).split()
    )
)

_TARGETS = (
    ("1", "社区戒毒社区康复执行率", "%", "91.2", "≥95", "期内应执行人员中按协议执行的比例；社区戒毒康复台账", "全年"),
    ("2", "毒品检测按期完成率", "%", "88.6", "≥95", "应检测人次中在窗口期内完成的比例；检测台账", "每月"),
    ("3", "戒毒人员就业帮扶率", "%", "62.0", "≥75", "有就业意愿人员中得到帮扶的比例；帮扶台账", "12月15日"),
    ("4", "中小学毒品预防教育课时完成率", "%", "96.0", "100", "已上课时与应上课时之比；教育活动台账", "每学期末"),
    ("5", "禁种踏查", "轮", "6", "≥6", "2月至9月完成的踏查轮次；踏查台账", "9月30日"),
    ("6", "专题研究禁毒工作", "次", "2", "≥2", "党委、政府主要负责人主持的专题会议；会议台账", "全年"),
    ("7", "专职工作人员配备", "名", "3", "≥4", "每30名戒毒人员不少于1名；队伍台账", "6月30日"),
    ("8", "群众禁毒工作满意度", "%", "93.4", "≥94", "第三方抽样调查，样本不少于400份", "11月30日"),
)
