from __future__ import annotations

from django.urls import path

from qingyuan.web.referrals import helping, views

urlpatterns = [
    path("referrals/", views.index, name="referrals"),
    path("referrals/<uuid:referral_id>/", views.one, name="referral"),
    path("referrals/<uuid:referral_id>/answer/", views.answer, name="referral-answer"),
    path("referrals/<uuid:referral_id>/close/", views.close, name="referral-close"),
    path("referrals/<uuid:referral_id>/withdraw/", helping.withdraw, name="referral-withdraw"),
    path("people/<uuid:client_id>/help/", helping.page, name="person-help"),
    path("people/<uuid:client_id>/help/refer/", helping.refer, name="person-refer"),
    path("people/<uuid:client_id>/help/review/", helping.review, name="person-review"),
    path("people/<uuid:client_id>/help/reviews/<uuid:review_id>/", helping.objection, name="person-objection"),
    path("people/<uuid:client_id>/help/absences/<uuid:absence_id>/", helping.reason, name="person-absence-reason"),
]
