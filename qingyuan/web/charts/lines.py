"""A line over months with last year's beside it, and its small sister without axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qingyuan.web.charts.scales import at, axis, points, short

WIDTH, HEIGHT = 560, 236
LEFT, RIGHT, TOP, BOTTOM = 40, 18, 16, 30
_CHARACTER = 12  # width of a Chinese character in the labels
SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 110, 34, 4
_NEAR = 16  # closer than this, two end labels would touch


@dataclass(frozen=True)
class Series:
    """One line. ``style``: now (solid), then (dashed grey), plan (dotted). ``hrefs`` open what is behind a point.

    None is a value that is not there or not shown: the line breaks instead of guessing.
    """

    name: str
    values: Sequence[float | None]
    style: str = "now"
    end_label: str = ""
    hrefs: Sequence[str] = ()


@dataclass(frozen=True)
class Tick:
    place: str
    text: str


@dataclass(frozen=True)
class Dot:
    x: str
    y: str
    title: str
    href: str


@dataclass(frozen=True)
class DrawnLine:
    name: str
    style: str
    runs: list[str]
    dots: list[Dot]
    label: str
    label_x: str
    label_y: str
    quiet: bool = False


@dataclass(frozen=True)
class LineChart:
    title: str
    unit: str
    lines: list[DrawnLine]
    bands: list[str]
    across: list[Tick]
    up: list[Tick]
    table: list[tuple[str, list[str]]]
    names: list[str]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: float = WIDTH - RIGHT
    floor: int = HEIGHT - BOTTOM

    @property
    def is_empty(self) -> bool:
        return not any(line.dots for line in self.lines)


def line_chart(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    title: str,
    unit: str = "",
    from_zero: bool = False,
    whole: bool = False,
    stepped: bool = False,
    band: tuple[Series, Series] | None = None,
) -> LineChart:
    """Geometry of ``series`` over ``labels`` (same length). ``whole`` for counts: no tick between two people.

    stepped  a value holds until the next one, as a survival curve does: drawn as steps, without dots on every label
    band     lower and upper limits: an area behind the lines, two more columns of the table
    Errors: ValueError when a series is longer than the labels.
    """
    told = [*series, *(band or ())]
    if any(len(one.values) > len(labels) for one in told):
        raise ValueError("序列比横轴标签长")
    known = [value for one in told for value in one.values if value is not None]
    scale = axis(known, from_zero=from_zero, whole=whole)
    right = WIDTH - RIGHT - max((_label_width(one.end_label) for one in series), default=0.0)
    step = (right - LEFT) / max(len(labels) - 1, 1)
    xs = [LEFT + step * place for place in range(len(labels))]
    drawn = [_draw(one, labels, xs, scale, unit, stepped=stepped) for one in series]
    return LineChart(
        title=title,
        unit=unit,
        lines=_apart(drawn),
        bands=_areas(band, xs, scale, stepped=stepped) if band else [],
        across=[Tick(at(x), label) for x, label in zip(xs, labels, strict=True)],
        up=[Tick(at(_height(value, scale)), short(value)) for value in scale],
        table=[(label, [_cell(one, place) for one in told]) for place, label in enumerate(labels)],
        names=[one.name for one in told],
        right=right,
    )


def _label_width(text: str) -> float:
    """Room the words at the end of a line take; Latin letters and digits are half as wide as Chinese characters."""
    return sum(_CHARACTER if ord(letter) > 0x2E80 else _CHARACTER * 0.6 for letter in text)


def _height(value: float, scale: Sequence[float]) -> float:
    share = (value - scale[0]) / (scale[-1] - scale[0])
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _cell(series: Series, place: int) -> str:
    value = series.values[place] if place < len(series.values) else None
    return "—" if value is None else short(value)


def _stairs(run: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Level until the next value stands, then straight up or down to it."""
    found: list[tuple[float, float]] = []
    for x, y in run:
        if found and found[-1][1] != y:
            found.append((x, found[-1][1]))
        found.append((x, y))
    return found


def _areas(band: tuple[Series, Series], xs: Sequence[float], scale: Sequence[float], *, stepped: bool) -> list[str]:
    """One polygon for each run of places where both limits are known."""
    runs: list[list[tuple[float, float, float]]] = [[]]
    for x, low, high in zip(xs, band[0].values, band[1].values, strict=False):
        if low is None or high is None:
            runs.append([])
        else:
            runs[-1].append((x, _height(low, scale), _height(high, scale)))
    shape = _stairs if stepped else list
    edges = [(shape([(x, low) for x, low, _ in run]), shape([(x, high) for x, _, high in run])) for run in runs if len(run) > 1]
    return [points([*upper, *reversed(lower)]) for lower, upper in edges]


def _draw(
    series: Series, labels: Sequence[str], xs: Sequence[float], scale: Sequence[float], unit: str, *, stepped: bool = False
) -> DrawnLine:
    runs: list[list[tuple[float, float]]] = [[]]
    dots: list[Dot] = []
    for place, value in enumerate(series.values):
        if value is None:
            runs.append([])
            continue
        x, y = xs[place], _height(value, scale)
        runs[-1].append((x, y))
        href = series.hrefs[place] if place < len(series.hrefs) else ""
        dots.append(Dot(at(x), at(y), f"{series.name} {labels[place]} {short(value)} {unit}".strip(), href))
    return DrawnLine(
        name=series.name,
        style=series.style,
        runs=[points(_stairs(run) if stepped else run) for run in runs if len(run) > 1],
        dots=dots,
        quiet=stepped,
        label=series.end_label,
        label_x=at(float(dots[-1].x) + 8) if dots else "0",
        label_y=at(float(dots[-1].y) + 4) if dots else "0",
    )


def _apart(lines: list[DrawnLine]) -> list[DrawnLine]:
    """End labels that would lie on each other are pushed apart, the upper one up and the lower one down."""
    labelled = sorted((line for line in lines if line.label), key=lambda line: float(line.label_y))
    places = [float(line.label_y) for line in labelled]
    for upper in range(len(places) - 1):
        lap = _NEAR - (places[upper + 1] - places[upper])
        if lap > 0:
            places[upper] -= lap / 2
            places[upper + 1] += lap / 2
    moved = {line.name: at(place) for line, place in zip(labelled, places, strict=True)}
    return [replace(line, label_y=moved.get(line.name, line.label_y)) for line in lines]


@dataclass(frozen=True)
class Sparkline:
    """``words`` says the course for those who do not see it."""

    run: str
    end_x: str
    end_y: str
    words: str
    width: int = SPARK_WIDTH
    height: int = SPARK_HEIGHT


def sparkline(values: Sequence[float | None], words: str) -> Sparkline | None:
    """The course of a figure without axes; None for fewer than two known values."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return None
    low, high = min(value for _, value in known), max(value for _, value in known)
    step = (SPARK_WIDTH - 2 * SPARK_EDGE) / (len(values) - 1)
    room = SPARK_HEIGHT - 2 * SPARK_EDGE
    pairs = [
        (
            SPARK_EDGE + step * place,
            SPARK_HEIGHT - SPARK_EDGE - room * ((value - low) / (high - low) if high > low else 0.5),
        )
        for place, value in known
    ]
    return Sparkline(points(pairs), at(pairs[-1][0]), at(pairs[-1][1]), words)
