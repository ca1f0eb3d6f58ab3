"""Closed numbers stay closed: an attacker who tries every table that looks the same finds more than one."""

from __future__ import annotations

from itertools import product

from hypothesis import assume, given
from hypothesis import strategies as st

from qingyuan.indicators.disclosure import Line, Shown, suppress, suppress_lines

COUNTS = st.dictionaries(st.sampled_from("ABCDEF"), st.integers(0, 14), min_size=1, max_size=5)


def _look(cells: dict[str, int], total: int, own: frozenset[str]) -> tuple[object, ...]:
    """What the page shows of a table: the words, and the numbers where they are open."""
    result = suppress(cells, total, own=own)
    shown = tuple(
        (key, cells[key] if state is Shown.EXACT or key in own else state.value)
        for key, state in sorted(result.cells.items())
    )
    return (*shown, total if result.total is Shown.EXACT else result.total.value)


@given(COUNTS, st.sets(st.sampled_from("ABCDEF"), max_size=2))
def test_no_closed_number_can_be_told_by_one_who_tries_every_table(counts: dict[str, int], mine: set[str]) -> None:
    own = frozenset(mine) & frozenset(counts)
    result = suppress(counts, sum(counts.values()), own=own)
    closed = [key for key, state in result.cells.items() if state is not Shown.EXACT]
    for key in closed:
        assert len(_possible(counts, result.cells, result.total, own, key)) > 1, (counts, own, result)


def _possible(
    counts: dict[str, int], states: dict[str, Shown], total: Shown, own: frozenset[str], wanted: str
) -> set[int]:
    """All values of ``wanted`` in tables that fit what is shown: FEW is 1–4, HIDDEN is 5 and more."""
    keys = sorted(counts)
    ceiling = sum(counts.values()) + 5
    whole = sum(counts.values())
    choices = []
    for key in keys:
        if states[key] is Shown.EXACT or key in own:
            choices.append([counts[key]])
        elif states[key] is Shown.FEW:
            choices.append([1, 2, 3, 4])
        else:
            choices.append(list(range(5, min(ceiling, 20) + 1)))
    found = set()
    for table in product(*choices):
        fits = {Shown.EXACT: sum(table) == whole, Shown.FEW: 1 <= sum(table) <= 4, Shown.HIDDEN: True}[total]
        if fits:
            found.add(table[keys.index(wanted)])
    return found


@given(COUNTS)
def test_a_table_without_small_counts_is_shown_whole(counts: dict[str, int]) -> None:
    large = {key: count + 5 for key, count in counts.items()}
    result = suppress(large, sum(large.values()))
    assert set(result.cells.values()) == {Shown.EXACT} and result.total is Shown.EXACT


@given(COUNTS)
def test_who_is_concerned_sees_everything_and_nought_is_never_closed(counts: dict[str, int]) -> None:
    result = suppress(counts, sum(counts.values()), own=set(counts))
    assert set(result.cells.values()) == {Shown.EXACT}
    to_others = suppress(counts, sum(counts.values()))
    assert all(to_others.cells[key] is Shown.EXACT for key, count in counts.items() if count == 0)
    assert all(to_others.cells[key] is Shown.FEW for key, count in counts.items() if 0 < count < 5)


def test_one_small_town_closes_the_next_smallest_too() -> None:
    result = suppress({"青岩乡": 3, "普安镇": 26, "马场镇": 30}, 59)
    assert result.cells == {"青岩乡": Shown.FEW, "普安镇": Shown.HIDDEN, "马场镇": Shown.EXACT}
    assert result.total is Shown.EXACT


def test_two_ones_that_add_to_two_need_a_third_number_closed() -> None:
    result = suppress({"甲": 1, "乙": 1, "丙": 9}, 11)
    assert list(result.cells.values()) == [Shown.FEW, Shown.FEW, Shown.HIDDEN]


def test_the_knowledge_that_the_smallest_was_closed_gives_nothing_away() -> None:
    """5 and 5 beside a 4: whoever knows that the closed one is at most 5 would know both, so more is closed."""
    result = suppress({"甲": 4, "乙": 5, "丙": 5, "丁": 40}, 54)
    assert list(result.cells.values()) == [Shown.FEW, Shown.HIDDEN, Shown.HIDDEN, Shown.EXACT]


def test_a_small_total_is_small_too_and_an_unknown_number_stays_unknown() -> None:
    result = suppress({"甲": 2, "乙": 0, "丙": None}, 2)
    assert result.cells == {"甲": Shown.FEW, "乙": Shown.EXACT, "丙": Shown.EXACT}
    assert result.total is Shown.FEW


@given(st.lists(st.lists(st.integers(0, 7), min_size=2, max_size=3), min_size=2, max_size=3))
def test_months_and_their_sum_cannot_be_played_against_each_other(rows: list[list[int]]) -> None:
    """Towns by month with both margins: every table that looks the same is tried."""
    width = min(map(len, rows))
    table = {(town, month): rows[town][month] for town in range(len(rows)) for month in range(width)}
    counts, lines = _with_margins(table, len(rows), width)
    states = suppress_lines(counts, lines)
    closed = [cell for cell in table if states[cell] is not Shown.EXACT]
    seen: dict[tuple[int, int], set[int]] = {cell: set() for cell in closed}
    choices = [
        [table[cell]]
        if states[cell] is Shown.EXACT
        else [1, 2, 3, 4]
        if states[cell] is Shown.FEW
        else list(range(5, 10))
        for cell in table
    ]
    assume(len(closed) <= 6)
    for values in product(*choices):
        trial, _ = _with_margins(dict(zip(table, values, strict=True)), len(rows), width)
        if all(_fits(trial[key], counts[key], states[key]) for key in counts if key not in table):
            for cell in closed:
                seen[cell].add(trial[cell])
    assert all(len(values) > 1 for values in seen.values()), (table, states)


def _fits(trial: int, actual: int, state: Shown) -> bool:
    return trial == actual if state is Shown.EXACT else 1 <= trial <= 4 if state is Shown.FEW else True


def _with_margins(
    table: dict[tuple[int, int], int], towns: int, months: int
) -> tuple[dict[tuple[int, int], int], list[Line[tuple[int, int]]]]:
    counts = dict(table)
    lines: list[Line[tuple[int, int]]] = []
    for town in range(towns):
        parts = tuple((town, month) for month in range(months))
        counts[town, -1] = sum(table[part] for part in parts)
        lines.append(Line((town, -1), parts))
    for month in (*range(months), -1):
        parts = tuple((town, month) for town in range(towns))
        counts[-1, month] = sum(counts[part] for part in parts)
        lines.append(Line((-1, month), parts))
    lines.append(Line((-1, -1), tuple((-1, month) for month in range(months))))
    return counts, lines
