"""One row by hand: what was typed is read like the cells of a sheet, then the room's preparation, rules and action.

Form, phone and API enter the same way, so that a value means the same wherever it was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from qingyuan.foundation import identity
from qingyuan.foundation.words import Decision, Problem
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.declaration import Draft, Ledger, Writing
from qingyuan.ledgers.fitting import misfits
from qingyuan.ledgers.importing.resolving import resolvers_for
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.reading.cells import Reading, parse_cell
from qingyuan.ledgers.reading.outcomes import Fault, Outcome, Parsed
from qingyuan.ledgers.writing import DuplicateRow, changed_columns
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import may


def draft_of_new(ledger: Ledger, typed: Mapping[str, str], writing: Writing) -> Draft:
    """A draft of a new row with every problem there is; ``typed`` holds texts by column name."""
    values, problems = _read(ledger, ledger.columns, typed, writing)
    draft = Draft(
        number=1,
        values=values,
        division_id=values.get("division") or writing.by.division_id,
        unit_id=writing.by.unit_id,
        problems=problems,
    )
    return _judged(ledger, draft, writing, Action.CREATE)


def draft_of_change(ledger: Ledger, row: Any, typed: Mapping[str, str], writing: Writing) -> Draft:
    """A draft that changes ``row``; columns that cannot be changed keep what the row says, whatever was typed."""
    values, problems = _read(ledger, tuple(c for c in ledger.columns if c.editable), typed, writing)
    kept = {column.name: _plain(column.value_of(row)) for column in ledger.columns if not column.editable}
    draft = Draft(
        number=1,
        values=kept | values,
        division_id=values.get("division") or row.division_id,
        unit_id=row.unit_id,
        problems=problems,
        target_id=row.pk,
    )
    return _judged(ledger, draft, writing, Action.CHANGE)


def enter(ledger: Ledger, draft: Draft, writing: Writing) -> Any:
    """Create the row of a draft without problems. Raises DuplicateRow when it is already there."""
    return ledger.create(drafts=[draft], writing=writing)[0]


def change(ledger: Ledger, row: Any, draft: Draft, writing: Writing) -> bool:
    """Change ``row`` as a draft without problems says; False when nothing differs. Raises DuplicateRow, RowChanged."""
    if not changed_columns(ledger, row, draft.values):
        return False
    try:
        ledger.change(changes=[(row, draft)], writing=writing)
    except IntegrityError as error:
        raise DuplicateRow(_("改成这样就和台账里另一条相同了,请打开那一条核对。")) from error
    return True


def allowed(ledger: Ledger, by: Actor, action: Action, on: date, row: Any | None = None) -> Decision:
    """Whether ``by`` may take ``action`` on ``row`` (None = on any row of the ledger)."""
    if ledger.sealed and action == Action.EXPORT:
        return Decision(False, _("封存的记录不列表、不导出:需要数字的看“指标”,需要核对一条的逐条打开。"))
    if row is None:
        return may(by, action, compartment=ledger.compartment, ledger=ledger.code, on=on)
    return may(
        by,
        action,
        compartment=ledger.compartment,
        ledger=ledger.code,
        on=on,
        division_id=row.division_id,
        unit_id=row.unit_id,
        caseworker_id=caseworker_of(ledger, row),
    )


def caseworker_of(ledger: Ledger, row: Any) -> int:
    """The account whose case it is; 0 = nobody's, which is no caseworker's own."""
    value: Any = row
    for step in ledger.caseload_field.split("__"):
        value = getattr(value, step, None)
    return value or 0


def _read(
    ledger: Ledger, columns: tuple[Column, ...], typed: Mapping[str, str], writing: Writing
) -> tuple[dict[str, Any], list[Problem]]:
    """Values by column name and what is wrong with them; codes must hold on the row's own day."""
    reading = Reading(
        day=writing.on, year_hint=writing.on.year, resolvers=resolvers_for(ledger, writing.by, writing.on)
    )
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for column in sorted(columns, key=lambda column: column.name != ledger.dated_by):
        text = typed.get(column.name, "").strip()
        outcome = _outcome(column, text, reading)
        if isinstance(outcome, Fault):
            values[column.name] = None
            problems.append(Problem(column.name, "", text, outcome.message, outcome.hint))
            continue
        values[column.name] = outcome.value
        if outcome.value is None and column.required:
            problems.append(Problem(column.name, "", "", _("必填:请补上")))
        if column.name == ledger.dated_by and isinstance(outcome.value, date):
            reading = Reading(day=outcome.value, year_hint=writing.on.year, resolvers=reading.resolvers)
    return values, problems


def _outcome(column: Column, text: str, reading: Reading) -> Outcome:
    if column.kind == Kind.ID_NUMBER and text:
        # Typed from the paper just now: a number that rightly ends in 000 is believed here, and only here.
        try:
            return Parsed(identity.parse(text, from_original=True).text)
        except identity.BadIdentityNumber as error:
            return Fault(error.reason_zh)
    return parse_cell(column, text, reading)


def _judged(ledger: Ledger, draft: Draft, writing: Writing, action: Action) -> Draft:
    """The draft after the room's preparation and rules, and after the question whether the writer may."""
    if ledger.prepare is not None:
        ledger.prepare([draft], writing)
    told = {problem.column for problem in draft.problems}
    found = [*misfits(ledger, draft.values), *(ledger.check(draft.values) if ledger.check is not None else ())]
    draft.problems += [problem for problem in found if problem.column not in told]
    if draft.problems:
        return draft
    decision = may(
        writing.by,
        action,
        compartment=ledger.compartment,
        ledger=ledger.code,
        on=writing.on,
        division_id=draft.division_id,
        unit_id=draft.unit_id,
        caseworker_id=draft.caseworker_id,
    )
    if not decision.allowed:
        draft.problems.append(Problem("", "", "", decision.reason))
    return draft


def _plain(value: Any) -> Any:
    return value.pk if hasattr(value, "pk") else value
