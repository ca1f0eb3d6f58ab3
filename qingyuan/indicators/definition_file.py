"""One indicator file being read: typed access to its keys, every mistake named by file and key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from django.utils.translation import gettext as _

_E = TypeVar("_E", bound=StrEnum)


class BadDefinition(ValueError):
    """An indicator file is wrong; the message names the file, the key and what to write."""

    def __init__(self, file: str, key: str, reason: str) -> None:
        super().__init__(_("指标文件 %(file)s 的 %(key)s：%(reason)s") % {"file": file, "key": key, "reason": reason})
        self.file = file
        self.key = key


@dataclass(frozen=True)
class DefinitionFile:
    """A parsed file; the getters raise BadDefinition."""

    name: str
    data: Mapping[str, Any]

    def fail(self, key: str, reason: str) -> BadDefinition:
        return BadDefinition(self.name, key, reason)

    def text(self, key: str, data: Mapping[str, Any] | None = None, at: str = "") -> str:
        value = (self.data if data is None else data).get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.fail(at + key, _("要写一段文字"))
        return " ".join(value.split())

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.data.get(key)
        if (
            not isinstance(value, list)
            or not value
            or not all(isinstance(item, str) and item.strip() for item in value)
        ):
            raise self.fail(key, _("要写成至少一条的清单"))
        return tuple(" ".join(item.split()) for item in value)

    def flag(self, key: str) -> bool:
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            raise self.fail(key, _("只能写 true 或 false"))
        return value

    def number(self, key: str, default: int, least: int, most: int) -> int:
        value = self.data.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.fail(key, _("要写 %(least)d 到 %(most)d 的整数") % {"least": least, "most": most})
        return value

    def choice(self, key: str, options: type[_E], data: Mapping[str, Any] | None = None, at: str = "") -> _E:
        value = (self.data if data is None else data).get(key)
        try:
            return options(str(value))
        except ValueError:
            choices = "、".join(option.value for option in options)
            raise self.fail(at + key, _("只能写 %(choices)s") % {"choices": choices}) from None
