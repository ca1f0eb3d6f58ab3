"""Published schemes as the scoring engine reads them."""

from __future__ import annotations

from functools import lru_cache

from qingyuan.governance.models import PublishedScheme
from qingyuan.governance.scoring.scheme import Scheme
from qingyuan.governance.scoring.serialise import read_scheme, scheme_hash


class SchemeChanged(ValueError):
    """The stored text of a published scheme no longer has the hash it was published with."""

    def __init__(self, published: PublishedScheme) -> None:
        super().__init__(f"《{published.title}》的存档内容与发布时的校验值不符，请停止使用并报告安全管理员核查")


def scheme_of(published: PublishedScheme) -> Scheme:
    """The scheme, checked against its hash once per text. Raises SchemeChanged."""
    scheme, digest = _read(published.content)
    if digest != published.content_hash:
        raise SchemeChanged(published)
    return scheme


@lru_cache(maxsize=64)
def _read(content: str) -> tuple[Scheme, str]:
    scheme = read_scheme(content)
    return scheme, scheme_hash(scheme)
