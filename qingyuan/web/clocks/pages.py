"""Everything that stands on the page of one clock."""

from __future__ import annotations

from datetime import date
from typing import Any

from qingyuan.casework.clocks import queries
from qingyuan.casework.clocks.queries import Asked
from qingyuan.casework.models import ClockDecision, ClockEvent, RunningClock
from qingyuan.foundation import clock
from qingyuan.foundation.words import said
from qingyuan.journeys import clock_words
from qingyuan.organisation.queries import city_pack
from qingyuan.reference import packs, statutes
from qingyuan.reference.clocks import BadTermText, Event, Term, get_clock
from qingyuan.reference.clocks.sentences import told
from qingyuan.web.clocks import presenters
from qingyuan.web.clocks.forms import DecideForm, EventForm, WhatIfForm, first_day
from qingyuan.web.context import WebRequest


def context(
    request: WebRequest,
    running: RunningClock,
    *,
    may_change: bool,
    form: EventForm | None = None,
    correcting: ClockEvent | None = None,
    correct_form: EventForm | None = None,
    decide_form: DecideForm | None = None,
) -> dict[str, Any]:
    on, rows = clock.today(), list(running.events.all())
    found = queries.asked(running, rows, on)
    decisions = queries.decisions_of(running)
    current = next((one for one in decisions if one.ran_out_on == found.opened_on), None)
    return {
        "clock": running,
        "declared": get_clock(running.code),
        "name": said(get_clock(running.code).name),
        "subject": clock_words.subjects([running], request.actor)[running.pk],
        "left": clock_words.left(found, on),
        "found": found,
        "answer": found.answer,
        "tally": found.tally,
        "printed": clock_words.printed(running),
        "pack": packs.get_pack(running.pack).name_zh,
        "pack_of_city": city_pack().name_zh,
        "basis": statutes.describe(get_clock(running.code).articles),
        "state": presenters.state_words(found),
        "reasons": presenters.reasons(found),
        "notes": [told(note) for note in found.said.notes] if found.said else [],
        "occasions": presenters.occasions(found.tally, rows) if found.tally else [],
        "events": presenters.events(running, rows),
        "possible": presenters.possible(running),
        "may_change": may_change and not running.end == "row",
        "may_check": may_change,
        "left_open": found.left_open_on is not None,
        "form": form or EventForm(running=running, initial={"version": running.version}),
        "correcting": correcting,
        "correct_form": correct_form,
        "day": on,
        **_decision(found, current, decisions, on, decide_form),
        **_what_if(request, running, rows, on),
    }


def _decision(
    found: Asked,
    current: ClockDecision | None,
    decisions: list[ClockDecision],
    on: date,
    form: DecideForm | None,
) -> dict[str, Any]:
    opens = get_clock(found.running.code).opens
    lines = presenters.checklist(found, current) if found.opened_on else []
    return {
        "opens": opens if found.opened_on else None,
        "decision": current,
        "checklist": lines,
        "all_checked": bool(lines) and all(line.finding for line in lines),
        "decide_form": form or DecideForm(initial={"decided_on": on, "office": opens.by if opens else ""}),
        "earlier": [one for one in decisions if one is not current],
    }


def _what_if(request: WebRequest, running: RunningClock, rows: list[ClockEvent], on: date) -> dict[str, Any]:
    """The answer to a question in the address; a question that cannot be read says what is wrong beside its field."""
    asks = any(request.GET.get(name) for name in ("on", "word", "day"))
    if not asks:
        return {"what_if": WhatIfForm(running=running, initial={"on": on})}
    form = WhatIfForm(request.GET, running=running)
    if not form.is_valid():
        return {"what_if": form}
    clean = form.cleaned_data
    more: list[Event] = []
    if clean["word"]:
        day = clean["day"] or first_day(request.GET.get("day", "")) or on
        until = clean["until"] if clean["until"] and clean["until"] >= day else None
        try:
            term = Term.parse(clean["term"]) if clean.get("term") else None
        except BadTermText as error:
            form.add_error("term", str(error))
            return {"what_if": form}
        more = [Event(clean["word"], day, len(rows) + 2, until=until, term=term, days=clean.get("days") or 0)]
    asked_on = max([clean["on"] or on, *(one.on for one in more)])
    then = queries.asked(running, rows, asked_on, more=more)
    return {
        "what_if": form,
        "then": then,
        "then_state": presenters.state_words(then),
        "then_reasons": presenters.reasons(then),
        "then_on": asked_on,
    }
