"""One row of a ledger as a form, made from its columns. Shared by the slices that enter rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from qingyuan.foundation.words import Problem, said
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.presenting import number_text
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division, DivisionPath
from qingyuan.reference import catalogue


class RowForm(forms.Form):
    """One row of a ledger as texts; what they mean is read by ``ledgers.entering``, the same as in an import.

    ``version`` is the row's version when the form was opened; empty for a new row.
    """

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        ledger: Ledger,
        actor: Actor,
        on: date,
        row: Any | None = None,
        initial: Mapping[str, Any] | None = None,
        leave_out: Iterable[str] = (),
    ) -> None:
        start = dict(initial or {})
        if row is not None:
            start |= {column.name: typed_of(column, column.value_of(row)) for column in ledger.columns}
            start["version"] = row.version
        super().__init__(data, initial=start)
        out = set(leave_out)
        self.columns = [c for c in ledger.columns if c.name not in out and (row is None or c.editable)]
        for column in self.columns:
            self.fields[column.name] = _field(column, actor, on, start.get(column.name, ""))

    @property
    def typed(self) -> dict[str, str]:
        """Texts by column name; leave it to be read whether they mean anything."""
        return {column.name: str(self.data.get(self.add_prefix(column.name), "") or "") for column in self.columns}

    def tell(self, problems: Iterable[Problem]) -> None:
        """Put each problem beside its field, or above the form when it is about the whole row."""
        self.is_valid()
        for problem in problems:
            place = problem.column if problem.column in self.fields else None
            text = str(problem.message)
            if place is None and problem.column:
                text = _("%(column)s:%(message)s") % {"column": problem.column, "message": text}
            if place is None or text not in self.errors.get(place, []):
                self.add_error(place, text)

    @property
    def wide(self) -> list[str]:
        return [column.name for column in self.columns if column.kind == Kind.LONG_TEXT]


def typed_of(column: Column, value: Any) -> str:
    """A stored value as one would type it into its field."""
    if value is None or value == "":
        return ""
    if column.kind == Kind.DIVISION:
        return str(getattr(value, "code", value))
    if column.kind == Kind.BOOLEAN:
        return _("是") if value else _("否")
    if column.kind == Kind.STAFF:
        return "、".join(value) if isinstance(value, list | tuple) else str(value)
    if column.kind in {Kind.DECIMAL, Kind.QUANTITY}:
        return number_text(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _field(column: Column, actor: Actor, on: date, now: Any) -> forms.Field:
    # Nothing is checked here: the text is read as the import reads it, so both say the same about the same words.
    common: dict[str, Any] = {
        "label": said(column.header),
        "required": column.required,
        "help_text": said(column.help),
        "error_messages": {"required": _("必填:请补上")},
    }
    attrs: dict[str, Any] = {"autocomplete": "off"}
    if column.kind == Kind.CODE:
        codes = catalogue.get_list(column.code_list)
        return _choice(common, attrs, _with_now(codes.choices(on), str(now or ""), codes.said(str(now or ""))))
    if column.kind == Kind.DIVISION:
        return _choice(common, attrs, _divisions(actor, on))
    if column.kind == Kind.BOOLEAN:
        return _choice(common, attrs, [(_("是"), _("是")), (_("否"), _("否"))])
    if column.kind == Kind.DATE:
        return forms.CharField(**common, widget=forms.DateInput(attrs=attrs | {"type": "date"}))
    if column.kind == Kind.LONG_TEXT:
        return forms.CharField(**common, widget=forms.Textarea(attrs=attrs | {"rows": 3}))
    if column.kind in {Kind.INTEGER, Kind.DECIMAL}:
        attrs["inputmode"] = "decimal" if column.kind == Kind.DECIMAL else "numeric"
    if column.kind == Kind.QUANTITY and not column.help:
        common["help_text"] = _("连单位一起写,如 350克、1.2公斤")
    if column.kind == Kind.STAFF:
        common["help_text"] = _("姓名之间用顿号隔开,如 李秀、王平")
    return forms.CharField(**common, widget=forms.TextInput(attrs=attrs))


def _choice(common: dict[str, Any], attrs: dict[str, Any], choices: list[tuple[str, str]]) -> forms.Field:
    return forms.CharField(**common, widget=forms.Select(attrs=attrs, choices=[("", _("请选择")), *choices]))


def _with_now(choices: list[tuple[str, str]], now: str, label: str) -> list[tuple[str, str]]:
    """A row keeps a code that is no longer offered."""
    return choices if not now or now in dict(choices) else [*choices, (now, label)]


def _divisions(actor: Actor, on: date) -> list[tuple[str, str]]:
    """The actor's divisions, each town followed by what lies below it."""
    found: dict[str, str] = {}
    for grant in actor.grants:
        depths = dict(
            DivisionPath.objects.on(on).filter(ancestor_id=grant.division_id).values_list("descendant_id", "depth")
        )
        for division in Division.objects.under(grant.division_id, on).on(on).order_by("code"):
            found.setdefault(division.code, " " * depths[division.pk] + division.name)
    return list(found.items())
