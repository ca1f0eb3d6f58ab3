"""Drawing a sample that nobody chose: the seed is committed to before the list is frozen and shown afterwards.

Anybody recomputes a draw with nothing but SHA-256: the commitment is the hash of the seed's text; a list's hash is that of its
ids, sorted, one a line; each id's lot is the hash of «seed, list hash, id» on three lines, and the lowest lots are drawn.
Another list has another hash, so that taking out one id after the seed is known reshuffles everything. Pure.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.utils.translation import gettext as _

SEED_BYTES: Final = 32
LEAST_SEED: Final = 16
"""Characters below which a seed could be found from its commitment by trying."""


class BadDraw(ValueError):
    """The draw cannot be made; the message says what is wrong with the seed, the list or the number."""


def new_seed() -> str:
    """A seed nobody knows yet: 32 random bytes as 64 hex digits."""
    return secrets.token_hex(SEED_BYTES)


def commit(seed: str) -> str:
    """What is published before the list is frozen: SHA-256 of the seed, 64 hex digits. Raises BadDraw for a seed that is too short."""
    if len(seed) < LEAST_SEED:
        raise BadDraw(_("种子至少要有 %(least)d 个字符,否则可以由公布的校验值试出来。") % {"least": LEAST_SEED})
    return _sha256(seed)


def opens(commitment: str, seed: str) -> bool:
    """Whether ``seed`` is the one that was committed to."""
    return hmac.compare_digest(commitment.encode(), _sha256(seed).encode())


def list_hash(ids: Iterable[str]) -> str:
    """The frozen list as one hash, whatever the order it came in. Raises BadDraw for an id that stands twice, is empty or has a line break."""
    return _sha256("\n".join(_sorted(ids)))


def draw(seed: str, ids: Sequence[str], n: int) -> tuple[str, ...]:
    """``n`` of ``ids`` in the order drawn; the same for everybody who has the seed and the list. Raises BadDraw."""
    found = _sorted(ids)
    if not 0 <= n <= len(found):
        raise BadDraw(_("名单有 %(all)d 项,不能抽 %(n)d 项。") % {"all": len(found), "n": n})
    whole = _sha256("\n".join(found))
    return tuple(sorted(found, key=lambda one: _sha256(f"{seed}\n{whole}\n{one}"))[:n])


def lot_of(draw: object, key: object) -> str:
    """What stands on the list of ``draw`` for what is called ``key`` elsewhere: SHA-256 of both, 64 hex digits.

    Nobody could have chosen it, and it is another one on each list: a reader of two lists cannot tell who stands on both, and the
    key itself stands on none.
    """
    return _sha256(f"{draw}\n{key}")


def apportion(sizes: Mapping[str, int], n: int, *, least: int = 0) -> dict[str, int]:
    """``n`` shared out over strata in proportion to their sizes: the largest remainders get what is left over (Hamilton).

    The shares add up to ``n`` exactly and none is larger than its stratum; ``least`` goes to each stratum first. Equal remainders
    go to the larger stratum, then to the name that comes first. Raises BadDraw where that cannot be.
    """
    if any(size < least for size in sizes.values()) or least < 0:
        raise BadDraw(_("有的层不足 %(least)d 项,不能每层都抽到。") % {"least": least})
    if not least * len(sizes) <= n <= sum(sizes.values()):
        raise BadDraw(_("各层合计 %(all)d 项,每层至少 %(least)d 项,不能一共抽 %(n)d 项。") % {"all": sum(sizes.values()), "least": least, "n": n})
    left, room = n - least * len(sizes), {name: size - least for name, size in sizes.items()}
    whole = sum(room.values())
    if not whole:
        return dict.fromkeys(sizes, least)
    shares = {name: left * size // whole for name, size in room.items()}
    over = left - sum(shares.values())
    for name in sorted(room, key=lambda one: (-(left * room[one] % whole), -room[one], one))[:over]:
        shares[name] += 1
    return {name: least + shares[name] for name in sizes}


def strata_hash(strata: Mapping[str, Iterable[str]]) -> str:
    """Lists by stratum as one hash: of each stratum's name and list hash, one a line, sorted. Raises BadDraw."""
    return list_hash(f"{name}\t{list_hash(ids)}" for name, ids in strata.items())


def draw_strata(seed: str, strata: Mapping[str, Sequence[str]], n: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    """From each stratum as many as ``n`` says, by the one seed: every list has its own hash, and so its own lots. Raises BadDraw."""
    return {name: draw(seed, ids, n[name]) for name, ids in strata.items()}


def _sorted(ids: Iterable[str]) -> list[str]:
    found = sorted(ids)
    if any(not one.strip() or "\n" in one for one in found):
        raise BadDraw(_("名单里有空的或带换行的编号,请先改正。"))
    if len(set(found)) != len(found):
        raise BadDraw(_("名单里有重复的编号,请先去掉。"))
    return found


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
