"""The draw: committed to, the same for everybody, and a shuffle when anything in the list moves."""

from __future__ import annotations

import hashlib
import random
from collections import Counter

import pytest

from qingyuan.foundation.draws import BadDraw, commit, draw, list_hash, lot_of, new_seed, opens

SEED = "0123456789abcdef-2022"
IDS = [f"row-{number:03d}" for number in range(40)]


def test_the_commitment_opens_with_its_seed_alone() -> None:
    seed = new_seed()
    assert opens(commit(seed), seed) and not opens(commit(seed), new_seed())
    assert commit(SEED) == hashlib.sha256(SEED.encode()).hexdigest()


def test_a_seed_that_could_be_tried_out_is_refused() -> None:
    with pytest.raises(BadDraw, match="16"):
        commit("20221231")


def test_a_draw_is_recomputed_from_the_seed_and_the_list_with_nothing_but_sha256() -> None:
    whole = hashlib.sha256("\n".join(sorted(IDS)).encode()).hexdigest()
    lots = {one: hashlib.sha256(f"{SEED}\n{whole}\n{one}".encode()).hexdigest() for one in IDS}
    assert draw(SEED, IDS, 5) == tuple(sorted(IDS, key=lots.__getitem__)[:5])
    assert list_hash(IDS) == whole


def test_the_order_of_the_list_changes_nothing() -> None:
    shuffled = random.Random(7).sample(IDS, len(IDS))
    assert draw(SEED, shuffled, 6) == draw(SEED, IDS, 6)
    assert list_hash(shuffled) == list_hash(IDS)


def test_a_smaller_sample_is_the_beginning_of_a_larger_one() -> None:
    assert draw(SEED, IDS, 3) == draw(SEED, IDS, 9)[:3]


def test_taking_out_what_was_not_drawn_reshuffles_the_whole_draw() -> None:
    drawn = draw(SEED, IDS, 5)
    left = [one for one in IDS if one not in drawn]
    assert draw(SEED, [one for one in IDS if one != left[0]], 5) != drawn


def test_every_row_is_drawn_about_as_often_as_any_other() -> None:
    times = Counter(one for number in range(2000) for one in draw(f"{SEED}-{number}", IDS, 4))
    assert set(times) == set(IDS)
    # Binomial 2000 × 0.1: five standard deviations (13.4) to each side.
    assert all(200 - 67 < count < 200 + 67 for count in times.values())


@pytest.mark.parametrize(("ids", "n"), [(IDS, 41), (IDS, -1), ([*IDS, IDS[0]], 2), ([*IDS, " "], 2), ([*IDS, "a\nb"], 2)])
def test_a_list_that_is_none_and_a_number_beyond_it_are_refused(ids: list[str], n: int) -> None:
    with pytest.raises(BadDraw):
        draw(SEED, ids, n)


def test_all_and_none_can_be_drawn() -> None:
    assert sorted(draw(SEED, IDS, len(IDS))) == IDS
    assert draw(SEED, IDS, 0) == draw(SEED, [], 0) == ()


def test_one_person_is_called_otherwise_on_each_list() -> None:
    called = {lot_of(one, key) for one in ("a", "b") for key in ("1", "2")}
    assert len(called) == 4 and lot_of("a", "1") == lot_of("a", "1")
    assert all(len(one) == 64 for one in called)
