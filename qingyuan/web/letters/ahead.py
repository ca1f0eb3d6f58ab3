"""Parts of the score page that look around today: the year's end, and what moved since yesterday with what is next.

Each stands as a page of its own and as a block the score page asks for once it is shown, so that the score waits for neither.
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qingyuan.web.context import WebRequest
from qingyuan.web.letters.access import day_of, letter_named
from qingyuan.web.letters.forecasting import forecast_page
from qingyuan.web.letters.moving import moved_card, next_lines


@require_safe
def forecast(request: WebRequest, letter_id: UUID) -> HttpResponse:
    """The year's end: the tile's content for the score page, else the whole page with every clause."""
    letter = letter_named(request.actor, letter_id)
    context = {"forecast": forecast_page(letter, day_of(letter), request.actor), "letter": letter}
    return render(request, "letters/_forecast.html" if request.htmx else "letters/forecast.html", context)


@require_safe
def moved(request: WebRequest, letter_id: UUID) -> HttpResponse:
    """What moved the score since it was last kept, down to the rows, and the duties that bring the next points."""
    letter = letter_named(request.actor, letter_id)
    on = day_of(letter)
    context = {
        "moved": moved_card(letter, on, request.actor),
        "next": next_lines(letter, on, request.actor),
        "letter": letter,
    }
    return render(request, "letters/_moved.html" if request.htmx else "letters/moved.html", context)
