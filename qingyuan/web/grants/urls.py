from __future__ import annotations

from django.urls import path

from qingyuan.web.grants import views

urlpatterns = [
    path("grants/", views.accounts, name="grants"),
    path("grants-new/", views.new, name="grants-new"),
    path("grants/<str:username>/", views.account, name="grants-account"),
    path("grants/<str:username>/role/", views.grant, name="grant-role"),
    path("grants/<str:username>/post/", views.appoint, name="grant-post"),
    path("grants/<str:username>/disable/", views.disable, name="grant-disable"),
    path("grants/role/<int:grant_id>/end/", views.end_role, name="grant-role-end"),
    path("grants/post/<int:term_id>/end/", views.end_term, name="grant-post-end"),
]
