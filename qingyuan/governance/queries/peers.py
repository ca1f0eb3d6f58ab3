"""Other units beside which a clause sets its own: live letters of one sheet, city and year, of one kind of unit.

Only numbers that can carry a comparison take part (``rules.fair``). What a letter learns of the others is their numbers in
rising order, never whose they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from qingyuan.governance.models import Letter
from qingyuan.governance.queries.inputs import Numbers
from qingyuan.governance.rules.fair import why_incomparable
from qingyuan.governance.scoring.clauses import rule_of
from qingyuan.governance.scoring.numbers import Number
from qingyuan.governance.scoring.refs import InputRef, parse_ref
from qingyuan.governance.scoring.scheme import Scheme

Peer = tuple[Letter, Numbers]


def compared_refs(scheme: Scheme, on: date) -> list[InputRef]:
    """The inputs that some clause in force on ``on`` sets beside those of other units; each key and part once."""
    found: dict[tuple[str, str], InputRef] = {}
    for clause in scheme.clauses():
        if clause.refused or not clause.in_force(on):
            continue
        for _reading, read in clause.as_read():
            reads = rule_of(read).reads()
            for name, text in clause.inputs.items():
                if reads.get(name) == "peers":
                    ref = parse_ref(text, clause=clause.id, name=name)
                    found[ref.key, ref.part] = ref
    return list(found.values())


def peers_among(letters: Sequence[Letter]) -> list[Letter]:
    """Every live letter of the sheet, city and year that ``letters`` share, by number."""
    first = letters[0]
    live = Letter.objects.live().filter(scheme_id=first.scheme_id, city_id=first.city_id, year=first.year)
    return list(live.select_related("unit", "division", "city", "scheme").order_by("serial"))


def beside_peers(letter: Letter, peers: Sequence[Peer], own: Numbers, compared: Sequence[InputRef]) -> Numbers:
    """The letter's numbers, those that are compared with what the other units of its kind have, or why they cannot be."""
    found = dict(own)
    others = [numbers for one, numbers in peers if one.unit_id != letter.unit_id and one.unit.kind == letter.unit.kind]
    parts: dict[str, set[str]] = {}
    for ref in compared:
        parts.setdefault(ref.key, set()).add(ref.part)
    for ref in compared:
        number = found.get(ref.key)
        if number is None:
            continue
        if len(parts[ref.key]) > 1:
            words = _("办法里有几条拿这个数的不同部分去比,请分开取数")
            found[ref.key] = replace(number, peers={}, no_peers=words)
        else:
            found[ref.key] = _beside(number, [numbers.get(ref.key) for numbers in others], ref.part)
    return found


def _beside(number: Number, others: Sequence[Number | None], part: str) -> Number:
    reason = why_incomparable(number)
    if reason:
        return replace(number, peers={}, no_peers=_("本单位不可比:%(why)s") % {"why": reason})
    waiting = sum(1 for other in others if other is None or (other.part(part) is None and not other.is_empty))
    if waiting:
        return replace(number, peers={}, peers_waiting=_("还有 %(count)s 个单位的数未到,暂不比较") % {"count": waiting})
    amounts = [other.part(part) for other in others if other is not None and not why_incomparable(other)]
    known = sorted(amount for amount in amounts if amount is not None)
    if not known:
        return replace(number, peers={}, no_peers=_("没有可比的同类单位"))
    return replace(number, peers={str(place): amount for place, amount in enumerate(known, start=1)}, peers_waiting="")
