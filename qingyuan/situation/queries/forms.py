"""Reads of other offices' forms: the blanks, what they would be filled with, and the files that went out."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from qingyuan.documents.blank import Annex, AnnexTable, BlankForm, Entry, FormCell
from qingyuan.documents.word_form import fill_document, read_blank_document
from qingyuan.ledgers.reading.blank import read_blank_workbook
from qingyuan.ledgers.sheets.filling import fill_workbook
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division, Unit
from qingyuan.reference.periods import BadPeriod, Period
from qingyuan.situation.enums import Fixed, FormKind, LayoutState
from qingyuan.situation.models import ForeignForm, FormFile, FormFilling, FormLayout
from qingyuan.situation.models.forms import ForeignFormQuerySet
from qingyuan.situation.permissions import forms_visible, may_keep_forms
from qingyuan.situation.queries.closing import closed_at
from qingyuan.situation.queries.told import RETURNED, Told, tell
from qingyuan.situation.rules.forms import Binding, Places, period_for, spoken_place, sums_over


class FileDamaged(ValueError):
    """The stored file is not the one that was stored."""


@dataclass(frozen=True)
class FilledCell:
    """What one cell gets. ``told`` None for words; ``overwrites``: the form's own formula or text goes."""

    binding: Binding
    cell: FormCell
    entry: Entry
    told: Told | None

    def to_dict(self) -> dict[str, Any]:
        about = {"address": self.cell.address, "label": self.binding.label, "text": self.entry.text}
        if self.entry.number is not None:
            about["number"] = str(self.entry.number)
        source: dict[str, Any] = {} if self.told is None else {"told": self.told.to_dict()}
        return about | source


@dataclass(frozen=True)
class Missing:
    """A cell that got no number, and why; the person fills it in or leaves it."""

    address: str
    label: str
    why: str

    def to_dict(self) -> dict[str, str]:
        return {"address": self.address, "label": self.label, "why": self.why}


@dataclass(frozen=True)
class FilledForm:
    cells: tuple[FilledCell, ...]
    missing: tuple[Missing, ...]

    @property
    def entries(self) -> dict[str, Entry]:
        return {filled.cell.address: filled.entry for filled in self.cells}


@dataclass(frozen=True)
class For:
    """For which month, as known when, filled by whom on which day."""

    month: Period
    reader: Actor
    on: date
    known: date | None = None


def to_fill(actor: Actor, month: Period, on: date) -> list[ForeignForm]:
    """Bound forms of one's own unit not filled for ``month``: those filled for the month before, and those never filled."""
    bound = list(_kept(actor, on).filter(layouts__state=LayoutState.SAVED).distinct())
    filled_for: dict[UUID, set[str]] = {form.pk: set() for form in bound}
    for form_id, filled_month in FormFilling.objects.filter(form__in=bound).values_list("form_id", "month"):
        filled_for[form_id].add(filled_month)
    return [
        form
        for form in bound
        if str(month) not in filled_for[form.pk]
        and (not filled_for[form.pk] or str(month.previous()) in filled_for[form.pk])
    ]


def to_bind(actor: Actor, on: date) -> list[ForeignForm]:
    """Forms of one's own unit whose blank came and whose template was never saved."""
    return list(_kept(actor, on).exclude(layouts__state=LayoutState.SAVED))


def _kept(actor: Actor, on: date) -> ForeignFormQuerySet:
    if not may_keep_forms(actor, on).allowed:
        return ForeignForm.objects.none()
    return forms_visible(actor, on).in_use()


def content_of(file: FormFile) -> bytes:
    """The bytes as they were stored. Raises FileDamaged."""
    data = base64.b64decode(file.content)
    if hashlib.sha256(data).hexdigest() != file.digest:
        raise FileDamaged(_("存储的文件与入库时的校验值不符,请停止使用并报告安全管理员。"))
    return data


def read_blank(kind: str, data: bytes, filename: str = "") -> BlankForm:
    """Raises PackageRefused with what to do."""
    if kind == FormKind.XLSX:
        return read_blank_workbook(data, filename)
    return read_blank_document(data, filename)


def blank_of(layout: FormLayout) -> BlankForm:
    """The layout's blank as a page shows it. Raises FileDamaged, PackageRefused."""
    return read_blank(layout.form.kind, content_of(layout.blank))


def places_of(unit: Unit, on: date) -> Places:
    """The unit's own division and everything right below it, by name."""
    own = unit.division
    below = Division.objects.children_of(own.pk, on).on(on)
    names = {division.code: division.name for division in below}
    return Places(own.code, {own.code: own.name} | names)


def choosable(unit: Unit, on: date) -> list[Division]:
    """The places a cell may be bound to, the unit's own first."""
    return [unit.division, *Division.objects.children_of(unit.division_id, on).on(on).order_by("code")]


def filled(layout: FormLayout, blank: BlankForm, asked: For) -> FilledForm:
    """What every bound cell gets for the month, as the reader may see it."""
    unit = layout.form.unit
    cells = blank.cells
    found: list[FilledCell] = []
    missing: list[Missing] = []
    divisions = {one.code: one for one in Division.objects.under(unit.division_id, min(asked.month.last_day, asked.on))}
    told: dict[tuple[str, str, str, str, str], Told] = {}
    order = {address: number for number, address in enumerate(cells)}
    for binding in sorted(layout.bound.values(), key=lambda one: order.get(one.address, len(order))):
        cell = cells.get(binding.address)
        if cell is None or cell.fixed:
            missing.append(Missing(binding.address, binding.label, _("空白表里没有这一格")))
            continue
        if binding.fixed:
            words = _words(binding, unit, asked)
            found.append(FilledCell(binding, cell, Entry(words), None))
            continue
        key = (binding.indicator, binding.part, binding.rule, binding.period, binding.place)
        if key not in told:
            told[key] = _figure(binding, unit, divisions, asked)
        answer = told[key]
        if answer.text:
            entry = Entry(answer.text, answer.number, percent=cell.percent and answer.percent)
            found.append(FilledCell(binding, cell, entry, answer))
        if answer.why:
            missing.append(Missing(cell.address, binding.label, answer.why))
    numbers = {one.cell.address for one in found if one.entry.number is not None}
    unknown = [one.cell.address for one in found if one.told is not None and one.cell.address not in numbers]
    unknown += [one.address for one in missing if one.address not in numbers]
    for cell, places in sums_over(blank, unknown):
        why = _("表里原有的公式 %(formula)s 把没有数的格(%(cells)s)当作 0,合计会偏小:请把这一格也绑定指标,或交出前核对。")
        missing.append(
            Missing(cell.address, "", why % {"formula": cell.formula[:60], "cells": "、".join(places[:6])})
        )
    return FilledForm(tuple(found), tuple(missing))


def make(kind: str, data: bytes, form: FilledForm, annex: Annex) -> bytes:
    """The form filled, with its sources behind it. Raises PackageRefused."""
    writer = fill_workbook if kind == FormKind.XLSX else fill_document
    return writer(data, form.entries, annex)


def sources(layout: FormLayout, form: FilledForm, asked: For) -> Annex:
    """Where each figure came from; words of the page, closed where it is closed."""
    header = (
        _("格"), _("位置"), _("填入"), _("指标"), _("部分"), _("区划"), _("期间"), _("截至某日所知"), _("来源"), _("说明"),
    )  # fmt: skip
    notes = [
        _("%(form)s(模板第 %(version)d 版),所属月份 %(month)s,%(unit)s %(who)s %(day)s 填。")
        % {
            "form": layout.form.title,
            "version": layout.version,
            "month": asked.month.label_zh,
            "unit": layout.form.unit.name,
            "who": asked.reader.name,
            "day": asked.on.isoformat(),
        },
        _("空白表校验值 %(digest)s。“<5”为不足 5 人;“—”为防倒推不公开。") % {"digest": layout.blank.digest[:16]},
    ]
    if settings.QINGYUAN_DEMO:
        notes.insert(0, _("演示城市 · 虚构数据"))
    rows = tuple(_source_row(one) for one in form.cells if one.told is not None)
    tables = [AnnexTable("", header, rows)]
    if form.missing:
        lines = tuple((spoken_place(one.address), one.label, one.why) for one in form.missing)
        tables.append(AnnexTable(_("没有填上或要核对的"), (_("格"), _("位置"), _("原因")), lines))
    reckoned = {one.told.indicator: one.told for one in form.cells if one.told is not None}
    if reckoned:
        definitions = tuple((f"{code} {told.title}", told.includes, told.excludes) for code, told in sorted(reckoned.items()))
        tables.append(AnnexTable(_("口径"), (_("指标"), _("计入"), _("不计入")), definitions))
    return Annex(_("数据来源"), tuple(notes), tuple(tables))


def source_words(told: Told) -> str:
    return _("上报数(签字锁定的报表)") if told.source == RETURNED else _("由台账计算")


def _source_row(one: FilledCell) -> tuple[str, ...]:
    told = one.told
    assert told is not None
    note = ";".join(words for words in (told.why if told.closed else "", told.note) if words)
    return (
        spoken_place(one.cell.address), one.binding.label, one.entry.text, f"{told.indicator} {told.title}", told.part,
        told.division, told.period, told.known, source_words(told), note,
    )  # fmt: skip


def _figure(binding: Binding, unit: Unit, divisions: Mapping[str, Division], asked: For) -> Told:
    """The figure as its page prints it: a closed period as it was known when it was closed, unless a day was asked for."""
    code = binding.place or unit.division.code
    division = divisions.get(code)
    if division is None:
        return Told("", why=_("区划 %(code)s 在这个期间不存在或不在本单位范围") % {"code": code}, indicator=binding.indicator)
    try:
        period = period_for(binding.rule, asked.month, binding.period)
    except BadPeriod as error:
        return Told("", why=str(error), indicator=binding.indicator, division=division.name)
    return tell(
        code=binding.indicator,
        part=binding.part,
        division=division,
        period=period,
        reader=asked.reader,
        on=asked.on,
        known=asked.known or closed_at(division.pk, period),
        among=unit.division_id,
    )


def _words(binding: Binding, unit: Unit, asked: For) -> str:
    match Fixed(binding.fixed):
        case Fixed.UNIT:
            return unit.name
        case Fixed.FILLER:
            return asked.reader.name
        case Fixed.DAY:
            return _("%(year)d年%(month)d月%(day)d日") % {
                "year": asked.on.year,
                "month": asked.on.month,
                "day": asked.on.day,
            }
        case Fixed.PERIOD:
            return asked.month.label_zh
        case Fixed.WORDS:
            return binding.words
