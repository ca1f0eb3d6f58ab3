"""Values every room branches on."""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Compartment(StrEnum):
    """Whose rows a ledger holds; a ledger has exactly one, and keys and indexes differ for each."""

    PUBLIC = "public"
    INTERNAL = "internal"
    ENFORCEMENT = "enforcement"
    COMMUNITY = "community"
    HELP = "help"
    TREATMENT = "treatment"
    REPORTER = "reporter"
    DISCIPLINE = "discipline"

    @property
    def label(self) -> Promise:
        return _COMPARTMENT_LABELS[self]


class Sensitivity(StrEnum):
    """How much harm a column does when it leaves its place; PERSONAL and SENSITIVE columns are stored encrypted."""

    OPEN = "open"
    INTERNAL = "internal"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"

    @property
    def label(self) -> Promise:
        return _SENSITIVITY_LABELS[self]

    @property
    def is_personal(self) -> bool:
        return self in (Sensitivity.PERSONAL, Sensitivity.SENSITIVE)


class Zone(StrEnum):
    """Networks a city keeps apart; no row, foreign key or audit entry crosses between them."""

    POLICE = "police"
    COMMISSION = "commission"
    HEALTH = "health"

    @property
    def label(self) -> Promise:
        return _ZONE_LABELS[self]


_COMPARTMENT_LABELS: dict[Compartment, Promise] = {
    Compartment.PUBLIC: _("公开"),
    Compartment.INTERNAL: _("内部"),
    Compartment.ENFORCEMENT: _("执法"),
    Compartment.COMMUNITY: _("社区戒毒康复"),
    Compartment.HELP: _("帮扶"),
    Compartment.TREATMENT: _("戒毒治疗"),
    Compartment.REPORTER: _("举报人"),
    Compartment.DISCIPLINE: _("纪检"),
}
_SENSITIVITY_LABELS: dict[Sensitivity, Promise] = {
    Sensitivity.OPEN: _("公开"),
    Sensitivity.INTERNAL: _("内部"),
    Sensitivity.PERSONAL: _("个人信息"),
    Sensitivity.SENSITIVE: _("敏感个人信息"),
}
_ZONE_LABELS: dict[Zone, Promise] = {
    Zone.POLICE: _("公安网区"),
    Zone.COMMISSION: _("禁毒办网区"),
    Zone.HEALTH: _("卫健网区"),
}
