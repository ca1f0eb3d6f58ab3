from __future__ import annotations

from django.urls import path

from qingyuan.web.account import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("me/", views.profile, name="profile"),
    path("me/password/", views.password, name="password"),
    path("me/tokens/make/", views.make_token, name="token-make"),
    path("me/tokens/<int:token_id>/withdraw/", views.withdraw_token, name="token-withdraw"),
    path("language/", views.language, name="language"),
]
