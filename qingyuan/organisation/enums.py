"""Values the code branches on."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """Division levels; depth is data, nothing assumes that one level always follows another."""

    COUNTRY = "country", _("国家")
    PROVINCE = "province", _("省级")
    PREFECTURE = "prefecture", _("地级")
    COUNTY = "county", _("县级")
    TOWN = "town", _("乡级")
    VILLAGE = "village", _("村级")


class Role(models.TextChoices):
    CASEWORKER = "caseworker", _("社区禁毒社工")
    TOWN_SUPERVISOR = "town_supervisor", _("乡镇(街道)禁毒专干")
    TOWN_LEADER = "town_leader", _("乡镇(街道)领导")
    COMMISSION_CLERK = "commission_clerk", _("市禁毒办工作人员")
    COMMISSION_LEADER = "commission_leader", _("市禁毒委领导")
    UNIT_LIAISON = "unit_liaison", _("成员单位联络员")
    POLICE_OFFICER = "police_officer", _("公安办案民警")
    PROSECUTOR = "prosecutor", _("检察院工作人员")
    COURT_CLERK = "court_clerk", _("法院工作人员")
    DOCTOR = "doctor", _("戒毒医疗机构医生")
    AUDITOR = "auditor", _("审计检查人员")
    SECURITY_OFFICER = "security_officer", _("安全管理员")


class Side(models.TextChoices):
    """The two sides of a wall (mission line 1): the commission office and every police account count as enforcement."""

    ENFORCEMENT = "enforcement", _("执法与禁毒办一侧")
    HELP = "help", _("社区帮扶一侧")
    TREATMENT = "treatment", _("医疗一侧")
    NEUTRAL = "neutral", _("不在墙的任何一侧")


class Action(models.TextChoices):
    READ = "read", _("查看")
    CREATE = "create", _("登记")
    CHANGE = "change", _("修改")
    VOID = "void", _("作废")
    EXPORT = "export", _("导出")
    APPROVE = "approve", _("审核")


class Rows(models.TextChoices):
    """Which rows of a compartment a role reaches."""

    DIVISION = "division", _("本区划及下级")
    UNIT = "unit", _("本单位")
    CASELOAD = "caseload", _("本人服务对象")


class Responsibility(models.TextChoices):
    FIRST = "first", _("第一责任人")
    DIRECT = "direct", _("直接责任人")
    LIAISON = "liaison", _("联络员")
    HEAD = "head", _("负责人")
    STAFF = "staff", _("工作人员")


class Look(models.TextChoices):
    """What may be shown in full by a single, logged act, where names stand in clear."""

    ID_NUMBER = "id_number", _("身份证号")
    PHONE = "phone", _("电话")
    MINORS = "minors", _("未成年人")


class Absence(models.TextChoices):
    """In which way somebody is away; why is nobody else's business."""

    LEAVE = "leave", _("休假、请假")
    TRAINING = "training", _("学习、培训")
    DUTY = "duty", _("出差、抽调")


class EmergencyVerdict(models.TextChoices):
    """What the second person said of an emergency look."""

    CONFIRMED = "confirmed", _("认可")
    COMPLAINT = "complaint", _("有异议")

class ContactChannel(models.TextChoices):
    """A way to the holder of an account outside the platform."""

    EMAIL = "email", _("电子邮件")
    SMS = "sms", _("短信")
    MESSENGER = "messenger", _("政务即时通讯")
