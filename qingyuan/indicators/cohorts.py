"""Stays in community measures from the published facts: days and codes, no name. What a stay came to is told by ``outcomes.definitions``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from qingyuan.indicators import store
from qingyuan.indicators.outcomes.definitions import Stay

# A person is an opaque key that is the same in the three facts of the community compartment and leaves this statement only as days.
_STAYS: Final = """
with inside as (select distinct descendant_id from divisions where ancestor_id = $place),
below as (select descendant_id, min(ancestor_id) as child from divisions where list_contains($children, ancestor_id) group by descendant_id),
stays as (
  select m.row_id, m.kind, m.person, m.reported_on, m.ended_on, m.end_reason, m.division_id
  from fact_measures m join inside on inside.descendant_id = m.division_id
  where m.superseded_at is null and m.reported_on is not null
),
positive as (
  select s.row_id, min(t.happened_on) as day from stays s join fact_tests t on t.person = s.person
  where t.superseded_at is null and t.result = 'positive' and t.happened_on >= s.reported_on group by s.row_id
),
isolated as (
  select s.row_id, min(i.happened_on) as day from stays s join fact_isolation i on i.person = s.person
  where i.superseded_at is null and i.happened_on >= s.reported_on group by s.row_id
)
select s.kind, s.reported_on, s.ended_on, s.end_reason, below.child, positive.day, isolated.day
from stays s left join below on below.descendant_id = s.division_id
left join positive on positive.row_id = s.row_id left join isolated on isolated.row_id = s.row_id
order by s.reported_on, s.row_id
"""


def stays(*, division_id: int, children: Sequence[int]) -> list[Stay]:
    """Every stay that began under a division, by the day its person reported; ``children``: the places to tell apart below it."""
    rows = store.query(_STAYS, {"place": division_id, "children": list(children) or [0]})
    return [Stay(kind, started, ended, reason or "", place, positive, isolated) for kind, started, ended, reason, place, positive, isolated in rows]
