"""Pure rules of places and activities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.foundation.words import Problem
from qingyuan.prevention.rules.common import listed_before_closed, problem
from qingyuan.reference import catalogue

# A headcount above this is views of a post, which have a basis of their own, or a slip of the pen.
IMPLAUSIBLE_REACH = 50_000
PLATFORM = "platform"
ONLINE = "online"
HOME = "home"


def is_of_the_six(kind: str) -> bool:
    """Whether a place kind is one of the six classes of 六进."""
    code = catalogue.get_list("place_kinds").code(kind)
    return code is not None and code.extra.get("six_entries") == "yes"


def _kind_problems(values: Mapping[str, Any]) -> list[Problem]:
    kind = values.get("kind")
    if kind and not is_of_the_six(str(kind)):
        return [problem("kind", values, _("六进类别请填社区、学校、农村、单位、家庭、场所之一。"))]
    return []


def check_place(values: Mapping[str, Any]) -> list[Problem]:
    found = _kind_problems(values) + listed_before_closed(values)
    if values.get("kind") == HOME and values.get("setting"):
        found.append(problem("setting", values, _("家庭按网格、楼栋登记,没有高危行业:请把这一格空着。")))
    return found


def check_activity(values: Mapping[str, Any]) -> list[Problem]:
    found = _kind_problems(values)
    reach, basis = values.get("reach"), values.get("reach_basis")
    if reach is not None and reach < 0:
        found.append(problem("reach", values, _("人次不能是负数。")))
    elif reach is not None and reach > IMPLAUSIBLE_REACH and basis != PLATFORM:
        found.append(problem("reach", values, _("人次超过 5 万:请核对;是阅读量、播放量的,“人数怎么来”填平台后台数。")))
    if basis == PLATFORM and values.get("form") and values["form"] != ONLINE:
        found.append(problem("reach_basis", values, _("平台后台数只用于线上推送;现场活动请填清点或估算。")))
    handed = values.get("handed_out")
    if handed is not None and handed < 0:
        found.append(problem("handed_out", values, _("份数不能是负数。")))
    return found
