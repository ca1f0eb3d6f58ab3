"""The picture of a line: its lowest number and its first month do not stand on each other."""

from __future__ import annotations

from bs4 import BeautifulSoup
from django.template.loader import render_to_string

from qingyuan.web.charts import Series, line_chart


def test_the_lowest_number_stands_above_the_line_and_the_first_month_begins_right_of_it() -> None:
    chart = line_chart(["1月", "2月", "3月"], [Series("得分", [0, 50, 100])], title="得分", unit="分")
    soup = BeautifulSoup(render_to_string("components/line_chart.html", {"chart": chart}), "html.parser")
    texts = {str(one.get_text()): one for one in soup.find_all("text")}
    nought, january, february = texts["0"], texts["1月"], texts["2月"]
    assert nought["text-anchor"] == "end" and float(str(nought["x"])) + float(str(nought["dx"])) < float(str(january["x"]))
    assert january["text-anchor"] == "start" and february["text-anchor"] == "middle"
    assert float(str(january["y"])) + float(str(january["dy"])) - float(str(nought["y"])) - float(str(nought["dy"])) >= 20


def test_steps_hold_their_value_until_the_next_and_a_band_lies_between_its_limits() -> None:
    low, high = Series("下限", [90, 80, None]), Series("上限", [100, 95, None])
    chart = line_chart(["0", "1", "2"], [Series("仍在", [95, 90, 85])], title="仍在", unit="%", stepped=True, band=(low, high))
    corners = [tuple(map(float, pair.split(","))) for pair in chart.lines[0].runs[0].split()]
    assert all(left[0] == right[0] or left[1] == right[1] for left, right in zip(corners, corners[1:], strict=False)), "no slopes"
    [area] = chart.bands
    between = {float(pair.split(",")[0]) for pair in area.split()}
    assert max(between) < corners[-1][0], "where a limit is not known there is no band"
    assert chart.names == ["仍在", "下限", "上限"] and chart.table[2] == ("2", ["85", "—", "—"])
    soup = BeautifulSoup(render_to_string("components/line_chart.html", {"chart": chart}), "html.parser")
    assert len(soup.select("polygon.band")) == 1 and soup.select("g.quiet circle title")
