from __future__ import annotations

from django.urls import path

from qingyuan.web.reminders import views

urlpatterns = [
    path("reminders/", views.reminders, name="reminders"),
    path("reminders/choices/", views.choices, name="reminder-choices"),
    path("reminders/contacts/enter/", views.enter, name="reminder-contact-enter"),
    path("reminders/contacts/prove/", views.prove, name="reminder-contact-prove"),
    path("reminders/contacts/forget/", views.forget, name="reminder-contact-forget"),
]
