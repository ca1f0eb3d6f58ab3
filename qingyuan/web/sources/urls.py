from __future__ import annotations

from django.urls import path

from qingyuan.web.sources import layouts, views

urlpatterns = [
    path("sources/", views.sources, name="sources"),
    path("sources/<uuid:source_id>/", views.source, name="source"),
    path("sources/<uuid:source_id>/change/", views.change, name="source-change"),
    path("sources/<uuid:source_id>/recipe/", views.recipe, name="source-recipe"),
    path("sources/<uuid:source_id>/teach/", views.teach, name="source-teach"),
    path("sources/<uuid:source_id>/forget-word/", views.forget_word, name="source-forget-word"),
    path("sources/<uuid:source_id>/forget/", views.forget, name="source-forget"),
    path("sources/<uuid:source_id>/retire/", views.retire, name="source-retire"),
    path("layouts/", layouts.layouts, name="layouts"),
    path("layouts/<uuid:layout_id>/", layouts.layout, name="layout"),
    path("layouts/<uuid:layout_id>/remove/", layouts.remove, name="layout-remove"),
]
