"""In words how a name answered to what was typed, and what to do when too many may."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.foundation.names import Way
from qingyuan.web import shapes

WAYS: dict[Way, Promise | str] = {
    Way.WHOLE: gettext_lazy("姓名完全一致"),
    Way.SURNAME: gettext_lazy("同姓"),
    Way.SURNAME_READING: gettext_lazy("姓氏的拼音一致"),
    Way.READING: gettext_lazy("姓名的拼音一致"),
    Way.INITIALS: gettext_lazy("姓名的拼音首字母一致"),
}


def way_said(way: Way) -> str:
    return str(WAYS[way])


def too_many(href: str) -> shapes.Empty:
    """What a list says instead of opening more names than a search may."""
    return shapes.Empty(_("这样找,要打开的姓名太多"), _("请写全姓名,或先选时期、地方再找。"), _("清除筛选"), href)
