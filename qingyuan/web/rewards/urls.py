from __future__ import annotations

from django.urls import path

from qingyuan.web.rewards import desk, ours, views

ONE = "rewards/<uuid:consequence_id>/"
DRAFT = "rewards/rules/drafts/<uuid:reward_draft_id>/"
urlpatterns = [
    path("rewards/", views.rewards, name="rewards"),
    path("rewards/ours/", ours.ours, name="reward-ours"),
    path("rewards/rules/", desk.rules, name="reward-rules"),
    path("rewards/rules/paper/<slug:table_digest>.<str:suffix>", views.rules_paper, name="reward-rules-paper"),
    path("rewards/rules/begin/", desk.begin, name="reward-draft-begin"),
    path("rewards/rules/import/", desk.take_in, name="reward-draft-import"),
    path(DRAFT, desk.draft, name="reward-draft"),
    path(DRAFT + "table.yaml", desk.file, name="reward-draft-file"),
    path(DRAFT + "sheet/", desk.sheet, name="reward-draft-sheet"),
    path(DRAFT + "rules/<slug:place>/", desk.rule, name="reward-draft-rule"),
    path(DRAFT + "arrange/", desk.arrange, name="reward-draft-arrange"),
    path(DRAFT + "history/", desk.history, name="reward-draft-history"),
    path(DRAFT + "steps/<slug:draft_step>/", desk.step, name="reward-draft-step"),
    path("rewards/export/", views.export, name="reward-export"),
    path("rewards/rounds/<uuid:round_id>/propose/", views.propose, name="reward-propose"),
    path("rewards/rounds/<uuid:round_id>/all/<slug:step>/", views.take_together, name="reward-all"),
    path(ONE, views.one, name="reward"),
    path(ONE + "steps/<slug:step>/", views.take, name="reward-step"),
    path(ONE + "files/<uuid:proof_of_repair>/", views.file, name="reward-file"),
    path(ONE + "notice.<str:suffix>", views.notice, name="reward-notice"),
]
