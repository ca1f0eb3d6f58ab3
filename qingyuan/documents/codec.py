"""A document as plain JSON and back, without loss: what is kept of an issued paper, and what is hashed."""

from __future__ import annotations

import json
import types
import typing
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from qingyuan.documents import model
from qingyuan.documents.model import BadDocument, OfficialDocument

SCHEMA = "qingyuan.document/1"
_BLOCKS: dict[str, type[Any]] = {block.__name__: block for block in typing.get_args(model.Block)}


def encode(document: OfficialDocument) -> dict[str, Any]:
    """The document as JSON values; blocks carry their kind under "is", fields at their default are left out.

    Leaving defaults out lets a later version add a field without changing the hash of papers issued before.
    """
    return {"schema": SCHEMA, **_plain(document)}


def decode(data: dict[str, Any]) -> OfficialDocument:
    """The document that `encode` was given.

    Raises BadDocument when the data is of another schema or does not describe a document.
    """
    if data.get("schema") != SCHEMA:
        raise BadDocument(f"无法识别的公文数据格式：{data.get('schema')!r}。请用生成它的版本打开。")
    try:
        document = _build(OfficialDocument, {key: value for key, value in data.items() if key != "schema"})
    except (KeyError, TypeError, AttributeError) as error:
        raise BadDocument("公文数据不完整或已损坏。请从原记录重新生成。") from error
    return typing.cast(OfficialDocument, document)


def canonical(data: dict[str, Any]) -> bytes:
    """One spelling of the JSON: sorted keys, no spaces, UTF-8."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        named = {
            field.name: _plain(getattr(value, field.name))
            for field in fields(value)
            if getattr(value, field.name) != field.default
        }
        return {"is": type(value).__name__, **named} if type(value).__name__ in _BLOCKS else named
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    # 2.0 and 2 are one width: JSON would spell them differently.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _build(shape: Any, value: Any) -> Any:
    """Value of the annotated shape from plain JSON."""
    if value is None:
        return None
    origin, inner = typing.get_origin(shape), typing.get_args(shape)
    if origin in (types.UnionType, typing.Union):
        if isinstance(value, dict):
            return _fill(_BLOCKS[value["is"]], value)
        return _build(next(part for part in inner if part is not types.NoneType), value)
    if origin is tuple:
        shapes = [inner[0]] * len(value) if inner[-1] is Ellipsis else inner
        return tuple(_build(part, item) for part, item in zip(shapes, value, strict=True))
    if is_dataclass(shape):
        return _fill(typing.cast(type[Any], shape), value)
    if shape is date:
        return date.fromisoformat(value)
    if isinstance(shape, type) and issubclass(shape, StrEnum | float):
        return shape(value)
    if not isinstance(value, shape):
        raise TypeError(f"{value!r} is not {shape}")
    return value


def _fill(shape: type[Any], value: dict[str, Any]) -> Any:
    hints = typing.get_type_hints(shape)
    given = {key: item for key, item in value.items() if key != "is"}
    return shape(**{key: _build(hints[key], item) for key, item in given.items()})
