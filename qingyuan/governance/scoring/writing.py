"""A scheme as a YAML file that anyone can check, change and hand in again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import yaml

from qingyuan.governance.scoring.scheme import Scheme
from qingyuan.governance.scoring.structure import to_data


class _Writer(yaml.SafeDumper):
    """Numbers stand as they are written, short lists of plain values in one line."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _number(writer: _Writer, value: Decimal) -> yaml.Node:
    text = format(value.normalize(), "f")
    return writer.represent_scalar("tag:yaml.org,2002:float" if "." in text else "tag:yaml.org,2002:int", text)


_Writer.add_representer(Decimal, _number)
_Writer.add_representer(tuple, lambda writer, value: writer.represent_list(list(value)))


def scheme_yaml(scheme: Scheme) -> str:
    """UTF-8 text; `read_scheme` of it is the scheme again."""
    return as_yaml(to_data(scheme))


def as_yaml(data: Any) -> str:
    """Plain data with exact numbers as UTF-8 text."""
    text: str = yaml.dump(data, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=120)
    return text
