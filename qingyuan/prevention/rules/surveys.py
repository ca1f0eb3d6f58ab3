"""Pure rules of surveys of the public, and what a weighted rate is worth.

A stratum h of N people with n valid answers, p of them good, stands for N·p/n people; the rate of several strata is
ΣN·(p/n) / ΣN. Answers weigh differently, so the sample is worth only n_eff = (ΣN)² / Σ(N²/n) of equal ones (Kish 1965).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.foundation.words import Problem
from qingyuan.prevention.rules.common import order_of_days, problem

ANSWERS = ("very_content", "content", "neutral", "discontent", "very_discontent")
COUNTS = ("stratum_size", "sampled", "valid", "passed", "safe", *ANSWERS)
_PLACES = Decimal("0.0001")


def _check_sample(values: Mapping[str, Any]) -> list[Problem]:
    found = [
        problem(name, values, _("人数不能是负数。"))
        for name in COUNTS
        if values.get(name) is not None and values[name] < 0
    ]
    size, sampled, valid = (values.get(name) for name in ("stratum_size", "sampled", "valid"))
    if valid is not None and valid == 0:
        found.append(problem("valid", values, _("一份有效答卷也没有的层,请并入相邻的层再报。")))
    if sampled is not None and valid is not None and valid > sampled:
        found.append(problem("valid", values, _("有效样本多于样本量,请核对。")))
    if size is not None and sampled is not None and sampled > size:
        found.append(problem("sampled", values, _("样本量多于层内人口,请核对。")))
    return found + order_of_days(values, "began_on", "ended_on", _("调查结束早于开始,请核对。"))


def check_awareness(values: Mapping[str, Any]) -> list[Problem]:
    found = _check_sample(values)
    valid, passed = values.get("valid"), values.get("passed")
    if valid is not None and passed is not None and passed > valid:
        found.append(problem("passed", values, _("合格人数多于有效样本,请核对。")))
    return found


def check_safety(values: Mapping[str, Any]) -> list[Problem]:
    found = _check_sample(values)
    valid, given = values.get("valid"), [values.get(name) for name in ANSWERS]
    if valid is not None and all(count is not None for count in given):
        total = sum(count for count in given if count is not None)
        if total != valid:
            message = _("五项回答之和是 %(total)d,应等于有效样本。") % {"total": total}
            found.append(problem("valid", values, message))
    safe = values.get("safe")
    if safe is not None and valid is not None and safe > valid:
        found.append(problem("safe", values, _("觉得安全的人数多于有效样本,请核对。")))
    return found


def stands_for(good: int, valid: int, size: int) -> Decimal:
    """How many people of a stratum of ``size`` the good answers stand for, to four places. ``valid`` > 0."""
    return (Decimal(size) * good / valid).quantize(_PLACES)


def weight_square(valid: int, size: int) -> Decimal:
    """N²/n of a stratum, to four places; ``valid`` > 0. P01 and P02 make n_eff of it."""
    return (Decimal(size) * size / valid).quantize(_PLACES)
