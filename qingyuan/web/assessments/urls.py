from __future__ import annotations

from django.urls import path

from qingyuan.web.assessments import choosing, one, views

CASE = "assessments/letters/<uuid:assessment_id>/"
urlpatterns = [
    path("assessments/", views.rounds, name="assessments"),
    path("assessments/new/", views.new, name="assessment-new"),
    path("assessments/<uuid:round_id>/", views.round, name="assessment-round"),
    path("assessments/<uuid:round_id>/edit/", views.edit, name="assessment-edit"),
    path("assessments/<uuid:round_id>/steps/<slug:step>/", views.take, name="assessment-round-step"),
    path("assessments/<uuid:round_id>/all/<slug:what>/", views.take_all, name="assessment-all"),
    path("assessments/<uuid:round_id>/circular.<str:suffix>", views.circular, name="assessment-circular"),
    path("assessments/lists/<uuid:frame_id>/", views.frame, name="sample-frame"),
    path("assessments/drawn/<uuid:item_id>/", one.finding, name="sample-finding"),
    path(CASE, one.one, name="assessment"),
    path(CASE + "steps/<slug:step>/", one.take, name="assessment-step"),
    path(CASE + "all/<slug:what>/", one.take_together, name="assessment-together"),
    path(CASE + "own/<str:clause>/", one.own, name="assessment-own"),
    path(CASE + "evidence/<str:clause>/add/", one.add_evidence, name="assessment-evidence"),
    path(CASE + "evidence/<str:clause>/returns/", choosing.returns, name="assessment-returns"),
    path(CASE + "files/<uuid:evidence_id>/", one.evidence_file, name="assessment-evidence-file"),
    path(CASE + "files/<uuid:evidence_id>/withdraw/", one.withdraw_evidence, name="assessment-evidence-withdraw"),
    path(CASE + "review/<str:clause>/", one.review, name="assessment-review"),
    path(CASE + "numbers/<uuid:entry_id>/confirm/", one.confirm, name="assessment-confirm"),
    path(CASE + "objection/<str:clause>/", one.objection, name="assessment-objection"),
    path(CASE + "answer/<str:clause>/", one.answer, name="assessment-answer"),
    path(CASE + "notice.<str:suffix>", one.notice, name="assessment-notice"),
]
