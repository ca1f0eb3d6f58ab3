from __future__ import annotations

from django.urls import path

from qingyuan.web.duties import programmes, reviews, views, year

urlpatterns = [
    path("duties/", views.duties, name="duties"),
    path("duties/offered/", views.take, name="duty-take"),
    path("duties/left/", views.carry, name="duty-carry"),
    path("duties/units/<int:unit_id>/", views.unit, name="duty-unit"),
    path("duties/tasks/<uuid:task_id>/", views.task, name="duty-task"),
    path("duties/tasks/<uuid:task_id>/report/", views.report, name="duty-report"),
    path("duties/tasks/<uuid:task_id>/ask/", views.ask, name="need-ask"),
    path("duties/tasks/<uuid:task_id>/proofs/<uuid:evidence_id>/unlink/", views.unlink, name="duty-unlink"),
    path("duties/needs/<uuid:need_id>/", views.need, name="need"),
    path("duties/needs/<uuid:need_id>/steps/<slug:step>/", views.step, name="need-step"),
    path("duties/year/", year.book, name="year-book"),
    path("duties/year/plan.<str:suffix>", year.plan, name="year-plan"),
    path("duties/year/summary.<str:suffix>", year.summary, name="year-summary"),
    path("duties/year/<slug:of>/paper/", year.draft, name="year-draft"),
    path("programmes/", programmes.index, name="programmes"),
    path("programmes/<uuid:programme_id>/", programmes.one, name="programme"),
    path("programmes/<uuid:programme_id>/goal/", programmes.goal, name="programme-goal"),
    path("programmes/<uuid:programme_id>/goals/<int:goal_id>/drop/", programmes.drop, name="programme-drop"),
    path("programmes/<uuid:programme_id>/adopt/", programmes.adopt, name="programme-adopt"),
    path("programmes/<uuid:programme_id>/reviews/begin/", reviews.begin, name="programme-review-begin"),
    path("programmes/<uuid:programme_id>/reviews/<uuid:review_id>/", reviews.one, name="programme-review"),
    path("programmes/<uuid:programme_id>/reviews/<uuid:review_id>/write/", reviews.write, name="programme-review-write"),
    path("programmes/<uuid:programme_id>/reviews/<uuid:review_id>/decide/", reviews.decide, name="programme-review-decide"),
    path("programmes/<uuid:programme_id>/reviews/<uuid:review_id>/drop/", reviews.drop, name="programme-review-drop"),
    path("programmes/<uuid:programme_id>/reviews/<uuid:review_id>/paper.<str:suffix>", reviews.paper, name="programme-review-paper"),
]
