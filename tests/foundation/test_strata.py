"""Shares over strata: they add up to the number asked for, none beyond its stratum, and anybody draws the same again."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.foundation import draws

SIZES = st.dictionaries(st.text("甲乙丙丁戊abc", min_size=1, max_size=3), st.integers(1, 60), min_size=1, max_size=8)


@given(SIZES, st.floats(0, 1), st.integers(0, 1))
def test_shares_add_up_exactly_and_stay_within_one_of_their_quota(sizes: dict[str, int], part: float, least: int) -> None:
    whole = sum(sizes.values())
    n = least * len(sizes) + round(part * (whole - least * len(sizes)))
    shares = draws.apportion(sizes, n, least=least)
    assert sum(shares.values()) == n
    assert all(least <= shares[name] <= size for name, size in sizes.items())
    if least == 0:
        assert all(abs(shares[name] - n * size / whole) < 1 for name, size in sizes.items())


@given(SIZES, st.integers(0, 30), st.randoms())
def test_the_order_in_which_strata_are_told_changes_nothing(sizes: dict[str, int], n: int, chance: object) -> None:
    n = min(n, sum(sizes.values()))
    turned = list(sizes.items())
    chance.shuffle(turned)  # type: ignore[attr-defined]
    assert draws.apportion(dict(turned), n) == draws.apportion(sizes, n)


@pytest.mark.parametrize(("sizes", "n", "least"), [({"a": 3}, 4, 0), ({"a": 3, "b": 2}, 1, 1), ({"a": 0, "b": 2}, 2, 1), ({"a": 2}, -1, 0)])
def test_what_cannot_be_shared_out_is_refused(sizes: dict[str, int], n: int, least: int) -> None:
    with pytest.raises(draws.BadDraw):
        draws.apportion(sizes, n, least=least)


@given(SIZES, st.integers(0, 40), st.text("0123456789abcdef", min_size=16, max_size=64))
def test_a_stratified_draw_is_drawn_again_with_nothing_but_sha_256(sizes: dict[str, int], n: int, seed: str) -> None:
    strata = {name: [f"{name}-{place}" for place in range(size)] for name, size in sizes.items()}
    shares = draws.apportion(sizes, min(n, sum(sizes.values())))
    drawn = draws.draw_strata(seed, strata, shares)

    def sha(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    for name, ids in strata.items():
        whole = sha("\n".join(sorted(ids)))
        again = sorted(sorted(ids), key=lambda one: sha(f"{seed}\n{whole}\n{one}"))[: shares[name]]
        assert list(drawn[name]) == again
    assert draws.strata_hash(strata) == sha("\n".join(sorted(f"{name}\t{sha(chr(10).join(sorted(ids)))}" for name, ids in strata.items())))


def test_one_id_taken_out_of_one_stratum_changes_the_hash_of_all() -> None:
    strata = {"a": ["1", "2"], "b": ["3"]}
    assert draws.strata_hash(strata) != draws.strata_hash({"a": ["1", "2"], "b": ["4"]})
    assert draws.strata_hash(strata) != draws.strata_hash({"a": ["1", "2", "3"]})
