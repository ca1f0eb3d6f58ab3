"""Templates of a unit: who may replace them, versions, and which one an issued paper is set in."""

from __future__ import annotations

import io

import docx
import pytest
from django.db import IntegrityError, connection, transaction

from qingyuan.casework.actions import paper_templates, papers
from qingyuan.casework.actions.paper_templates import TemplateRefused
from qingyuan.casework.models import Paper, PaperSeries, PaperTemplate
from qingyuan.casework.papers import queries as reads
from qingyuan.casework.papers import templates
from qingyuan.casework.papers.permissions import NotAllowed
from qingyuan.casework.papers.rules import PaperRefused
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.foundation.guarded import WrittenOnce
from qingyuan.foundation.kept_files import FileDamaged
from tests.casework.conftest import Papers
from tests.cast import TODAY
from tests.documents.test_office_template import WHOLE, own

pytestmark = pytest.mark.django_db


def uploaded(desk: Papers, *lines: str, who: str = "clerk", kind: str = "notice") -> PaperTemplate:
    data = own(*(lines or WHOLE))
    return paper_templates.upload(kind=kind, data=data, file_name="红头.docx", by=desk.city.actor(who))


def word_of(paper: Paper) -> str:
    word = docx.Document(io.BytesIO(reads.docx_of(paper, TODAY)))
    return "\n".join(one.text for one in word.paragraphs)


def test_a_paper_is_set_in_the_template_in_use_and_keeps_it_for_ever(desk: Papers) -> None:
    first = uploaded(desk, "第一版红头", *WHOLE[1:])
    paper = desk.issued()
    uploaded(desk, "第二版红头", *WHOLE[1:])
    assert paper.issue.template_id == first.pk
    assert "第一版红头" in word_of(paper) and "第二版红头" in word_of(desk.issued())
    paper_templates.use_built_in(template=PaperTemplate.objects.live().get(), by=desk.city.actor("clerk"))
    assert "第一版红头" in word_of(Paper.objects.get(pk=paper.pk))
    assert "版红头" not in word_of(desk.issued())
    assert reads.verify(Paper.objects.get(pk=paper.pk)).intact


def test_versions_count_on_and_an_earlier_one_can_be_taken_up_again(desk: Papers) -> None:
    first, second = uploaded(desk), uploaded(desk, "再版", *WHOLE[1:])
    assert (first.version, second.version) == (1, 2)
    paper_templates.use(template=first, by=desk.city.actor("clerk"))
    live = templates.live_template(desk.city.units["office"].pk, "notice")
    assert live is not None and live.pk == first.pk
    acts = list(WriteEntry.objects.filter(ledger="paper-templates").order_by("at").values_list("act", flat=True))
    assert acts == ["paper-templates.create", "paper-templates.create", "paper-templates.change"]


def test_a_template_belongs_to_one_kind_of_one_unit(desk: Papers) -> None:
    uploaded(desk, "教育局红头", *WHOLE[1:], who="liaison")
    assert "教育局红头" not in word_of(desk.issued())
    assert "教育局红头" not in word_of(desk.draft("liaison", kind="letter", word="云教函"))
    assert "教育局红头" in word_of(desk.draft("liaison", word="云教"))


@pytest.mark.parametrize("who", ["leader", "town_leader", "caseworker", "officer", "doctor", "auditor"])
def test_who_keeps_no_papers_replaces_no_template(desk: Papers, who: str) -> None:
    with pytest.raises(NotAllowed):
        uploaded(desk, who=who)


def test_another_units_template_is_neither_seen_nor_touched(desk: Papers) -> None:
    own_ = uploaded(desk)
    town = desk.city.actor("supervisor")
    assert not templates.templates_visible(town, TODAY).exists()
    for attempt in (paper_templates.use, paper_templates.use_built_in):
        with pytest.raises(NotAllowed):
            attempt(template=own_, by=town)
    assert PaperTemplate.objects.live().get().pk == own_.pk


def test_a_bad_file_changes_nothing(desk: Papers) -> None:
    before = uploaded(desk)
    with pytest.raises(TemplateRefused, match="缺少占位符«标题»"):
        uploaded(desk, "«正文»")
    with pytest.raises(PaperRefused, match="文种"):
        uploaded(desk, kind="pledge")
    assert PaperTemplate.objects.live().get().pk == before.pk


def test_a_paper_that_would_lose_something_is_not_issued_and_takes_no_number(desk: Papers) -> None:
    uploaded(desk)
    paper = desk.signed(remark="联系人：周文")
    with pytest.raises(PaperRefused, match="«附注»"):
        papers.issue(paper=paper, by=desk.city.actor("clerk"))
    assert not PaperSeries.objects.exists()


def test_a_template_file_damaged_on_disk_stops_the_paper_with_what_to_do(desk: Papers, settings: object) -> None:
    template = uploaded(desk)
    with connection.cursor() as cursor:
        cursor.execute("update casework_papertemplate set digest = %s", ["0" * 64])
    with pytest.raises(PaperRefused, match="系统版式"):
        papers.issue(paper=desk.signed(), by=desk.city.actor("clerk"))
    with pytest.raises(FileDamaged):
        templates.sample_of(PaperTemplate.objects.get(pk=template.pk))


def test_what_was_uploaded_is_written_once_and_one_is_live(desk: Papers) -> None:
    first, _second = uploaded(desk), uploaded(desk)
    with pytest.raises(WrittenOnce):
        PaperTemplate.objects.update(path="elsewhere")
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperTemplate.objects.filter(pk=first.pk).update(live=True)


def test_the_sample_of_a_template_opens_in_word_and_says_that_it_is_one(desk: Papers) -> None:
    word = docx.Document(io.BytesIO(templates.sample_of(uploaded(desk))))
    assert "这是用来查看模板版式的示例文字" in "\n".join(one.text for one in word.paragraphs)
