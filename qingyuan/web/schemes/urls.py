from __future__ import annotations

from django.urls import path

from qingyuan.web.schemes import desk, effect, views

urlpatterns = [
    path("schemes/", views.schemes, name="schemes"),
    path("schemes/begin/", views.begin, name="scheme-begin"),
    path("schemes/import/", views.take_in, name="scheme-import"),
    path("schemes/inputs/", views.inputs, name="scheme-inputs"),
    path("schemes/published/<uuid:scheme_id>/", views.published, name="scheme-published"),
    path("schemes/published/<uuid:scheme_id>/file.<str:suffix>", views.published_file, name="scheme-file"),
    path("schemes/drafts/<uuid:draft_id>/", desk.draft, name="scheme-draft"),
    path("schemes/drafts/<uuid:draft_id>/file.<str:suffix>", views.draft_file, name="scheme-draft-file"),
    path("schemes/drafts/<uuid:draft_id>/sheet/", desk.sheet, name="scheme-sheet"),
    path("schemes/drafts/<uuid:draft_id>/groups/<str:place>/", desk.group, name="scheme-group"),
    path("schemes/drafts/<uuid:draft_id>/clauses/<str:place>/", desk.clause, name="scheme-clause"),
    path("schemes/drafts/<uuid:draft_id>/arrange/", desk.arrange, name="scheme-arrange"),
    path("schemes/drafts/<uuid:draft_id>/history/", desk.history, name="scheme-history"),
    path("schemes/drafts/<uuid:draft_id>/step/<str:move>/", desk.step, name="scheme-step"),
    path("schemes/drafts/<uuid:draft_id>/effect/", effect.effect, name="scheme-effect"),
    path("schemes/drafts/<uuid:draft_id>/effect/<uuid:letter_id>/", effect.effect_of, name="scheme-effect-letter"),
]
