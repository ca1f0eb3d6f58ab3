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
