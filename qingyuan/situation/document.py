"""The results paragraph as an official circular."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from qingyuan.documents.model import Align, Block, DocumentKind, Heading, OfficialDocument, Paragraph, Table
from qingyuan.documents.wording import tight
from qingyuan.situation.queries import Results, TownFigure


def circular(
    *, report: Results, towns: dict[str, list[TownFigure]], issuer: str, on: date, doc_number: str = ""
) -> OfficialDocument:
    """A 通报 of ``report`` with a table of towns; ``towns``: column title → figures of every town.

    Small numbers stand closed in it exactly as on the reader's page.
    """
    place, period = report.division.name, tight(report.period.label_zh)
    sentences = [tight("".join(str(fragment) for fragment in sentence)) for sentence in report.sentences]
    body: list[Block] = [
        Paragraph.of(_("现将%(place)s %(period)s禁毒工作主要情况通报如下。") % {"place": place, "period": period}),
        Heading(1, _("打击与查处")),
        Paragraph.of(f"{place}{sentences[0]}{sentences[1]}"),
        Heading(1, _("毒情与人员")),
        Paragraph.of("".join(sentences[2:4])),
        Heading(1, _("戒治与帮教")),
        Paragraph.of(sentences[4]),
    ]
    if towns:
        body += [Heading(1, _("分乡镇(街道)情况")), _town_table(towns)]
    if report.notes:
        body.append(Paragraph.of(_("说明:") + "".join(report.notes)))
    return OfficialDocument(
        kind=DocumentKind.CIRCULAR,
        title=_("关于%(place)s %(period)s禁毒工作情况的通报") % {"place": place, "period": period},
        body=tuple(body),
        red_head=issuer + _("文件"),
        doc_number=doc_number,
        signer=issuer,
        date=on,
        notice=_("演示城市 · 虚构数据") if settings.QINGYUAN_DEMO else "",
        printed_by=issuer,
        printed_on=on,
    )


def _town_table(towns: dict[str, list[TownFigure]]) -> Table:
    titles = list(towns)
    columns = [{figure.division.pk: figure.text for figure in figures} for figures in towns.values()]
    places = {figure.division.pk: figure.division for figures in towns.values() for figure in figures}
    ordered = sorted(places.values(), key=lambda division: division.code)
    return Table(
        headers=(_("乡镇(街道)"), *titles),
        rows=tuple((place.name, *(column.get(place.pk, "—") for column in columns)) for place in ordered),
        widths=(1.6, *(1.0 for _title in titles)),
        align=(Align.LEFT, *(Align.RIGHT for _title in titles)),
        note=_("“<5”为不足 5 人;“—”为没有数据,或为防倒推不显示。"),
    )
