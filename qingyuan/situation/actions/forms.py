"""The only writers of other offices' forms: received, bound, saved as a template, filled, retired."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePath
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from qingyuan.documents.blank import BlankForm
from qingyuan.foundation import audit, clock
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import encrypted_names
from qingyuan.foundation.office_package import PackageRefused
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Unit
from qingyuan.reference.periods import Period
from qingyuan.situation.enums import FormKind, LayoutState
from qingyuan.situation.models import ForeignForm, FormFile, FormFilling, FormLayout
from qingyuan.situation.permissions import FORMS, may_change_form, may_keep_forms, require
from qingyuan.situation.queries import forms as reads
from qingyuan.situation.rules.forms import (
    BadBinding,
    Binding,
    Carried,
    ColumnFound,
    carry,
    check_binding,
    column_of,
    label_of,
)

_SUFFIXES = {".xlsx": FormKind.XLSX, ".docx": FormKind.DOCX}


class FormRefused(ValueError):
    """The form cannot be taken, bound or filled so; the message says what to do."""


@dataclass(frozen=True)
class Received:
    """``carried`` says what became of the bindings of the version before; None for a new form."""

    layout: FormLayout
    carried: Carried | None = None


def receive_form(*, title: str, sent_by: str, file_name: str, data: bytes, by: Actor) -> Received:
    """Keep a blank that another office sent, ready to be bound. Raises FormRefused, NotAllowed."""
    moment = clock.now()
    require(may_keep_forms(by, moment.date()))
    title, sent_by = title.strip()[:80], sent_by.strip()[:80]
    if not title or not sent_by:
        raise FormRefused(_("请写明表名和来表单位。"))
    kind, _blank = _readable(file_name, data)
    unit = Unit.objects.select_related("division").get(pk=by.unit_id or 0)
    try:
        with transaction.atomic():
            form = ForeignForm.objects.create(
                unit=unit, division=unit.division, title=title, sent_by=sent_by, kind=kind, received_at=moment
            )
            stored = _store(kind, file_name, data)
            layout = FormLayout.objects.create(form=form, version=1, blank=stored)
            _audit(form, "take_in", by, None, {"title": title, "sent_by": sent_by, "digest": stored.digest})
    except IntegrityError:
        raise FormRefused(_("本单位已有一张同名的来表:请打开它换新的空白表,或换一个表名。")) from None
    return Received(layout)


@transaction.atomic
def bind(*, layout: FormLayout, binding: Binding, by: Actor) -> FormLayout:
    """Bind one cell. Raises FormRefused, NotAllowed."""
    blank = _open_draft(layout, by)
    cell = blank.cells.get(binding.address)
    try:
        check_binding(binding, cell)
    except BadBinding as error:
        raise FormRefused(str(error)) from error
    assert cell is not None
    return _change(layout, {binding.address: replace(binding, label=label_of(blank, cell))}, (), by)


@transaction.atomic
def bind_column(*, layout: FormLayout, binding: Binding, by: Actor) -> ColumnFound:
    """Bind every cell of a column whose row names a place; ``binding.address`` is the heading or any cell of the column.

    Returns what was bound and which rows were left, with why. Raises FormRefused, NotAllowed.
    """
    blank = _open_draft(layout, by)
    chosen = blank.cells.get(binding.address)
    block = next((table for table in blank.tables if table.key == binding.address.split("!", 1)[0]), None)
    if chosen is None or block is None:
        raise FormRefused(_("只有表格里的列能整列绑定,请在表上点一列的表头。"))
    places = reads.places_of(layout.form.unit, clock.today())
    try:
        found = column_of(block, chosen, places)
        fresh = {}
        for cell, code in found.bound:
            made = replace(binding, address=cell.address, place=code, label=label_of(blank, cell))
            check_binding(made, cell)
            fresh[cell.address] = made
    except BadBinding as error:
        raise FormRefused(str(error)) from error
    _change(layout, fresh, (), by)
    return found


@transaction.atomic
def unbind(*, layout: FormLayout, addresses: Iterable[str], by: Actor) -> FormLayout:
    """Take bindings away; cells that have none are let be. Raises FormRefused, NotAllowed."""
    _open_draft(layout, by)
    return _change(layout, {}, tuple(addresses), by)


@transaction.atomic
def save_template(*, layout: FormLayout, by: Actor) -> FormLayout:
    """From here this version stays as it is and can be filled. Raises FormRefused, NotAllowed."""
    moment = clock.now()
    require(may_change_form(by, layout.form, moment.date()))
    if not layout.bindings:
        raise FormRefused(_("还没有绑定任何一格,不能存为模板。"))
    values = {
        "state": LayoutState.SAVED,
        "saved_at": moment,
        "saved_by_id": by.account_id,
        "saved_by_name": by.name[:40],
    }
    if not FormLayout.objects.filter(pk=layout.pk, state=LayoutState.DRAFT).update(**values):
        raise FormRefused(_("这一版已经存为模板。"))
    layout.refresh_from_db()
    _audit(layout.form, "save_template", by, {}, {"version": layout.version, "bindings": len(layout.bindings)})
    return layout


@transaction.atomic
def revise(*, form: ForeignForm, by: Actor, file_name: str = "", data: bytes = b"") -> Received:
    """A new version to bind: over the same blank, or over a newer one, with what still fits carried over.

    Raises FormRefused (also when a draft is open already and no new blank is given), NotAllowed.
    """
    require(may_change_form(by, form, clock.today()))
    last = form.layouts.select_related("blank").order_by("-version").first()
    if last is None or form.retired_on is not None:
        raise FormRefused(_("这张来表已停用。"))
    if last.is_draft and not data:
        raise FormRefused(_("已有一版正在绑定,请接着绑定。"))
    carried = Carried(tuple(last.bound.values()), ())
    stored = last.blank
    if data:
        kind, blank = _readable(file_name, data)
        if kind != form.kind:
            raise FormRefused(_("原来是 %(kind)s,请上传同一种文件;换了格式的,请作为新的来表登记。") % {"kind": form.get_kind_display()})
        stored = _store(kind, file_name, data)
        carried = carry(last.bound.values(), blank)
    bindings = [binding.to_dict() for binding in carried.kept]
    if last.is_draft:
        FormLayout.objects.filter(pk=last.pk, state=LayoutState.DRAFT).update(
            blank=stored, bindings=bindings, changed=last.changed + 1
        )
        last.refresh_from_db()
        layout = last
    else:
        layout = FormLayout.objects.create(form=form, version=last.version + 1, blank=stored, bindings=bindings)
    after = {"version": layout.version, "digest": stored.digest, "bindings": len(bindings)}
    _audit(form, "revise", by, {}, after)
    return Received(layout, carried)


def fill(*, form: ForeignForm, month: Period, by: Actor, known: date | None = None) -> FormFilling:
    """Fill the newest template for a month and keep what went out. Raises FormRefused, NotAllowed."""
    moment = clock.now()
    require(may_change_form(by, form, moment.date()))
    if form.retired_on is not None:
        raise FormRefused(_("这张来表已停用。"))
    layout = form.layouts.filter(state=LayoutState.SAVED).select_related("blank", "form__unit__division").last()
    if layout is None:
        raise FormRefused(_("还没有存为模板的版本:请先绑定,再“存为模板”。"))
    asked = reads.For(month=month, reader=by, on=moment.date(), known=known)
    try:
        data = reads.content_of(layout.blank)
        found = reads.filled(layout, reads.read_blank(form.kind, data), asked)
        made = reads.make(form.kind, data, found, reads.sources(layout, found, asked))
    except (reads.FileDamaged, PackageRefused) as error:
        raise FormRefused(str(error)) from error
    with transaction.atomic():
        name = f"{form.title}{month}.{form.kind}"
        filling = FormFilling.objects.create(
            form=form,
            layout=layout,
            month=str(month),
            filled_on=moment.date(),
            filled_at=moment,
            known_on=known,
            by_id=by.account_id,
            by_name=by.name[:40],
            cells=[one.to_dict() for one in found.cells],
            missing=[one.to_dict() for one in found.missing],
            made=_store(FormKind(form.kind), name, made),
        )
        after = {
            "filling": str(filling.pk),
            "month": str(month),
            "version": layout.version,
            "digest": filling.made.digest,
            "cells": len(found.cells),
            "missing": len(found.missing),
        }
        _audit(form, "fill", by, {}, after)
    return filling


@transaction.atomic
def retire(*, form: ForeignForm, reason: str, by: Actor) -> ForeignForm:
    """No longer filled; its fillings stay. Raises FormRefused, NotAllowed."""
    today = clock.today()
    require(may_change_form(by, form, today))
    if not reason.strip():
        raise FormRefused(_("请写明停用的原因。"))
    values = {"retired_on": today, "retired_reason": reason.strip()[:200]}
    if not ForeignForm.objects.filter(pk=form.pk, retired_on=None).update(**values):
        raise FormRefused(_("这张来表已停用。"))
    form.refresh_from_db()
    _audit(form, "retire", by, {"retired_on": None}, {"retired_on": today.isoformat()}, reason)
    return form


def _readable(file_name: str, data: bytes) -> tuple[FormKind, BlankForm]:
    suffix = PurePath(file_name).suffix.lower()
    if suffix in {".xlsm", ".docm", ".xltm", ".dotm"}:
        raise FormRefused(_("文件里有宏:请用 Office/WPS 打开,另存为不带宏的 .xlsx 或 .docx 再上传。"))
    kind = _SUFFIXES.get(suffix)
    if kind is None:
        raise FormRefused(_("来表要 .xlsx 或 .docx 文件:旧的 .xls、.doc、.et、.wps 请用 Office/WPS 打开后另存。"))
    try:
        return kind, reads.read_blank(kind, data, file_name)
    except PackageRefused as error:
        raise FormRefused(str(error)) from error


def _store(kind: FormKind, file_name: str, data: bytes) -> FormFile:
    return FormFile.objects.create(
        kind=kind,
        digest=hashlib.sha256(data).hexdigest(),
        size=len(data),
        content=base64.b64encode(data).decode(),
        file_name=PurePath(file_name).name[:120],
        stored_at=clock.now(),
    )


def _open_draft(layout: FormLayout, by: Actor) -> BlankForm:
    require(may_change_form(by, layout.form, clock.today()))
    if not layout.is_draft:
        raise FormRefused(_("这一版已存为模板,不能再改:请“另起一版”。"))
    try:
        return reads.blank_of(layout)
    except (reads.FileDamaged, PackageRefused) as error:
        raise FormRefused(str(error)) from error


def _change(layout: FormLayout, fresh: Mapping[str, Binding], gone: Sequence[str], by: Actor) -> FormLayout:
    """Write bindings as they were read; somebody else's change in between is refused, not overwritten."""
    old = layout.bound
    new = {address: binding for address, binding in {**old, **fresh}.items() if address not in gone}
    changed = FormLayout.objects.filter(pk=layout.pk, state=LayoutState.DRAFT, changed=layout.changed).update(
        bindings=[binding.to_dict() for binding in new.values()], changed=layout.changed + 1
    )
    if not changed:
        raise FormRefused(_("这张表刚被别人改过,请刷新后再办。"))
    layout.refresh_from_db()
    touched = {*fresh, *(address for address in gone if address in old)}
    before = {address: old[address].to_dict() for address in touched if address in old}
    after = {address: new[address].to_dict() for address in touched if address in new}
    _audit(layout.form, "bind", by, _flat(before), _flat(after))
    return layout


def _flat(bindings: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    return {
        address: " ".join(f"{name}={value}" for name, value in one.items() if name not in {"address", "label"})
        for address, one in bindings.items()
    }


def _audit(
    form: ForeignForm, act: str, by: Actor, before: dict[str, Any] | None, after: dict[str, Any], reason: str = ""
) -> None:
    audit.record_write(
        by=by,
        act=f"forms.{act}",
        ledger=FORMS,
        rows=[
            audit.RowDelta(
                row_id=form.pk,
                compartment=Compartment.INTERNAL,
                before=before,
                after=after,
                personal=encrypted_names(ForeignForm),
            )
        ],
        division_id=form.division_id,
        reason=reason.strip()[:200],
        summary=form.title,
    )
