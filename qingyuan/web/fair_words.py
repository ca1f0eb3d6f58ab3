"""Groups of a fair table in words; alike wherever places stand beside each other. No colour says good or bad."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from qingyuan.indicators.fair import Group

_ORDER = (Group.LOWER, Group.SAME, Group.HIGHER)


def group_text(groups: Collection[Group]) -> str:
    """One group, or of a closed figure each it could be in."""
    if not groups:
        return _("不公开")
    if Group.INCOMPARABLE in groups:
        return _("不可比")
    words = {Group.HIGHER: _("明显高于"), Group.SAME: _("无明显差别"), Group.LOWER: _("明显低于")}
    return _("或").join(words[group] for group in _ORDER if group in groups)


def group_tone(groups: Collection[Group]) -> str:
    """'apart' for a clear difference in either direction, 'same', or '' where nothing can be said."""
    if len(groups) != 1 or Group.INCOMPARABLE in groups:
        return ""
    return "same" if Group.SAME in groups else "apart"


def size_text(size: str) -> str:
    return {"large": _("大"), "middle": _("中"), "small": _("小")}.get(size, "—")
