from __future__ import annotations

from django.urls import path

from qingyuan.web.letters import ahead, archives, given, paper, signing, views

urlpatterns = [
    path("letters/", views.letters, name="letters"),
    path("letters/export.<str:suffix>", views.export, name="letter-export"),
    path("letters/signing/", signing.signing, name="letter-signing"),
    path("letters/signing/print.<str:suffix>", signing.print_all, name="letter-print"),
    path("letters/issue/", paper.issue, name="letter-issue"),
    path("letters/archive/", archives.keep_year, name="archive-keep"),
    path("letters/archive/<uuid:archive_id>/file.zip", archives.take, name="archive-file"),
    path("letters/archive/<uuid:archive_id>/check/", archives.check, name="archive-check"),
    path("letters/<uuid:letter_id>/", views.score, name="letter-score"),
    path("letters/<uuid:letter_id>/live/", views.live, name="letter-live"),
    path("letters/<uuid:letter_id>/curve/", views.curve, name="letter-curve"),
    path("letters/<uuid:letter_id>/forecast/", ahead.forecast, name="letter-forecast"),
    path("letters/<uuid:letter_id>/moved/", ahead.moved, name="letter-moved"),
    path("letters/<uuid:letter_id>/sheet.xlsx", views.sheet, name="letter-sheet"),
    path("letters/<uuid:letter_id>/archive/<uuid:archive_id>.zip", archives.take_own, name="archive-own"),
    path("letters/<uuid:letter_id>/text/", paper.text, name="letter-text"),
    path("letters/<uuid:letter_id>/file.<str:suffix>", paper.download, name="letter-file"),
    path("letters/<uuid:letter_id>/verify/", paper.verify_now, name="letter-verify"),
    path("letters/<uuid:letter_id>/sign/", paper.sign, name="letter-sign"),
    path("letters/<uuid:letter_id>/scans/<uuid:scan_id>/", paper.scan, name="letter-scan"),
    path("letters/<uuid:letter_id>/amend/", paper.amend, name="letter-amend"),
    path("letters/<uuid:letter_id>/void/", paper.void, name="letter-void"),
    path("letters/<uuid:letter_id>/given/", given.give, name="letter-give"),
    path("letters/<uuid:letter_id>/given/<uuid:entry_id>/review/", given.review, name="letter-given-review"),
    path("letters/<uuid:letter_id>/given/<uuid:entry_id>/withdraw/", given.withdraw, name="letter-given-withdraw"),
]
