from __future__ import annotations

from django.urls import path

from qingyuan.governance.queries.order_basis import INSTRUCTIONS, TASKS
from qingyuan.governance.rules.orders import LEDGER
from qingyuan.web import navigation, order_links, row_acts
from qingyuan.web.orders import engagement, views
from qingyuan.web.orders.presenters import badge

navigation.register_badge("orders", badge)
row_acts.offer(INSTRUCTIONS, order_links.acts_of_instruction)
row_acts.offer(TASKS, order_links.acts_of_task)
row_acts.offer(LEDGER, order_links.acts_of_order)

urlpatterns = [
    path("orders/", views.orders, name="orders"),
    path("orders/flow/", views.flow, name="orders-flow"),
    path("orders/new/", views.new, name="order-new"),
    path("orders/engagement/", engagement.overview, name="orders-engagement"),
    path("orders/engagement/<int:unit_id>/", engagement.unit, name="orders-engagement-unit"),
    path("orders/<uuid:order_id>/", views.one, name="order"),
    path("orders/<uuid:order_id>/edit/", views.edit, name="order-edit"),
    path("orders/<uuid:order_id>/files/<uuid:file_id>/", views.file, name="order-file"),
    path("orders/<uuid:order_id>/steps/<slug:step>/", views.take, name="order-step"),
]
