from __future__ import annotations

from django.urls import path

from qingyuan.web.rewards import views

ONE = "rewards/<uuid:consequence_id>/"
urlpatterns = [
    path("rewards/", views.rewards, name="rewards"),
    path("rewards/rules/", views.rules, name="reward-rules"),
    path("rewards/export/", views.export, name="reward-export"),
    path("rewards/rounds/<uuid:round_id>/propose/", views.propose, name="reward-propose"),
    path("rewards/rounds/<uuid:round_id>/all/<slug:step>/", views.take_together, name="reward-all"),
    path(ONE, views.one, name="reward"),
    path(ONE + "steps/<slug:step>/", views.take, name="reward-step"),
    path(ONE + "files/<uuid:proof_of_repair>/", views.file, name="reward-file"),
    path(ONE + "notice.<str:suffix>", views.notice, name="reward-notice"),
]
