"""What holds for any sheet and any numbers: parts and steps re-add, caps hold, order is nothing, sharing out keeps the whole."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from qingyuan.governance.scoring import Clause, Number, Scheme, ScoreTree, check, score
from qingyuan.governance.scoring.clauses import rule_of
from qingyuan.governance.scoring.numbers import Amounts
from qingyuan.governance.scoring.scheme import (
    Annex,
    Group,
    GroupRole,
    NotApplicable,
    RoundedAt,
    Rounding,
    RoundingMode,
    Shared,
    Take,
    WhenEmpty,
)
from qingyuan.governance.scoring.serialise import read_scheme, read_tree, scheme_json, tree_json
from tests.governance.scoring.builders import ON, clause, d, scheme, sheet

SHAPES = sheet("shapes")
cents = st.decimals(min_value=0, max_value=20, places=2)
ZERO = Decimal(0)


@st.composite
def items(draw: st.DrawFn, number: str, role: GroupRole) -> Clause:
    """A clause scored by hand, or by a rate that may have nothing to measure."""
    policy = draw(st.sampled_from([None, NotApplicable.WITHIN_GROUP, NotApplicable.FULL]))
    points = draw(st.integers(1, 20))
    if draw(st.booleans()) or role is not GroupRole.BASE:
        over = draw(st.integers(0, 3)) if role is GroupRole.BASE else 0
        return clause("manual", {}, id=number, points=points, inputs={"n": f"manual:{number}"}, over=d(over))
    anchors = {"unit": "%", "low": {"at": 0, "points": 0}, "high": {"at": 100, "points": points}}
    empty = draw(st.sampled_from([WhenEmpty.NOT_APPLICABLE, WhenEmpty.FULL, WhenEmpty.ZERO]))
    return clause(
        "linear",
        anchors,
        id=number,
        points=points,
        inputs={"n": f"manual:{number}"},
        when_empty=empty,
        not_applicable=policy,
    )


@st.composite
def sheets(draw: st.DrawFn) -> Scheme:
    """A sound sheet of base, bonus and penalty groups, some of them in an annex, with caps that several clauses share."""
    groups, annexes, shared, total = [], [], [], ZERO
    for place in range(draw(st.integers(1, 4))):
        count = draw(st.integers(1, 4))
        clauses = tuple(draw(items(f"{place}.{n}", GroupRole.BASE)) for n in range(count))
        points = sum((c.points for c in clauses), ZERO)
        annex = f"A{place}" if draw(st.booleans()) else ""
        groups.append(Group(str(place), f"组{place}", points, clauses, annex=annex))
        if annex:
            annexes.append(Annex(annex, annex, d(draw(st.integers(1, 60))), points))
        total += annexes[-1].points if annex else points
        if count > 1 and draw(st.booleans()):
            cap = draw(st.integers(0, int(points)))
            shared.append(Shared(f"S{place}", "合计最多扣", tuple(c.id for c in clauses[:2]), deduct_cap=d(cap)))
    for place, role in ((8, GroupRole.BONUS), (9, GroupRole.PENALTY)):
        if draw(st.booleans()):
            clauses = tuple(draw(items(f"{place}.{n}", role)) for n in range(2))
            points = sum((c.points for c in clauses), ZERO)
            groups.append(Group(str(place), role.value, d(draw(st.integers(1, int(points)))), clauses, role))
            if draw(st.booleans()):
                shared.append(Shared(f"S{place}", "只取最高", tuple(c.id for c in clauses), Take.HIGHEST))
    rounding = Rounding(
        draw(st.sampled_from(list(RoundingMode))), draw(st.integers(0, 3)), draw(st.sampled_from(list(RoundedAt)))
    )
    return scheme(groups=tuple(groups), total=total, annexes=tuple(annexes), shared=tuple(shared), rounding=rounding)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Scheme, dict[str, Number]]:
    found = draw(sheets())
    inputs: dict[str, Number] = {}
    for item in found.clauses():
        if draw(st.integers(0, 9)) == 0:
            continue
        if item.rule.kind == "manual":
            inputs[f"manual:{item.id}"] = Number(value=draw(cents))
        else:
            base = draw(st.integers(0, 7))
            top = draw(st.integers(0, base))
            inputs[f"manual:{item.id}"] = Number(numerator=d(top), denominator=d(base), unit="%")
    return found, inputs


def re_added(tree: ScoreTree) -> Decimal:
    """The total from the clauses up, by what the tree itself says."""
    total = sum((step.points for step in tree.steps), ZERO)
    for group in tree.groups:
        parts = sum((item.points or ZERO for item in group.clauses), ZERO) + sum((s.points for s in group.steps), ZERO)
        assert parts == group.points
        total += -parts if group.role is GroupRole.PENALTY else parts
    return total


@given(sheets())
def test_such_sheets_are_sound(found: Scheme) -> None:
    loose = {"小数多于", "deduct_cap", "合计最多"}
    assert [p for p in check(found) if not any(word in p.message for word in loose)] == []


@given(cases())
def test_clauses_and_steps_re_add_to_the_total(case: tuple[Scheme, dict[str, Number]]) -> None:
    tree = score(case[0], case[1], ON)
    assert re_added(tree) == tree.total
    for item in tree.clauses():
        if item.points is not None:
            assert sum((step.points for step in item.steps), ZERO) == item.points
    assert tree.low <= tree.total <= tree.high


@given(cases())
def test_points_stay_within_what_the_sheet_allows(case: tuple[Scheme, dict[str, Number]]) -> None:
    found, inputs = case
    tree = score(found, inputs, ON)
    for item in tree.clauses():
        if item.points is not None:
            assert -item.under <= item.points <= item.of + item.over
            if found.rounding.at is RoundedAt.CLAUSE and item.state == "scored" and item.points != item.of:
                assert item.points == found.rounding.apply(item.points)
    for group in tree.groups:
        if group.role is not GroupRole.BASE:
            assert 0 <= group.points <= group.of
    assert tree.total >= 0
    if found.rounding.at is RoundedAt.TOTAL:
        assert tree.total == found.rounding.apply(tree.total)


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_clauses_and_groups_changes_nothing(case: tuple[Scheme, dict[str, Number]], random: object) -> None:
    found, inputs = case
    groups = [replace(g, clauses=tuple(random.sample(g.clauses, len(g.clauses)))) for g in found.groups]  # type: ignore[attr-defined]
    random.shuffle(groups)  # type: ignore[attr-defined]
    mixed, straight = score(replace(found, groups=tuple(groups)), inputs, ON), score(found, inputs, ON)
    assert mixed.total == straight.total
    assert {c.id: c.points for c in mixed.clauses()} == {c.id: c.points for c in straight.clauses()}


@given(cases(), st.data())
def test_more_by_hand_never_lowers_the_total_of_the_base(case: tuple[Scheme, dict[str, Number]], data: st.DataObject) -> None:
    found, inputs = case
    roles = {item.id: group.role for group in found.groups for item in group.clauses}
    by_hand = [k for k, n in inputs.items() if n.value is not None]
    if not by_hand:
        return
    key = data.draw(st.sampled_from(sorted(by_hand)))
    more = {**inputs, key: replace(inputs[key], value=(inputs[key].value or ZERO) + 1)}
    before, after = score(found, inputs, ON).total, score(found, more, ON).total
    if roles[key.removeprefix("manual:")] is GroupRole.PENALTY:
        assert after <= before
    else:
        assert after >= before


@given(sheets(), st.data())
def test_sharing_out_keeps_the_whole(found: Scheme, data: st.DataObject) -> None:
    """Who does all that applies has all the points, whatever does not apply."""
    base = [g for g in found.groups if g.role is GroupRole.BASE]
    found = replace(found, groups=tuple(base), shared=(), rounding=Rounding(decimals=6))
    inputs = {}
    for item in found.clauses():
        if item.rule.kind == "manual":
            inputs[f"manual:{item.id}"] = Number(value=item.points)
        else:
            done = 0 if data.draw(st.booleans()) and item.when_empty is not WhenEmpty.ZERO else 5
            inputs[f"manual:{item.id}"] = Number(numerator=d(done), denominator=d(done), unit="%")
    tree = score(found, inputs, ON)
    out = [item for item in tree.clauses() if item.points is None]
    if len(out) < len(list(tree.clauses())):
        assert abs(tree.total - found.total) <= Decimal("0.00001")


@given(cases())
def test_a_sheet_and_its_score_survive_being_written_down(case: tuple[Scheme, dict[str, Number]]) -> None:
    found, inputs = case
    assert read_scheme(scheme_json(found)) == read_scheme(scheme_json(read_scheme(scheme_json(found))))
    tree = score(found, inputs, ON)
    assert read_tree(tree_json(tree)) == tree


@st.composite
def amounts_of(draw: st.DrawFn, item: Clause) -> Amounts:
    names = list(item.inputs)
    whole = {name: d(draw(st.integers(0, 130))) for name in names}
    peers = {name: {str(n): d(draw(st.integers(0, 130))) for n in range(draw(st.integers(1, 6)))} for name in names}
    months = {name: {f"2022-{n:02d}": d(draw(st.integers(0, 6))) for n in range(1, 5)} for name in names}
    return Amounts(whole, peers=peers, series=months)


@settings(max_examples=300)
@given(st.sampled_from(list(SHAPES.clauses())), st.data())
def test_every_shape_explains_itself_and_stays_within_its_clause(item: Clause, data: st.DataObject) -> None:
    amounts = data.draw(amounts_of(item))
    inputs = {
        f"manual:{item.id}/{name}" if ref == "manual" else ref.removesuffix(".value"): Number(
            value=amounts[name], peers=amounts.peers[name], series={}, denominator=None
        )
        for name, ref in item.inputs.items()
    }
    found = score(replace(SHAPES, groups=(Group("A", "一", item.points, (item,)),), total=item.points), inputs, ON)
    scored = found.clause(item.id)
    assert scored.rule and rule_of(item).title
    if scored.points is None:
        assert scored.lines or scored.state == "not_applicable"
        return
    assert sum((step.points for step in scored.steps), ZERO) == scored.points
    assert -item.under <= scored.points
    assert item.uncapped or scored.points <= item.points + item.over
    assert scored.points == scored.points.quantize(Decimal("0.01"))


@given(st.integers(0, 10_000), st.integers(1, 10_000), st.integers(1, 50), st.sampled_from(list(RoundingMode)))
def test_rounding_is_that_of_the_exact_fraction(top: int, base: int, points: int, mode: RoundingMode) -> None:
    """Through 28 digits a third comes back as a third: no score is cut because 7.5 was reckoned as 7.4999…9."""
    top = min(top, base)
    params = {"unit": "%", "low": {"at": 0, "points": 0}, "high": {"at": 100, "points": points}}
    item = clause("linear", params, points=points, when_empty=WhenEmpty.ZERO)
    found = scheme(item, rounding=Rounding(mode, 2))
    got = score(found, {"manual:n": Number(numerator=d(top), denominator=d(base), unit="%")}, ON).clause("1.1").points
    exact = Fraction(points * top, base) * 100
    below = exact.numerator // exact.denominator
    left = exact - below
    up = left > Fraction(1, 2) or (left == Fraction(1, 2) and (mode is RoundingMode.HALF_UP or below % 2 == 1))
    wanted = below + (1 if up and mode is not RoundingMode.DOWN else 0)
    assert got == Decimal(wanted) / 100


@given(st.lists(st.integers(0, 5), min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_places_add_up_to_all_places_and_do_not_hang_on_the_order(values: list[int], random: object) -> None:
    then = {"kind": "linear", "params": {"low": {"at": 0, "points": 0}, "high": {"at": 100, "points": 10}}}
    item = clause("rank", {"ties": "middle", "least_units": 2, "then": then})
    places = []
    for own in range(len(values)):
        others = [d(value) for n, value in enumerate(values) if n != own]
        straight = Amounts({"n": d(values[own])}, peers={"n": {str(n): v for n, v in enumerate(others)}})
        random.shuffle(others)  # type: ignore[attr-defined]
        mixed = Amounts({"n": d(values[own])}, peers={"n": {str(n): v for n, v in enumerate(others)}})
        rule = rule_of(item)
        assert rule.evaluate(d(10), straight).points == rule.evaluate(d(10), mixed).points
        places.append(rule.measure(d(10), straight).value)  # type: ignore[attr-defined]
    assert sum(places) == sum(range(1, len(values) + 1))
