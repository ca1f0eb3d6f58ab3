"""Papers of the cast's city: a draft as a clerk writes it, and the steps that bring it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from qingyuan.casework.actions import paper_service, papers
from qingyuan.casework.models import Paper
from qingyuan.documents.fonts import font_files
from tests.cast import City

VALUES: dict[str, Any] = {
    "title": "关于做好岁末年初禁毒工作的通知",
    "addressee": "各乡镇人民政府、市禁毒委各成员单位",
    "body": "现将有关事项通知如下。\n一、压实责任\n各地主要负责同志要亲自研究。\n二、按时报送\n每月二十五日前报送情况。",
    "word": "云禁毒办",
}


@dataclass
class Papers:
    city: City

    def draft(self, who: str = "clerk", kind: str = "notice", **changes: Any) -> Paper:
        return papers.draft(kind=kind, values=VALUES | changes, by=self.city.actor(who))

    def signed(self, **changes: Any) -> Paper:
        paper = papers.submit(paper=self.draft(**changes), by=self.city.actor("clerk"))
        return papers.sign(paper=paper, by=self.city.actor("leader"))

    def issued(self, **changes: Any) -> Paper:
        return papers.issue(paper=self.signed(**changes), by=self.city.actor("clerk"))

    def served(self, *units: str, **changes: Any) -> Paper:
        paper = self.issued(**changes)
        ids = [self.city.units[unit].pk for unit in units]
        paper_service.serve(paper=paper, unit_ids=ids, by=self.city.actor("clerk"))
        return Paper.objects.get(pk=paper.pk)


@pytest.fixture
def desk(city: City, tmp_path: Any, settings: Any) -> Papers:
    if not font_files():
        pytest.skip("no fonts in qingyuan/documents/fonts: run python3 run.py setup")
    settings.QINGYUAN_UPLOADS = tmp_path / "uploads"
    return Papers(city)
