from __future__ import annotations

from django.urls import path

from qingyuan.web import navigation
from qingyuan.web.figure_requests import answering, views
from qingyuan.web.figure_requests.presenters import badge

navigation.register_badge("figure-requests", badge)

urlpatterns = [
    path("figure-requests/", views.index, name="figure-requests"),
    path("figure-requests/new/", views.new, name="figure-request-new"),
    path("figure-requests/<uuid:request_id>/", views.one, name="figure-request"),
    path("figure-requests/<uuid:request_id>/questions/", views.add_question, name="figure-request-question"),
    path("figure-requests/<uuid:request_id>/export.xlsx", views.export, name="figure-request-export"),
    path("figure-requests/<uuid:request_id>/<slug:move>/", views.move, name="figure-request-move"),
    path("figure-questions/<uuid:question_id>/", views.settle, name="figure-question"),
    path("figure-answers/<uuid:answer_id>/", answering.answer, name="figure-answer"),
    path("figure-answers/<uuid:answer_id>/<slug:move>/", answering.judge, name="figure-answer-move"),
]
