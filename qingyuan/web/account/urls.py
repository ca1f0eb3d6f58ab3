from __future__ import annotations

from django.urls import path

from qingyuan.web.account import factor_views, officer_views, single_sign_on, views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/second-factor/", factor_views.second_factor, name="second-factor"),
    path("sign-in/government/", single_sign_on.start, name="sso"),
    path("sign-in/government/return/", single_sign_on.come_back, name="sso-return"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("prove/", factor_views.prove, name="prove"),
    path("me/", views.profile, name="profile"),
    path("me/password/", views.password, name="password"),
    path("me/security/", factor_views.security, name="security"),
    path("me/security/app/", factor_views.add_app, name="factor-app"),
    path("me/security/passkey/", factor_views.add_passkey, name="factor-passkey"),
    path("me/security/codes/", factor_views.make_codes, name="factor-codes"),
    path("me/security/factors/<int:factor_id>/remove/", factor_views.remove_factor, name="factor-remove"),
    path("me/security/sessions/<int:place_id>/end/", factor_views.end_session, name="session-end"),
    path("me/security/sessions/end/", factor_views.end_sessions, name="sessions-end"),
    path("me/tokens/make/", views.make_token, name="token-make"),
    path("me/tokens/<int:token_id>/withdraw/", views.withdraw_token, name="token-withdraw"),
    path("grants/<str:username>/sign-in/", officer_views.one, name="grant-sign-in"),
    path("grants/<str:username>/sign-in/reset/", officer_views.reset, name="grant-reset"),
    path("grants/<str:username>/sign-in/subject/", officer_views.subject, name="grant-subject"),
    path("language/", views.language, name="language"),
]
