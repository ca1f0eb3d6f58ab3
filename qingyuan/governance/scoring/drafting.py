"""A sheet on the desk: groups and clauses with keys of their own, so that one is moved, removed, restored and found again.

Pure: every function answers a new content. A content is plain data: {sheet, groups [{key, data}], clauses [{key, group, data}],
removed [{key, group, data}], next}. Clauses stand in their order inside their group; `VETO` is the group of the vetoes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal
from typing import Any, Final

from qingyuan.governance.scoring.scheme import Clause, Scheme
from qingyuan.governance.scoring.serialise import canonical
from qingyuan.governance.scoring.structure import from_data, to_data

VETO: Final = "veto"
SHEET: Final = "sheet"
Content = dict[str, Any]


def from_scheme(scheme: Scheme) -> Content:
    """The sheet taken apart."""
    data: Any = to_data(scheme)
    content: Content = {SHEET: {k: v for k, v in data.items() if k not in {"groups", "vetoes"}}, "groups": [], "clauses": []}
    content |= {"removed": [], "next": 1}
    for group in data["groups"]:
        key = _key(content)
        content["groups"].append({"key": key, "data": {k: v for k, v in group.items() if k != "clauses"}})
        content["clauses"] += [{"key": _key(content), "group": key, "data": clause} for clause in group["clauses"]]
    content["clauses"] += [{"key": _key(content), "group": VETO, "data": one} for one in data.get("vetoes", [])]
    return content


def empty(code: str, title: str, year: int) -> Content:
    """A sheet with nothing in it yet but whose it is and how long it holds."""
    sheet = {"id": code, "title": title, "version": "1", "valid_from": f"{year}-01-01", "valid_to": f"{year + 1}-01-01"}
    return {SHEET: sheet | {"total": Decimal(100)}, "groups": [], "clauses": [], "removed": [], "next": 1}


def as_text(content: Content) -> str:
    """The content's one canonical text."""
    return canonical(content)


def from_text(text: str) -> Content:
    """The content of a stored text, numbers exact; whole numbers that count keys stay whole."""
    content: Content = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    content["next"] = int(content["next"])
    return content


def sheet_data(content: Content) -> dict[str, Any]:
    """The sheet put together again, as a file has it."""
    data = dict(content[SHEET])
    data["groups"] = [
        {**group["data"], "clauses": [one["data"] for one in content["clauses"] if one["group"] == group["key"]]}
        for group in content["groups"]
    ]
    vetoes = [one["data"] for one in content["clauses"] if one["group"] == VETO]
    return data | ({"vetoes": vetoes} if vetoes else {})


def scheme_of(content: Content) -> Scheme:
    """Raises SchemeUnreadable where a field is of the wrong sort."""
    return from_data(Scheme, sheet_data(content))


def read_clause(data: Mapping[str, Any]) -> Clause:
    """Raises SchemeUnreadable."""
    return from_data(Clause, data)


def found(content: Content, key: str) -> dict[str, Any]:
    """The group or clause of that key. KeyError if it is not on the sheet (any more)."""
    for one in (*content["groups"], *content["clauses"]):
        if one["key"] == key:
            return one  # type: ignore[no-any-return]
    raise KeyError(key)


def is_group(content: Content, key: str) -> bool:
    return any(group["key"] == key for group in content["groups"])


def with_sheet(content: Content, data: Mapping[str, Any]) -> Content:
    return deepcopy(content) | {SHEET: dict(data)}


def with_group(content: Content, key: str, data: Mapping[str, Any]) -> tuple[Content, str]:
    """The group's own fields put anew; an empty key adds one at the end."""
    changed = deepcopy(content)
    if not key:
        key = _key(changed)
        changed["groups"].append({"key": key, "data": dict(data)})
    else:
        found(changed, key)["data"] = dict(data)
    return changed, key


def with_clause(content: Content, key: str, group: str, data: Mapping[str, Any]) -> tuple[Content, str]:
    """The clause put anew; an empty key adds one at the end of the group. KeyError for a group that is not there."""
    changed = deepcopy(content)
    if group != VETO and not is_group(changed, group):
        raise KeyError(group)
    if not key:
        key = _key(changed)
        changed["clauses"].append({"key": key, "group": group, "data": dict(data)})
        return changed, key
    row = found(changed, key)
    if row["group"] != group:
        changed["clauses"].remove(row)
        changed["clauses"].append(row)
    row["group"], row["data"] = group, dict(data)
    return changed, key


def moved(content: Content, key: str, by: int) -> Content:
    """A place up (−1) or down (+1) among its own; at the end it stays."""
    changed = deepcopy(content)
    row = found(changed, key)
    if is_group(changed, key):
        rows, same = changed["groups"], changed["groups"][:]
    else:
        rows, same = changed["clauses"], [one for one in changed["clauses"] if one["group"] == row["group"]]
    place = same.index(row) + by
    if 0 <= place < len(same):
        here, there = rows.index(row), rows.index(same[place])
        rows[here], rows[there] = rows[there], rows[here]
    return changed


def removed(content: Content, key: str) -> Content:
    """Off the sheet, kept aside; a group with all its clauses. KeyError if it is not there."""
    changed = deepcopy(content)
    row = found(changed, key)
    if is_group(changed, key):
        changed["groups"].remove(row)
        gone = [one for one in changed["clauses"] if one["group"] == key]
        changed["clauses"] = [one for one in changed["clauses"] if one["group"] != key]
        changed["removed"].append({**row, "group": "", "clauses": gone})
    else:
        changed["clauses"].remove(row)
        changed["removed"].append(row)
    return changed


def restored(content: Content, key: str) -> Content:
    """Back on the sheet, at the end of its group. KeyError if it was not removed, or its group is not there."""
    changed = deepcopy(content)
    row = next((one for one in changed["removed"] if one["key"] == key), None)
    if row is None:
        raise KeyError(key)
    changed["removed"].remove(row)
    if not row["group"]:
        changed["groups"].append({"key": row["key"], "data": row["data"]})
        changed["clauses"] += row["clauses"]
        return changed
    if row["group"] != VETO and not is_group(changed, row["group"]):
        raise KeyError(row["group"])
    changed["clauses"].append(row)
    return changed


def _key(content: Content) -> str:
    number = content["next"]
    content["next"] = number + 1
    return f"k{number}"
