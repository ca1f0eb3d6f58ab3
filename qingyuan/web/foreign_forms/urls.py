from __future__ import annotations

from django.urls import path

from qingyuan.web.foreign_forms import binding, views

urlpatterns = [
    path("foreign-forms/", views.index, name="foreign-forms"),
    path("foreign-forms/<uuid:form_id>/", views.one, name="foreign-form"),
    path("foreign-forms/<uuid:form_id>/bind/", binding.bench, name="foreign-form-bind"),
    path("foreign-forms/<uuid:form_id>/save/", binding.save, name="foreign-form-save"),
    path("foreign-forms/<uuid:form_id>/revise/", binding.revise, name="foreign-form-revise"),
    path("foreign-forms/<uuid:form_id>/fill/", views.fill, name="foreign-form-fill"),
    path("foreign-forms/<uuid:form_id>/retire/", views.retire, name="foreign-form-retire"),
    path("foreign-forms/<uuid:form_id>/blank/", views.blank, name="foreign-form-blank"),
    path("foreign-forms/fillings/<uuid:filling_id>/", views.filling, name="foreign-form-filling"),
    path("foreign-forms/fillings/<uuid:filling_id>/file/", views.made, name="foreign-form-file"),
]
