from __future__ import annotations

from django.urls import path

from qingyuan.web.inspections import rounds, visits

urlpatterns = [
    path("inspections/", rounds.listing, name="inspections"),
    path("inspections/new/", rounds.new, name="inspection-new"),
    path("inspections/<uuid:inspection_id>/", rounds.one, name="inspection"),
    path("inspections/<uuid:inspection_id>/draw/<slug:move>/", rounds.move, name="inspection-draw"),
    path("inspections/<uuid:inspection_id>/sheet/", rounds.sheet, name="inspection-sheet"),
    path("inspections/<uuid:inspection_id>/notice.<str:suffix>", rounds.notice, name="inspection-notice"),
    path("inspections/visits/<uuid:visit_id>/", visits.one, name="inspection-visit"),
    path("inspections/visits/<uuid:visit_id>/acts/<slug:act>/", visits.act, name="inspection-act"),
    path("inspections/visits/<uuid:visit_id>/list/<int:number>/", visits.checklist, name="inspection-list"),
    path("inspections/visits/<uuid:visit_id>/list/<int:number>/<slug:item>/", visits.mark, name="inspection-mark"),
    path("inspections/visits/<uuid:visit_id>/photos/<uuid:photo_id>/", visits.photo, name="inspection-photo"),
    path("inspections/visits/<uuid:visit_id>/record.<str:suffix>", visits.record, name="inspection-record"),
]
