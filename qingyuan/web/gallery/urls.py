from __future__ import annotations

from django.urls import path

from qingyuan.web.gallery import views

urlpatterns = [path("_gallery/", views.gallery, name="gallery")]
