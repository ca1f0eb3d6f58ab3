"""What the drug list says beyond names: legal amount thresholds, the comparison index, the roll-up group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qingyuan.reference.catalogue import get_list
from qingyuan.reference.statutes import law_in_force

_HEROIN_LARGE_G = Decimal(50)


@dataclass(frozen=True)
class AmountThreshold:
    """Grams from which an amount is 数量较大 and 数量大 (never converted by purity: 刑法第三百五十七条)."""

    fairly_large_g: Decimal
    large_g: Decimal
    article: str


def amount_threshold(drug: str, on: date) -> AmountThreshold | None:
    """The statutory thresholds of a drug on the day of the act; None where the law has no number.

    Raises:
        UnknownCode: the drug list has no such code.
    """
    extra = get_list("drugs").require(drug, on).extra
    article = extra["threshold_article"]
    if not article or not law_in_force(article, on):
        return None
    return AmountThreshold(Decimal(extra["fairly_large_g"]), Decimal(extra["large_g"]), article)


def comparable_index(drug: str, grams: Decimal, on: date) -> Decimal | None:
    """Grams weighed by 50 / large amount, so that heroin counts 1: the platform's own index for comparing seizures.

    It is not the courts' conversion and must be labelled so. None where the law has no threshold.
    """
    threshold = amount_threshold(drug, on)
    return None if threshold is None else grams * _HEROIN_LARGE_G / threshold.large_g


def group_of(drug: str) -> str:
    """The roll-up group of a drug: traditional, synthetic, nps or other.

    Raises:
        UnknownCode: the drug list has no such code.
    """
    return get_list("drugs").require(drug).extra["group"]


def is_controlled(drug: str, on: date) -> bool:
    """Whether the substance was listed on the day: an act before that is not a drug act.

    Raises:
        UnknownCode: the drug list has no such code.
    """
    code = get_list("drugs").require(drug)
    return bool(code.extra["listed_from"]) and code.valid_on(on)
