"""Referrals in the words of both sides. What the receiving unit is shown comes from ``rules.shown`` and from nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.foundation import identity
from qingyuan.foundation.clock import day_of
from qingyuan.indicators.disclosure import Shown, suppress
from qingyuan.reference.catalogue import get_list
from qingyuan.rehabilitation.enums import ConsentField, HelpKind, ReferralState
from qingyuan.rehabilitation.helping import consent_of
from qingyuan.rehabilitation.models import Referral
from qingyuan.rehabilitation.rules import help as rules
from qingyuan.web import shapes

TONES = {ReferralState.WAITING: "soon", ReferralState.ACCEPTED: "acc"}


def state(one: Referral, on: date) -> tuple[str, str]:
    """To the helper: also that a consent has run out."""
    open_ = one.state in (ReferralState.WAITING, ReferralState.ACCEPTED)
    if open_ and on > one.consent_until:
        return _("同意已到期,对方看不到了"), "grey"
    return str(one.get_state_display()), TONES.get(ReferralState(one.state), "grey")


def fields_said(one: Referral) -> str:
    return "、".join(str(ConsentField(name).label) for name in ConsentField.values if name in one.fields)


def given(found: Sequence[Referral], on: date) -> shapes.Table:
    headers = [shapes.Header(label) for label in (_("姓名"), _("需要"), _("转介给"), _("转介日期"), _("同意到"), _("状态"))]
    rows = []
    for one in found:
        words, tone = state(one, on)
        cells = [
            shapes.Cell(one.client.name, href=reverse("web:person-help", args=(one.client_id,))),
            shapes.Cell(str(one.get_kind_display())),
            shapes.Cell(one.to_unit.label),
            shapes.Cell(day_of(one.made_at).isoformat()),
            shapes.Cell(one.consent_until.isoformat(), note=fields_said(one)),
            shapes.Cell(words, tone=tone),
        ]
        rows.append(shapes.Row(cells))
    empty = shapes.Empty(_("还没有转介"), _("在服务对象页面点“帮扶”,凭本人签字的同意书转介。"))
    return shapes.Table(headers, rows, empty, caption=_("帮扶转介"))


def received(found: Sequence[Referral], on: date) -> shapes.Table:
    """Without a name where the consent does not give it: then one rings the caseworker."""
    headers = [shapes.Header(label) for label in (_("谁"), _("需要"), _("从哪里来"), _("转介日期"), _("可以看到"), _("状态"))]
    rows = []
    for one in found:
        said = values(one, on)
        cells = [
            shapes.Cell(said.get(ConsentField.NAME, _("本人没有同意给姓名")), href=reverse("web:referral", args=(one.pk,))),
            shapes.Cell(str(one.get_kind_display())),
            shapes.Cell(one.client.unit.label, note=one.made_by_name),
            shapes.Cell(day_of(one.made_at).isoformat()),
            shapes.Cell(_("到 %(day)s") % {"day": one.consent_until.isoformat()}),
            shapes.Cell(str(one.get_state_display()), tone=TONES.get(ReferralState(one.state), "grey")),
        ]
        rows.append(shapes.Row(cells))
    empty = shapes.Empty(_("没有转介来的帮扶"), _("乡镇凭本人签字的同意书转来的,会列在这里;本人撤回或者同意到期的不再显示。"))
    return shapes.Table(headers, rows, empty, caption=_("转介来的帮扶"))


def values(one: Referral, on: date) -> dict[str, str]:
    """By field of the consent what the receiving unit sees, and no more."""
    client = one.client
    shown = rules.shown(consent_of(one), on)
    told: dict[str, str] = {}
    if ConsentField.NAME in shown:
        told[ConsentField.NAME] = client.name
    if ConsentField.PHONE in shown:
        told[ConsentField.PHONE] = client.phone or _("没有登记")
    if ConsentField.SEX_AGE in shown:
        age = identity.parse(client.id_number, from_original=True).age_on(on)
        told[ConsentField.SEX_AGE] = _("%(sex)s · %(age)s 岁") % {"sex": get_list("sexes").said(client.sex), "age": age}
    if ConsentField.PLACE in shown:
        told[ConsentField.PLACE] = client.division.name
    if ConsentField.NEED in shown:
        told[ConsentField.NEED] = one.need
    return told


def facts(one: Referral, on: date) -> list[tuple[str, str]]:
    told = values(one, on)
    return [(str(ConsentField(name).label), told[name]) for name in ConsentField.values if name in told]


def counts(found: Mapping[str, int]) -> shapes.Table:
    """How many persons were referred for what in the whole city; under five, and what would betray it, stays closed. No total."""
    numbers: dict[str, int | None] = {kind.value: found.get(kind.value, 0) for kind in HelpKind}
    states = suppress(numbers, None).cells
    headers = [shapes.Header(_("需要")), shapes.Header(_("转介人数"), numeric=True)]
    rows = [
        shapes.Row([shapes.Cell(str(kind.label)), shapes.Cell(_count(numbers[kind.value] or 0, states[kind.value]), numeric=True)])
        for kind in HelpKind
    ]
    return shapes.Table(headers, rows, shapes.Empty(_("还没有转介")), caption=_("全市转介人数"))


def _count(number: int, shown: Shown) -> str:
    """Also «none» is closed: whether anybody at all asked is nobody's business here."""
    return str(number) if shown == Shown.EXACT and number else "<5"
