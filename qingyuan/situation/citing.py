"""The results paragraph as a paper of the office: a draft that knows every figure it cites, and whether they still hold."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from qingyuan.casework.actions import papers as writers
from qingyuan.casework.actions.papers import Cited, Source
from qingyuan.casework.enums import PaperKind, PaperState
from qingyuan.casework.models import Paper
from qingyuan.casework.papers.queries import usual_base
from qingyuan.casework.papers.rules import PaperRefused
from qingyuan.documents.wording import tight
from qingyuan.indicators import catalogue
from qingyuan.indicators.query import BadQuery, known_day
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division, Unit
from qingyuan.reference.periods import Period
from qingyuan.situation.queries import Results, TownFigure, closing, results, town_table
from qingyuan.situation.queries.figures import Figure, Sentence

SOURCE: Final = "situation"


@dataclass(frozen=True)
class Written:
    """The text of a circular, line by line, with its figures."""

    title: str
    lines: tuple[str, ...]
    figures: tuple[Cited, ...]


@dataclass(frozen=True)
class Changed:
    """A cited figure that says something else now. ``by_hand``: its line was rewritten by a person, who must mend it."""

    name: str
    place: str
    was: str
    now: str
    by_hand: bool


@dataclass(frozen=True)
class Standing:
    """How a draft's figures stand on a day; ``refreshable`` is False where the text itself would be another one."""

    changes: tuple[Changed, ...] = ()
    refreshable: bool = True

    @property
    def holds(self) -> bool:
        return not self.changes and self.refreshable


def written(*, division: Division, period: Period, reader: Actor, on: date) -> Written:
    """The circular as ``reader`` may write it on day ``on``; small numbers stand closed exactly as on the page.

    Where every month of the period is closed there, its figures are those of the closing, as on the page: what came in
    later is for the next report. The text says so.

    Raises BadQuery for a period an indicator does not have.
    """
    # An official document is Chinese, whatever language its maker reads pages in.
    with override(settings.LANGUAGE_CODE):
        known = closing.closed_at(division.pk, period)
        report = results(division=division, period=period, reader=reader, on=on, known=known)
        towns = town_table(division=division, period=period, reader=reader, on=on, known=known)
        text = _written(report, towns if any(towns.values()) else {}, known)
        return text if known is None else _as_known(text, known_day(known))


def draft(*, division: Division, period: Period, by: Actor, on: date) -> Paper:
    """A draft circular of the actor's unit from the results of a place and period. Raises PaperRefused, NotAllowed, BadQuery."""
    text = written(division=division, period=period, reader=by, on=on)
    unit = Unit.objects.select_related("division").get(pk=by.unit_id or 0)
    return writers.draft(
        kind=PaperKind.CIRCULAR,
        values={
            "title": text.title,
            "addressee": _("各乡镇(街道),市禁毒委各成员单位").replace(",", "，").replace("(", "（").replace(")", "）"),
            "body": "\n".join(text.lines),
            "word": usual_base(unit),
        },
        by=by,
        source=Source(SOURCE, f"{division.code}|{period}", text.lines, text.figures),
        on=on,
    )


def drafted(division: Division, month: Period, unit_id: int) -> bool:
    """Whether a unit has a circular of its own of a span that ends with ``month`` or goes beyond, void ones left out."""
    made = Paper.objects.filter(unit_id=unit_id, source=SOURCE, source_id__startswith=f"{division.code}|")
    for text in made.exclude(state=PaperState.VOID).values_list("source_id", flat=True):
        span = Period.parse(text.partition("|")[2])
        if span.start < month.end <= span.end:
            return True
    return False


def standing(paper: Paper, reader: Actor, on: date) -> Standing:
    """Which figures a draft cites that have changed since. Papers made from nothing, or issued, cite as they are."""
    fresh = _fresh(paper, reader, on)
    if fresh is None:
        return Standing()
    body = set((paper.body or "").splitlines())
    old_lines = _generated(paper)
    now = {one.key: one for one in fresh.figures}
    changes = []
    for old in _cited(paper):
        new = now.get(old.key)
        if new is not None and new.text == old.text:
            continue
        by_hand = old.line >= len(old_lines) or old_lines[old.line] not in body
        changes.append(Changed(_name(old, paper), _place(old.division_id), old.text, new.text if new else "—", by_hand))
    same_shape = len(fresh.lines) == len(old_lines)
    return Standing(tuple(changes), same_shape or _untouched(paper))


def refresh(*, paper: Paper, by: Actor, on: date) -> Standing:
    """Put today's figures into the draft; lines rewritten by hand are left to their writer, and stay named.

    A line mended by hand counts as refreshed once it says the new figure. Raises PaperRefused, NotAllowed.
    """
    fresh = _fresh(paper, by, on)
    if fresh is None:
        raise PaperRefused(_("这份公文没有引用可以更新的数字。"))
    if _untouched(paper):
        body, lines, figures = "\n".join(fresh.lines), fresh.lines, fresh.figures
    else:
        body, lines, figures = _merged(paper, fresh)
    writers.refresh_figures(
        paper=paper,
        body=body,
        source=Source(paper.source, paper.source_id, lines, figures),
        known_on=on,
        by=by,
    )
    paper.refresh_from_db()
    return standing(paper, by, on)


def issue(*, paper: Paper, by: Actor, on: date, keep_figures: bool = False) -> Paper:
    """Issue a paper whose figures hold; ``keep_figures`` issues it as it was signed, and writes that down.

    Raises PaperRefused, NotAllowed.
    """
    stale = standing(paper, by, on)
    if stale.holds:
        return writers.issue(paper=paper, by=by)
    known = min(one.known_on for one in paper.figures.all())
    if not keep_figures:
        words = _(
            "所引数字在 %(day)s 起草以后有变动(%(count)d 处)。请退回更新后再送签;确需照签发稿印发的,请勾选“仍按原数印发”。"
        )
        raise PaperRefused(words % {"day": known.isoformat(), "count": len(stale.changes)})
    note = _("所引数字有 %(count)d 处变动,仍按 %(day)s 的数字印发")
    return writers.issue(paper=paper, by=by, note=note % {"count": len(stale.changes), "day": known.isoformat()})


def _written(report: Results, towns: dict[str, list[TownFigure]], known: datetime | None) -> Written:
    place, period = report.division.name, tight(report.period.label_zh)
    said = report.sentences
    parts: list[tuple[str, tuple[Sentence, ...]]] = [
        (_("现将%(place)s %(period)s禁毒工作主要情况通报如下。") % {"place": place, "period": period}, ()),
        ("一、" + _("打击与查处"), ()),
        (place, said[0:2]),
        ("二、" + _("毒情与人员"), ()),
        ("", said[2:4]),
        ("三、" + _("戒治与帮教"), ()),
        ("", said[4:5]),
    ]
    lines: list[str] = []
    figures: list[Cited] = []
    for lead, sentences in parts:
        fragments = [fragment for sentence in sentences for fragment in sentence]
        figures += [_of(one, len(lines)) for one in fragments if isinstance(one, Figure)]
        lines.append(tight(lead + "".join(str(fragment) for fragment in fragments)))
    if towns:
        lines.append("四、" + _("分乡镇(街道)情况").replace("(", "（").replace(")", "）"))
        _add_table(lines, figures, towns, report.period)
    notes = list(report.notes)
    if known is not None:
        notes.append(_("各项数字以%(day)s关账时为准。") % {"day": known_day(known).isoformat()})
    if notes:
        lines.append(tight(_("说明:").replace(":", "：") + "".join(notes)))
    title = _("关于%(place)s %(period)s禁毒工作情况的通报") % {"place": place, "period": period}
    return Written(tight(title), tuple(_punctuated(line) for line in lines), tuple(figures))


def _as_known(text: Written, day: date) -> Written:
    """The same, each figure saying the day of the closing it is of."""
    return replace(text, figures=tuple(replace(one, known_on=day) for one in text.figures))


def _add_table(lines: list[str], figures: list[Cited], towns: dict[str, list[TownFigure]], period: Period) -> None:
    columns = [{figure.division.pk: figure for figure in column} for column in towns.values()]
    places = {figure.division.pk: figure.division for column in towns.values() for figure in column}
    lines.append("\t".join((_("乡镇(街道)"), *towns)))
    for place in sorted(places.values(), key=lambda division: division.code):
        cells = [column.get(place.pk) for column in columns]
        figures += [
            Cited(cell.code, place.pk, period, cell.text, line=len(lines))
            for cell in cells
            if cell is not None and cell.code
        ]
        lines.append("\t".join((place.name, *(cell.text if cell is not None else "—" for cell in cells))))
    note = _("“<5”为不足 5 人;“—”为没有数据,或为防倒推不显示。")
    lines.append(tight("注：" + note))


def _of(figure: Figure, line: int) -> Cited:
    return Cited(
        indicator=figure.indicator,
        division_id=figure.division_id,
        period=figure.period,
        text=_punctuated(tight(str(figure))),
        line=line,
        part=figure.part,
        breakdown=figure.breakdown,
        slice=figure.slice,
    )


_MARKS: Final = str.maketrans({";": "；", ",": "，", ":": "：", "(": "（", ")": "）"})
_GAP_BEFORE_SIGN: Final = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[+−])")
_BETWEEN_DIGITS: Final = re.compile(r"(?<=\d)[,:](?=\d)")


def _punctuated(line: str) -> str:
    """Full-width marks, as a Chinese paper has them, and no gap before a sign; the comma inside 3,573 stays."""
    if "\t" in line:
        return line
    line = _GAP_BEFORE_SIGN.sub("", line)
    kept = [match.start() for match in _BETWEEN_DIGITS.finditer(line)]
    return "".join(char if place in kept else char.translate(_MARKS) for place, char in enumerate(line))


def _fresh(paper: Paper, reader: Actor, on: date) -> Written | None:
    """The same circular as it would be written now; None where there is nothing to compare."""
    if paper.source != SOURCE or paper.number or "|" not in paper.source_id:
        return None
    code, _bar, period = paper.source_id.partition("|")
    division = Division.objects.on(on).filter(code=code).first()
    if division is None:
        return None
    try:
        return written(division=division, period=Period.parse(period), reader=reader, on=on)
    except BadQuery:
        return None


def _cited(paper: Paper) -> list[Cited]:
    return [
        Cited(
            indicator=one.indicator,
            division_id=one.division_id,
            period=Period.parse(one.period),
            text=one.text,
            line=one.line,
            part=one.part,
            breakdown=one.breakdown,
            slice=one.slice,
            known_on=one.known_on,
        )
        for one in paper.figures.order_by("position")
    ]


def _generated(paper: Paper) -> list[str]:
    return [str(line) for line in json.loads(paper.generated or "[]")]


def _untouched(paper: Paper) -> bool:
    return (paper.body or "") == "\n".join(_generated(paper))


def _merged(paper: Paper, fresh: Written) -> tuple[str, tuple[str, ...], tuple[Cited, ...]]:
    """Body, generated lines and figures when a person has written in the draft: only untouched lines are renewed."""
    old = _generated(paper)
    if len(old) != len(fresh.lines):
        raise PaperRefused(
            _("数字变动后段落结构也变了,而正文改过,不能自动更新。请从“形势”页另起草一份,再把改过的话抄过去。")
        )
    body = (paper.body or "").splitlines()
    lines, renewed = list(old), set()
    for place, (before, now) in enumerate(zip(old, fresh.lines, strict=True)):
        if before in body:
            body[body.index(before)] = now
            lines[place] = now
            renewed.add(place)
    text = "\n".join(body)
    kept = {one.key: one for one in _cited(paper)}
    figures = []
    for new in fresh.figures:
        before_ = kept.get(new.key)
        mended = new.line in renewed or _says(text, new.text)
        figures.append(new if mended or before_ is None else replace(before_, line=new.line))
    return text, tuple(lines), tuple(figures)


def _says(text: str, figure: str) -> bool:
    """Whether a text holds the figure as a whole number, not as the tail of a longer one."""
    return re.search(rf"(?<![\d.,]){re.escape(figure)}(?![\d])", text) is not None


def _name(one: Cited, paper: Paper) -> str:
    indicator = catalogue.get(one.indicator, one.period.last_day)
    title = str(indicator.title)
    if one.part != "value":
        return f"{title} · {indicator.term(one.part).title}"
    return f"{title} · {one.slice}" if one.slice else title


def _place(division_id: int) -> str:
    return Division.objects.get(pk=division_id).name
