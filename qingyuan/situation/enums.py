"""Values the code branches on: closed months, other offices' forms and their requests for figures."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CloseState(models.TextChoices):
    """Where the closing of one month of one place stands."""

    ASKED = "asked", _("待批准")
    SENT_BACK = "sent_back", _("已退回")
    CLOSED = "closed", _("已关账")
    REOPENED = "reopened", _("已重开")


class FormKind(models.TextChoices):
    XLSX = "xlsx", _("Excel 表")
    DOCX = "docx", _("Word 表")


class LayoutState(models.TextChoices):
    """A template is bound as a draft, then saved; what is saved stays as it is."""

    DRAFT = "draft", _("正在绑定")
    SAVED = "saved", _("已存为模板")


class PeriodRule(models.TextChoices):
    """Which period a cell asks for, seen from the month the form is filled for."""

    MONTH = "month", _("本月")
    QUARTER = "quarter", _("本季(到本月止)")
    YEAR = "year", _("本年累计")
    LAST_MONTH = "last_month", _("上月")
    MONTH_YEAR_AGO = "month_year_ago", _("上年同月")
    YEAR_YEAR_AGO = "year_year_ago", _("上年同期累计")
    FIXED = "fixed", _("固定期间")


class Fixed(models.TextChoices):
    """What a cell without a figure says."""

    UNIT = "unit", _("本单位名称")
    FILLER = "filler", _("填报人")
    DAY = "day", _("填报日期")
    PERIOD = "period", _("所属期间")
    WORDS = "words", _("固定文字")


class RequestState(models.TextChoices):
    DRAFT = "draft", _("拟办")
    OPEN = "open", _("正在收数")
    CLOSED = "closed", _("已收齐")
    WITHDRAWN = "withdrawn", _("已撤销")


class AnswerState(models.TextChoices):
    ASKED = "asked", _("等答复")
    GIVEN = "given", _("已答复")
    SENT_BACK = "sent_back", _("退回重报")
    EXCUSED = "excused", _("免报")


class AnswerKind(models.TextChoices):
    NUMBER = "number", _("一个数")
    WORDS = "words", _("简短文字")
