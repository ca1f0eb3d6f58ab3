"""A procedure as a picture, drawn from its table: states stand side by side, each step is an arrow of its own line.

Own small layout, so that the same table always gives the same picture: a column a state, a row a step, in the order of the
table. A dot stands in every state in which the step may be taken, the arrow head in the state it leads to. Nothing crosses
a word, whatever the table says. Pure: the table in, coordinates and text out (pixels; x to the right, y down).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from qingyuan.casework.procedures.declaration import Procedure, Step

MARGIN: Final = 12
NAMES: Final = 176
"""Width of the words in front of each arrow."""
COLUMN: Final = 84
HEAD: Final = 34
ROW: Final = 36
BOX: Final = 74
GAP: Final = 14
LETTER: Final = 13
SMALL: Final = 11
#: Colours of the house, for a picture that stands by itself; a page colours by class.
INK, QUIET, LINE, OURS, TINT, PAPER = "#1d2b2c", "#66757a", "#d5dcda", "#0f6f68", "#e3f1ee", "#ffffff"


@dataclass(frozen=True)
class StateBox:
    """``x``, ``y``: the left upper corner; ``middle``: where its line runs down to ``floor``. ``mark``: now, passed or ""."""

    code: str
    label: str
    x: int
    y: int
    width: int
    height: int
    middle: int
    text_y: int
    end: bool
    mark: str


@dataclass(frozen=True)
class Arrow:
    """One step: its words at ``text_x``, dots at ``dots``, the line from ``x1`` to ``x2`` (equal: the state stays) at ``y``."""

    code: str
    label: str
    who: str
    y: int
    text_y: int
    who_y: int
    dots: tuple[int, ...]
    x1: int
    x2: int
    heads: tuple[str, ...]
    """The points of the arrow heads: one from each side the step comes from; none where the state stays."""
    loop: str
    """The path of the loop where the state stays; "" otherwise."""
    taken: bool


@dataclass(frozen=True)
class Picture:
    title: str
    width: int
    height: int
    text_x: int
    top: int
    floor: int
    states: tuple[StateBox, ...]
    arrows: tuple[Arrow, ...]


def _as_it_is(text: str) -> str:
    return text


def draw(
    procedure: Procedure, *, now: str = "", taken: Collection[str] = (), words: Callable[[str], str] = _as_it_is
) -> Picture:
    """The picture of a procedure. ``now``: the state a case is in; ``taken``: the steps it took; ``words`` translates."""
    places = {state.code: NAMES + MARGIN + COLUMN * number + COLUMN // 2 for number, state in enumerate(procedure.states)}
    top = MARGIN + HEAD
    floor = top + GAP + ROW * len(procedure.steps)
    passed = {code for step in procedure.steps if step.code in taken for code in (step.to,) if code}
    states = tuple(
        StateBox(
            code=state.code,
            label=words(state.label),
            x=places[state.code] - BOX // 2,
            y=MARGIN,
            width=BOX,
            height=HEAD,
            middle=places[state.code],
            text_y=MARGIN + HEAD // 2 + 5,
            end=state.end,
            mark="now" if state.code == now else "passed" if state.code in passed else "",
        )
        for state in procedure.states
    )
    arrows = tuple(
        _arrow(procedure, step, places, top + GAP + ROW * number + ROW // 2, step.code in taken, words)
        for number, step in enumerate(procedure.steps)
    )
    width = NAMES + 2 * MARGIN + COLUMN * len(procedure.states)
    return Picture(words(procedure.title), width, floor + MARGIN, MARGIN, top, floor, states, arrows)


def _arrow(
    procedure: Procedure, step: Step, places: dict[str, int], y: int, taken: bool, words: Callable[[str], str]
) -> Arrow:
    dots = tuple(sorted(places[code] for code in step.froms))
    who = "、".join(dict.fromkeys(words(procedure.party(who.side).label) for who in step.who))
    target = places[step.to] if step.to else 0
    start, end = _ends(dots, target) if target else (dots[0], dots[-1])
    from_left, from_right = not dots or dots[0] < target, bool(dots) and dots[-1] > target
    heads = [_head(target, y, side) for side, yes in ((1, from_left), (-1, from_right)) if yes] if target else []
    return Arrow(
        code=step.code,
        label=words(step.label),
        who=who,
        y=y,
        text_y=y - 2,
        who_y=y + 12,
        dots=dots,
        x1=start,
        x2=end,
        heads=tuple(heads),
        loop="" if target else _loop(dots[-1], y),
        taken=taken,
    )


def _head(x: int, y: int, side: int) -> str:
    """``side`` 1: it comes from the left, -1: from the right; the dot of a state in the way is not covered."""
    return f"{x},{y} {x - 8 * side},{y - 5} {x - 8 * side},{y + 5}"


def _ends(dots: tuple[int, ...], target: int) -> tuple[int, int]:
    """The line goes from the dot farthest from the target to the target; a beginning comes in from the left."""
    if not dots:
        return NAMES, target
    far = max(dots, key=lambda place: (abs(place - target), place))
    if min(dots) < target < max(dots):
        return min(dots), max(dots)
    return far, target


def _loop(x: int, y: int) -> str:
    """A small turn back to where it left."""
    return f"M{x},{y} c24,-14 24,14 4,4"


def as_svg(picture: Picture) -> str:
    """The picture as a file of its own: no script, no style sheet, nothing from elsewhere."""
    label = quoteattr(picture.title)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {picture.width} {picture.height}" '
        f'width="{picture.width}" height="{picture.height}" role="img" aria-label={label} '
        f'font-family="Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, sans-serif" font-size="{LETTER}">',
        f"<title>{escape(picture.title)}</title>",
        f'<rect width="{picture.width}" height="{picture.height}" fill="{PAPER}"/>',
    ]
    for box in picture.states:
        lines += _state_lines(box, picture.floor)
    for arrow in picture.arrows:
        lines += _arrow_lines(arrow, picture.text_x)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _state_lines(box: StateBox, floor: int) -> list[str]:
    fill, stroke = (TINT, OURS) if box.mark else (PAPER, INK if box.end else QUIET)
    return [
        f'<line x1="{box.middle}" x2="{box.middle}" y1="{box.y + box.height}" y2="{floor}" stroke="{LINE}"/>',
        f'<rect x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="{3 if box.end else 10}" '
        f'fill="{fill}" stroke="{stroke}" stroke-width="{2 if box.mark == "now" or box.end else 1}"/>',
        f'<text x="{box.middle}" y="{box.text_y}" text-anchor="middle" fill="{INK}">{escape(box.label)}</text>',
    ]


def _arrow_lines(arrow: Arrow, text_x: int) -> list[str]:
    colour = OURS if arrow.taken else INK
    lines = [
        f'<text x="{text_x}" y="{arrow.text_y}" fill="{INK}">{escape(arrow.label)}</text>',
        f'<text x="{text_x}" y="{arrow.who_y}" fill="{QUIET}" font-size="{SMALL}">{escape(arrow.who)}</text>',
    ]
    if arrow.x1 != arrow.x2:
        lines.append(f'<line x1="{arrow.x1}" x2="{arrow.x2}" y1="{arrow.y}" y2="{arrow.y}" stroke="{colour}"/>')
    lines += [f'<circle cx="{place}" cy="{arrow.y}" r="4" fill="{colour}"/>' for place in arrow.dots]
    if arrow.loop:
        lines.append(f'<path d="{arrow.loop}" fill="none" stroke="{colour}"/>')
    return lines + [f'<polygon points="{points}" fill="{colour}"/>' for points in arrow.heads]
