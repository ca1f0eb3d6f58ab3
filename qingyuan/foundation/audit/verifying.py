"""Checking a chain: which entry was changed, removed, inserted or moved.

How the four are told apart. An entry's ``digest`` is a keyed tag of its content, its ``hash`` a keyed tag of its
predecessor's hash and its digest; neither can be made without the key. So a *sound* link proves who stood before whom,
whatever ``seq`` says now. Entries that stand in sequence and link on form a segment; an untouched chain is one segment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.audit.anchors import OutsideAnchor
from qingyuan.foundation.audit.chains import Chain, chain_of
from qingyuan.foundation.audit.models import Anchor, Entry, WriteEntry
from qingyuan.foundation.audit.rows import bad_rows
from qingyuan.foundation.audit.segments import Segment, Segments
from qingyuan.foundation.audit.tags import anchor_content, link_content, tag_holds

ENTRIES_PER_READ: Final = 500
MOST_FINDINGS: Final = 200


class Tampering(StrEnum):
    """What was done to an entry, or to an anchor."""

    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    REORDERED = "reordered"
    ANCHOR = "anchor"

    @property
    def label(self) -> Promise:
        return _LABELS[self]


_LABELS: Final[dict[Tampering, Promise]] = {
    Tampering.CHANGED: _("被改动"),
    Tampering.REMOVED: _("被删除"),
    Tampering.INSERTED: _("被插入"),
    Tampering.REORDERED: _("被调换次序"),
    Tampering.ANCHOR: _("日锚不符"),
}


@dataclass(frozen=True)
class Finding:
    """One tampering. ``entry_id`` is None for what is no longer there; ``seq`` is the place in the chain."""

    kind: Tampering
    entry_id: UUID | None
    seq: int | None
    message: str

    def __str__(self) -> str:
        place = "" if self.seq is None else f"#{self.seq} "
        return f"{place}{self.kind.label}：{self.message}"


@dataclass(frozen=True)
class VerifyReport:
    """What a check saw. ``unsealed`` entries were checked for their content, but nothing yet holds their order."""

    chain: str
    sealed: int
    unsealed: int
    head_seq: int
    head_hash: str
    anchors: int
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        return not self.findings


def verify(database: str, outside: Iterable[OutsideAnchor] = ()) -> VerifyReport:
    """Read the whole chain and name what does not hold; at most ``MOST_FINDINGS`` findings, the earliest first.

    ``outside``: anchors kept elsewhere; they also show a chain that was rewritten or cut together with its anchors.
    """
    chain = chain_of(database)
    # Anchors are read first: what a sealer adds during the check stands behind them and is judged by its links.
    anchors: list[Anchor] = list(chain.anchors())
    segments = Segments()
    changed: list[Finding] = []
    sealed = 0
    for entry, genuine, detail in _checked(chain, sealed_only=True):
        sealed += 1
        sound = tag_holds(link_content(entry.prev_hash, entry.digest), entry.hash)
        placed = segments.add(entry.id, entry.seq or 0, entry.prev_hash, entry.hash, sound=sound, genuine=genuine)
        if placed and not genuine:
            changed.append(Finding(Tampering.CHANGED, entry.id, entry.seq, detail))
    findings = [*changed, *_of_segments(segments, anchors[-1].head_seq if anchors else None)]
    unsealed = 0
    for entry, genuine, detail in _checked(chain, sealed_only=False):
        unsealed += 1
        if not genuine:
            findings.append(Finding(Tampering.CHANGED, entry.id, None, f"{detail}（尚未封链，也可能是伪造后插入）"))
    findings += _of_anchors(chain, anchors, segments, outside)
    findings.sort(key=lambda finding: (finding.seq is None, finding.seq or 0))
    last = segments.last
    return VerifyReport(
        chain=chain.name,
        sealed=sealed,
        unsealed=unsealed,
        head_seq=last.last_seq if last else 0,
        head_hash=last.last_hash if last else "",
        anchors=len(anchors),
        findings=tuple(findings[:MOST_FINDINGS]),
    )


def _checked(chain: Chain, *, sealed_only: bool) -> Iterator[tuple[Any, bool, str]]:
    """Every entry with whether its content is what was written, and if not, in what it differs."""
    entries = chain.entries().filter(seq__isnull=not sealed_only)
    order = ("seq",) if sealed_only else ("at", "id")
    batch: list[Any] = []
    for entry in entries.order_by(*order).iterator(chunk_size=ENTRIES_PER_READ):
        batch.append(entry)
        if len(batch) == ENTRIES_PER_READ:
            yield from _check_batch(chain, batch)
            batch = []
    yield from _check_batch(chain, batch)


def _check_batch(chain: Chain, batch: list[Any]) -> Iterator[tuple[Entry, bool, str]]:
    rows = bad_rows([entry for entry in batch if isinstance(entry, WriteEntry)])
    for entry in batch:
        if not tag_holds(chain.content(entry), entry.digest):
            yield entry, False, f"条目 {entry.id} 的内容与写入时不符"
        elif entry.id in rows:
            yield entry, False, f"条目 {entry.id} 的行变更与写入时不符：{rows[entry.id]}"
        else:
            yield entry, True, ""


def _of_segments(segments: Segments, anchored: int | None) -> Iterator[Finding]:
    for segment in segments.stand_ins:
        if anchored is not None and segment.first_seq > anchored:
            message = f"条目 {segment.first_id} 是插入的：它排在最新日锚之后，却不是封链程序所排"
            yield Finding(Tampering.INSERTED, segment.first_id, segment.first_seq, message)
        else:
            message = f"条目 {segment.first_id} 被改动，签章已不成立"
            yield Finding(Tampering.CHANGED, segment.first_id, segment.first_seq, message)
    for segment in segments.bypassed:
        yield Finding(
            Tampering.INSERTED,
            segment.first_id,
            segment.first_seq,
            f"条目 {segment.first_id} 是插入的：它后面的条目直接连着它前面的条目",
        )
    for segment, missing in segments.holes:
        yield Finding(
            Tampering.REMOVED,
            None,
            max(segment.first_seq - missing, 0),
            f"第 {segment.first_seq} 号条目 {segment.first_id} 之前缺少 {missing} 条"
            f"（其直接前一条的链值为 {segment.first_prev[:20]}…）",
        )
    for segment in segments.moved:
        yield Finding(Tampering.REORDERED, segment.first_id, segment.first_seq, _moved_message(segment))


def _moved_message(segment: Segment) -> str:
    if segment.length == 1:
        return f"条目 {segment.first_id} 不在原来的位置"
    return f"从条目 {segment.first_id} 到 {segment.last_id} 的 {segment.length} 条不在原来的位置"


def _of_anchors(
    chain: Chain, anchors: list[Anchor], segments: Segments, outside: Iterable[OutsideAnchor]
) -> list[Finding]:
    findings: list[Finding] = []
    before = 0
    for anchor in anchors:
        if not tag_holds(anchor_content(chain.name, anchor), anchor.mac):
            findings.append(Finding(Tampering.ANCHOR, None, anchor.head_seq, f"{anchor.day} 的日锚被改动"))
        elif anchor.head_seq - anchor.count != before:
            findings.append(Finding(Tampering.ANCHOR, None, before, f"{anchor.day} 之前缺少日锚"))
        before = anchor.head_seq
    if anchors:
        findings += _tail(anchors[-1].head_seq, anchors[-1].head_hash, segments)
    elif segments.last is not None:
        findings.append(Finding(Tampering.ANCHOR, None, segments.last.last_seq, "日锚全部缺失"))
    kept = {anchor.head_seq: anchor.head_hash for anchor in outside if anchor.chain == chain.name}
    found = dict(chain.entries().filter(seq__in=list(kept)).values_list("seq", "hash"))
    for seq, head in sorted(kept.items()):
        if found.get(seq) != head:
            findings.append(Finding(Tampering.ANCHOR, None, seq, f"第 {seq} 号与外部保存的锚不符：链被整体改写或截短"))
    return findings


def _tail(head_seq: int, head_hash: str, segments: Segments) -> list[Finding]:
    """What stands after the last anchor, or should stand before it and does not."""
    last = segments.last
    last_seq = last.last_seq if last else 0
    if last_seq < head_seq:
        return [Finding(Tampering.REMOVED, None, last_seq + 1, f"链尾缺少第 {last_seq + 1} 至 {head_seq} 号条目")]
    if last is not None and last_seq == head_seq and last.sound and last.last_hash != head_hash and not segments.moved:
        return [Finding(Tampering.ANCHOR, last.last_id, last_seq, "链尾与最新日锚不符")]
    return []
