from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template

from qingyuan.web.gallery.samples import SAMPLES
from qingyuan.web.middleware import open_to_strangers

WIDE = ("data_table", "timeline", "filter_bar", "steps", "messages", "print_header")


@dataclass(frozen=True)
class Shown:
    caption: str
    html: str


@open_to_strangers
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component with its samples. Errors: Http404 outside the demo and development."""
    if not (settings.DEBUG or settings.QINGYUAN_DEMO):
        raise Http404
    components = {
        name: [
            Shown(sample.caption, get_template(f"components/{name}.html").render(sample.inputs, request))
            for sample in samples
        ]
        for name, samples in SAMPLES.items()
    }
    return render(request, "web/gallery/gallery.html", {"components": components, "wide": WIDE})
