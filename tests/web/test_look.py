"""What holds for every template and style sheet: strict content policy, old Chromium, readable contrast, named gaps."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.foundation.counting import Much
from qingyuan.foundation.time_left import time_left_words
from qingyuan.web import charts, shapes
from qingyuan.web.charts.funnel import limits
from qingyuan.web.charts.scales import axis, short
from qingyuan.web.templatetags.look import signed

WEB: Path = settings.PACKAGE / "web"
TEMPLATES = sorted(settings.PACKAGE.glob("*/templates/**/*.html"))
SHEETS = sorted((WEB / "static" / "web" / "css").glob("*.css"))
SCRIPTS = sorted((WEB / "static" / "web" / "js").glob("*.js"))
PYTHON = sorted(settings.PACKAGE.rglob("*.py"))
TODAY = date(2022, 11, 23)

INLINE = {
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "style element": re.compile(r"<style\b", re.I),
    "inline script": re.compile(r"<script(?![^>]*\ssrc=)[^>]*>", re.I),
    "event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "javascript address": re.compile(r"javascript:", re.I),
    "evaluated htmx": re.compile(r"hx-on|hx-vals\s*=\s*[\"']js:|hx-headers\s*=\s*[\"']js:", re.I),
    "foreign host": re.compile(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.I),
}
# Not in Chromium 86, which stands in many offices (first version that has it in brackets).
TOO_NEW = {
    "color-mix [111]": r"color-mix\(",
    ":has [105]": r":has\(",
    ":is, :where [88]": r":(?:is|where)\(",
    "container queries [105]": r"@container|container-type",
    "layers [99]": r"@layer",
    "nesting [112]": r"(?m)^\s*&",
    "inset [87]": r"(?<![-\w])inset\s*:",
    "logical shorthands [87]": r"(?:margin|padding)-(?:inline|block)\s*:",
    "aspect-ratio [88]": r"aspect-ratio\s*:",
    "accent-color [93]": r"accent-color\s*:",
    "dynamic viewport units [108]": r"\d[dls]v[hw]\b",
    "text-wrap [114]": r"text-wrap\s*:",
    "media ranges [104]": r"@media[^{]*[<>]",
    "subgrid [117]": r"\bsubgrid\b",
}
TOO_NEW_SCRIPT = (
    r"\.at\(|structuredClone|\.replaceAll\(|\?\?=|\|\|=|Object\.hasOwn|\beval\(|new Function|innerHTML|\.style\b"
)


def _ids(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(settings.PACKAGE)) for path in paths]


def _without_comments(text: str) -> str:
    return re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", text, flags=re.S)


@pytest.mark.parametrize("path", TEMPLATES, ids=_ids(TEMPLATES))
def test_no_page_carries_its_own_style_or_script(path: Path) -> None:
    text = _without_comments(path.read_text("utf-8"))
    assert [name for name, pattern in INLINE.items() if pattern.search(text)] == []


@pytest.mark.parametrize("path", SHEETS, ids=_ids(SHEETS))
def test_style_sheets_keep_to_what_an_old_chromium_knows(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S)
    assert [name for name, pattern in TOO_NEW.items() if re.search(pattern, text)] == []


def test_no_rule_stands_inside_another_rule() -> None:
    for path in SHEETS:
        depth, at_rules = 0, []
        text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S)
        for head, brace in re.findall(r"([^{}]*)([{}])", text):
            if brace == "}":
                depth -= 1
                at_rules.pop()
                continue
            assert depth == 0 or at_rules[-1], f"{path.name}: {head.strip()}"
            depth += 1
            at_rules.append(head.strip().startswith("@"))


@pytest.mark.parametrize("path", SCRIPTS, ids=_ids(SCRIPTS))
def test_scripts_neither_evaluate_nor_style_nor_need_a_new_browser(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S)
    assert re.findall(TOO_NEW_SCRIPT, text) == []


# --- words ------------------------------------------------------------------------------------------------------------
TRANSLATED = re.compile(
    r"""\b(?:_|gettext|gettext_lazy|ngettext|pgettext)\(\s*(f?)("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
)


@pytest.mark.parametrize("path", [p for p in PYTHON if TRANSLATED.search(p.read_text("utf-8"))], ids=lambda p: p.stem)
def test_translated_words_have_named_gaps_only(path: Path) -> None:
    for f_string, literal in TRANSLATED.findall(path.read_text("utf-8")):
        assert not f_string, literal
        without_named = re.sub(r"%\(\w+\)[sd]", "", literal.replace("%%", ""))
        assert re.search(r"%[a-zA-Z]", without_named) is None, literal


# The gallery is for developers; the pages of a broken server and of what is refused before anybody is known hold both
# languages and look nothing up; an official paper is Chinese whatever language its reader reads pages in.
UNTRANSLATED = {"400.html", "413.html", "500.html", "_document.html"}
TRANSLATED_TEMPLATES = [path for path in TEMPLATES if "gallery" not in path.parts and path.name not in UNTRANSLATED]


@pytest.mark.parametrize("path", TRANSLATED_TEMPLATES, ids=_ids(TRANSLATED_TEMPLATES))
def test_chinese_words_in_templates_are_marked_for_translation(path: Path) -> None:
    text = _without_comments(path.read_text("utf-8"))
    text = re.sub(r"\{%\s*blocktranslate.*?%\}.*?\{%\s*endblocktranslate\s*%\}", "", text, flags=re.S)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.S).replace("中文</button>", "")
    assert re.findall(r"[一-鿿]+", text) == []


# --- colour -----------------------------------------------------------------------------------------------------------
def _tokens() -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", (WEB / "static/web/css/tokens.css").read_text("utf-8")))


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("ink", "ground"),
    [(ink, ground) for ink in ("ink", "ink-2", "ink-3", "accent", "late", "good") for ground in ("paper", "ground")]
    + [(tone, f"{tone}-soft") for tone in ("late", "soon", "good", "calm", "accent")]
    + [("accent-ink", "accent-soft"), ("paper", "accent"), ("paper", "late")]
    + [("road-ink", "road"), ("road-ink-2", "road"), ("road-ink-3", "road"), ("road-ink-3", "road-on")],
)
def test_every_word_can_be_read_against_its_ground(ink: str, ground: str) -> None:
    tokens = _tokens()
    assert contrast(tokens[ink], tokens[ground]) >= 4.5


def test_edges_of_fields_can_be_seen() -> None:
    assert contrast(_tokens()["line-3"], _tokens()["paper"]) >= 3


# --- small words ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("days", "tone", "words"),
    [
        (-3, "late", "逾期 3 天"),
        (-1, "late", "逾期 1 天"),
        (0, "soon", "今天"),
        (1, "soon", "明天到期"),
        (6, "calm", "还有 6 天"),
    ],
)
def test_time_is_told_in_words(days: int, tone: str, words: str) -> None:
    told = time_left_words(TODAY + timedelta(days=days), TODAY)
    assert (told.tone, told.words) == (tone, words)


def test_the_date_stands_behind_the_words_on_hover_and_on_paper() -> None:
    html = Template("{% load look %}{% time_left due today %}").render(
        Context({"due": date(2022, 11, 20), "today": TODAY})
    )
    assert 'title="2022-11-20"' in html
    assert '<span class="on-paper"> (2022-11-20)</span>' in html


@pytest.mark.parametrize(
    ("value", "told"),
    [(4.1, "+4.1%"), (-8.1, "−8.1%"), (0, "0%"), (None, "—"), (Decimal("10"), "+10%"), (Decimal("3.20"), "+3.2%")],
)
def test_a_change_is_told_with_a_true_sign(value: float | None, told: str) -> None:
    assert signed(value, "%") == told


def test_a_link_that_changes_one_choice_keeps_the_others_and_starts_at_the_first_page() -> None:
    request = RequestFactory().get("/ledgers/tests/?drug=heroin&page=7&division=1")
    html = Template("{% load look %}{% query_with division=code period=None %}").render(
        Context({"request": request, "code": "999981107000"})
    )
    assert html == "?drug=heroin&amp;division=999981107000"


def test_a_card_takes_what_stands_between_its_tags() -> None:
    html = Template('{% load look %}{% card title="等我办" body=True %}<b>{{ word }}</b>{% endcard %}').render(
        Context({"word": "<甲>"})
    )
    assert "<b>&lt;甲&gt;</b>" in html
    assert "等我办" in html


# --- shapes and pictures ----------------------------------------------------------------------------------------------
@given(st.integers(-3, 400), st.integers(1, 100), st.integers(0, 5000))
def test_pages_cover_a_list_without_overlap(number: int, per_page: int, total: int) -> None:
    page = shapes.pages(number, per_page, total, "?page=")
    assert 1 <= page.number <= page.last
    assert page.until <= total
    assert (page.next_href == "") == (page.number == page.last)
    if page.number > 1:
        assert page.first == shapes.pages(page.number - 1, per_page, total, "?page=").until + 1


@given(st.integers(1, 400), st.integers(1, 100), st.booleans())
def test_a_list_that_goes_on_has_a_next_page_and_says_no_last_one(number: int, per_page: int, exact: bool) -> None:
    page = shapes.pages(number, per_page, number * per_page, "?page=", more=True, exact_href="?count=exact" if exact else "")
    assert page.next_href == f"?page={number + 1}" and page.until == page.total
    html = Template('{% include "components/pager.html" %}').render(Context({"pages": page}))
    assert f"共 {page.total} 条以上" in html and f"{number} / " not in html
    assert ("?count=exact" in html) is exact


def test_a_count_in_a_tab_that_stopped_says_so() -> None:
    assert shapes.much(Much(0)) == "0" and shapes.much(Much(10_000)) == "10000" and shapes.much(Much(10_000, more=True)) == "10000 以上"


@given(st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=30), st.booleans())
def test_an_axis_spans_its_values_in_rising_round_steps(values: list[float], whole: bool) -> None:
    ticks = axis(values, whole=whole)
    assert len(ticks) >= 2
    slack = 1e-6 + (max(values) - min(values)) * 1e-6
    assert ticks[0] <= min(values) + slack and ticks[-1] >= max(values) - slack
    assert all(low < high for low, high in pairwise(ticks))
    if whole and all(value == int(value) for value in values):
        assert all(tick == int(tick) for tick in ticks)


def test_numbers_on_an_axis_have_no_idle_digits() -> None:
    assert [short(value) for value in (12.0, 12.5, 0.25, -3.0)] == ["12", "12.5", "0.25", "−3"]


@given(st.floats(0, 1), st.integers(1, 5000))
def test_the_funnel_lines_hold_the_centre_and_stay_between_none_and_all(centre: float, due: int) -> None:
    low, high = limits(centre, due)
    assert 0 <= low <= centre + 1e-9 and centre - 1e-9 <= high <= 1


@given(st.floats(0.05, 0.95), st.integers(2, 1000))
def test_the_funnel_narrows_as_more_is_due(centre: float, due: int) -> None:
    wide, narrow = limits(centre, due), limits(centre, due * 2)
    assert narrow[1] - narrow[0] < wide[1] - wide[0]


def test_a_small_place_far_from_the_rest_may_be_chance_and_a_large_one_is_not() -> None:
    drawn = charts.funnel(
        [charts.Sample("小", 2, 3), charts.Sample("大", 130, 200), charts.Sample("其余", 950, 1000)], title=""
    )
    assert drawn is not None
    assert {dot.name: dot.outside for dot in drawn.dots} == {"小": False, "大": True, "其余": True}


def test_a_value_that_is_not_shown_breaks_the_line_instead_of_being_guessed() -> None:
    drawn = charts.line_chart(
        ["1月", "2月", "3月", "4月", "5月"], [charts.Series("今年", [1, 2, None, 4, 5])], title=""
    )
    assert len(drawn.lines[0].runs) == 2
    assert drawn.table[2] == ("3月", ["—"])


def test_words_at_line_ends_never_lie_on_each_other() -> None:
    drawn = charts.line_chart(
        ["1月", "2月"],
        [charts.Series("今年", [1, 10], "now", "今年 11"), charts.Series("去年", [1, 10], "then", "去年 11")],
        title="",
    )
    first, second = (float(line.label_y) for line in drawn.lines)
    assert abs(first - second) >= 12


def test_a_closed_tile_has_no_shade_that_tells_its_value() -> None:
    drawn = charts.tile_map(
        [charts.Tile("甲", 3, 2, None, "<5"), charts.Tile("乙", 4, 2, 10, "10"), charts.Tile("丙", 5, 3, 50, "50")],
        title="",
    )
    assert [tile.shade for tile in drawn.tiles] == ["shut", "t0", "t5"]
    assert (drawn.tiles[0].x, drawn.tiles[0].y) == (0, 0)


def test_a_flat_or_single_figure_draws_no_false_course() -> None:
    assert charts.sparkline([None, 3, None], "") is None
    flat = charts.sparkline([22, 22, 22], "不变")
    assert flat is not None
    assert len({pair.split(",")[1] for pair in flat.run.split()}) == 1


def test_what_lies_outside_a_timeline_is_cut_at_its_rim() -> None:
    drawn = charts.timeline(
        [
            charts.Lane(
                "社区戒毒",
                [charts.Span(date(2010, 1, 1), date(2030, 1, 1), "长")],
                [charts.Mark(date(2009, 1, 1), "done")],
            )
        ],
        start=date(2021, 1, 1),
        end=date(2022, 1, 1),
        today=TODAY,
        title="",
    )
    span = drawn.lanes[0].spans[0]
    assert float(span.x) + float(span.width) <= drawn.width
    assert drawn.lanes[0].marks == []
    assert drawn.today_x == ""
