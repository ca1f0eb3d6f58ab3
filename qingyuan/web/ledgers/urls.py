from __future__ import annotations

from django.urls import path

from qingyuan.web import plan_links
from qingyuan.web.ledgers import batches, columns, imports, layouts, recurring, rows, sealed, views

plan_links.offer_all()

urlpatterns = [
    path("ledgers/", views.index, name="ledgers"),
    path("ledgers/import/", imports.start_any, name="import-any"),
    path("ledgers/<slug:code>/", views.ledger_list, name="ledger-list"),
    path("ledgers/<slug:code>/export/", views.export, name="ledger-export"),
    path("ledgers/<slug:code>/template/", views.template, name="ledger-template"),
    path("ledgers/<slug:code>/new/", rows.new, name="ledger-new"),
    path("ledgers/<slug:code>/open/", sealed.open_row, name="ledger-open"),
    path("ledgers/<slug:code>/import/", imports.start, name="import-start"),
    path("ledgers/<slug:code>/<uuid:row_id>/", rows.detail, name="ledger-row"),
    path("ledgers/<slug:code>/<uuid:row_id>/change/", rows.change, name="ledger-change"),
    path("ledgers/<slug:code>/<uuid:row_id>/void/", rows.void, name="ledger-void"),
    path("ledgers/<slug:code>/<uuid:row_id>/reveal/<slug:name>/", rows.reveal, name="ledger-reveal"),
    path("imports/<uuid:batch_id>/", batches.batch, name="import-batch"),
    path("imports/<uuid:batch_id>/progress/", batches.progress, name="import-progress"),
    path("imports/<uuid:batch_id>/learn/", batches.learn, name="import-learn"),
    path("imports/<uuid:batch_id>/recheck/", batches.recheck, name="import-recheck"),
    path("imports/<uuid:batch_id>/promote/", batches.promote, name="import-promote"),
    path("imports/<uuid:batch_id>/discard/", batches.discard, name="import-discard"),
    path("imports/<uuid:batch_id>/bad-rows/", batches.bad_rows, name="import-bad-rows"),
    path("imports/<uuid:batch_id>/columns/", columns.columns, name="import-columns"),
    path("imports/<uuid:batch_id>/remember/", recurring.remember, name="import-remember"),
    path("imports/<uuid:batch_id>/read-by/", recurring.read_by, name="import-read-by"),
    path("imports/<uuid:batch_id>/gone/<uuid:row_id>/void/", recurring.void_gone, name="import-gone-void"),
    path("ledgers/<slug:code>/layouts/<slug:key>/", layouts.export, name="ledger-layout"),
]
