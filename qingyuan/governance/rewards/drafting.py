"""A table of rules on the desk: each rule with a key of its own, so that one is moved, removed, restored and found again.

Pure: every function answers a new content. A content is plain data: {sheet, rules [{key, data}], removed [{key, data}], next};
``sheet`` is the table without its rules, as a file has it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal
from typing import Any, Final

from qingyuan.governance.scoring.serialise import canonical

SHEET: Final = "sheet"
Content = dict[str, Any]


def from_data(data: Mapping[str, Any]) -> Content:
    """A table as a file has it, taken apart."""
    content: Content = {SHEET: {key: value for key, value in data.items() if key != "rules"}, "rules": [], "removed": [], "next": 1}
    for rule in data.get("rules") or []:
        content["rules"].append({"key": _key(content), "data": dict(rule)})
    return content


def empty(code: str, title: str, valid_from: str) -> Content:
    """A table with nothing in it yet but whose it is and from when it holds."""
    return from_data({"id": code, "title": title, "version": "1", "valid_from": valid_from, "source": ""})


def as_text(content: Content) -> str:
    """The content's one canonical text."""
    return canonical(content)


def from_text(text: str) -> Content:
    """The content of a stored text, numbers exact; the number that counts keys stays whole."""
    content: Content = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    content["next"] = int(content["next"])
    return content


def table_data(content: Content) -> dict[str, Any]:
    """The table put together again, as a file has it."""
    return dict(content[SHEET]) | {"rules": [one["data"] for one in content["rules"]]}


def found(content: Content, key: str) -> dict[str, Any]:
    """The rule of that key. KeyError if it is not in the table (any more)."""
    for one in content["rules"]:
        if one["key"] == key:
            return one  # type: ignore[no-any-return]
    raise KeyError(key)


def with_sheet(content: Content, data: Mapping[str, Any]) -> Content:
    return deepcopy(content) | {SHEET: dict(data)}


def with_rule(content: Content, key: str, data: Mapping[str, Any]) -> tuple[Content, str]:
    """The rule put anew; an empty key adds one at the end. KeyError for one that is not there."""
    changed = deepcopy(content)
    if key:
        found(changed, key)["data"] = dict(data)
        return changed, key
    key = _key(changed)
    changed["rules"].append({"key": key, "data": dict(data)})
    return changed, key


def moved(content: Content, key: str, by: int) -> Content:
    """A place up (−1) or down (+1); at the end it stays. KeyError if it is not there."""
    changed = deepcopy(content)
    rows = changed["rules"]
    here = rows.index(found(changed, key))
    there = here + by
    if 0 <= there < len(rows):
        rows[here], rows[there] = rows[there], rows[here]
    return changed


def removed(content: Content, key: str) -> Content:
    """Out of the table, kept aside. KeyError if it is not there."""
    changed = deepcopy(content)
    row = found(changed, key)
    changed["rules"].remove(row)
    changed["removed"].append(row)
    return changed


def restored(content: Content, key: str) -> Content:
    """Back at the end. KeyError if it was not removed."""
    changed = deepcopy(content)
    row = next((one for one in changed["removed"] if one["key"] == key), None)
    if row is None:
        raise KeyError(key)
    changed["removed"].remove(row)
    changed["rules"].append(row)
    return changed


def _key(content: Content) -> str:
    number = content["next"]
    content["next"] = number + 1
    return f"r{number}"
