"""What people of the demo city ask about themselves: one request of each kind, each at another step."""

from __future__ import annotations

from typing import Any

import pytest

from qingyuan.casework.models import DataRequest, DataRequestSlip
from qingyuan.demo import asking
from qingyuan.rehabilitation.models import OwnRequest
from tests.cast import City, measure_values

pytestmark = pytest.mark.django_db


def test_one_of_each_kind_stands_at_another_step(city: City, monkeypatch: pytest.MonkeyPatch, tmp_path: Any, settings: Any) -> None:
    settings.QINGYUAN_UPLOADS = tmp_path
    city.enter("measures", "supervisor", *(measure_values(city, serial) for serial in range(6)))
    monkeypatch.setattr(asking, "keeper", lambda code: city.actor({"longdong": "supervisor", "office": "clerk"}[code]))
    made = {(one.kind, one.unit.code): one.state for one in asking.ask()}
    assert made == {
        ("copy", "longdong"): "answered",
        ("correct", "longdong"): "received",
        ("delete", "longdong"): "collected",
        ("explain", "longdong"): "decided",
        ("deceased", "longdong"): "identified",
        ("copy", "office"): "identified",
    }
    assert OwnRequest.objects.count() == 1
    passed_on = DataRequest.objects.filter(came_by="passed_on").values_list("unit__code", "compartment")
    assert set(passed_on) == {("longdong", "community"), ("clinic", "treatment")} and DataRequestSlip.objects.count() == 2
