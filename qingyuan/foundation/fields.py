"""Columns whose values stand encrypted in the database, and the blind indexes that make them findable."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.lookups import Exact

from qingyuan.foundation.crypto import Undecipherable, decrypt_text, encrypt_many, encrypt_text, looks_encrypted
from qingyuan.foundation.crypto import blind_index as _blind_index
from qingyuan.foundation.enums import Compartment

if TYPE_CHECKING:
    # Django's fields are generic for the type checker only.
    _TextField = models.TextField[str | None, str]
    _CharField = models.CharField[str, str]
    _SmallIntegerField = models.PositiveSmallIntegerField[int | None, int | None]
    _Exact = Exact[Any]
else:
    _TextField = models.TextField
    _CharField = models.CharField
    _SmallIntegerField = models.PositiveSmallIntegerField
    _Exact = Exact


class CipherText(str):
    """A value already encrypted for its column; the field stores it as it is."""

    __slots__ = ()


class EncryptedTextField(_TextField):
    """A text that is clear in Python and ciphertext in the database.

    It cannot be searched, sorted or made unique: keep a ``BlindIndexField`` beside it. Only whether it is empty may be
    asked (``name=""``), because an empty text is stored as it is. ``bound_as`` keeps the old
    "app.Model.field" after a rename, because every ciphertext is bound to the column it was written for.
    None and "" are stored as they are.
    """

    description = "encrypted text"

    def __init__(self, *args: Any, compartment: Compartment | str, bound_as: str = "", **kwargs: Any) -> None:
        if kwargs.get("unique") or kwargs.get("db_index") or kwargs.get("primary_key"):
            raise ValueError("加密列不能建索引或唯一约束：请在旁边加一个 BlindIndexField")
        self.compartment = Compartment(compartment)
        self.bound_as = bound_as
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["compartment"] = self.compartment.value
        if self.bound_as:
            kwargs["bound_as"] = self.bound_as
        return name, path, args, kwargs

    @property
    def aad(self) -> str:
        """The place every ciphertext of this column is bound to."""
        return self.bound_as or f"{self.model._meta.app_label}.{self.model.__name__}.{self.name}"

    def get_internal_type(self) -> str:
        return "TextField"

    def prepare(self, value: str | None) -> str | None:
        """What the database holds for a clear value; use it for staging rows and SQL that bypass the model."""
        if value is None or value == "" or isinstance(value, CipherText):
            return value
        return CipherText(encrypt_text(self.compartment, value, self.aad))

    def prepare_many(self, values: Iterable[str]) -> list[str]:
        """``prepare`` for many values, none of them prepared yet."""
        clear = list(values)
        sealed = iter(encrypt_many(self.compartment, (value for value in clear if value), self.aad))
        return [CipherText(next(sealed)) if value else "" for value in clear]

    def reveal(self, stored: str | None) -> str | None:
        """The clear value of what the database holds. Raises Undecipherable or KeyMissing."""
        if stored is None or stored == "":
            return stored
        return decrypt_text(self.compartment, stored, self.aad)

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        if not isinstance(value, str) or self._is_prepared(value):
            return value
        return self.prepare(value)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return self.reveal(value)

    def value_to_string(self, obj: models.Model) -> str:
        """Fixtures and dumps hold the ciphertext, never the clear value."""
        return self.prepare(self.value_from_object(obj)) or ""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, CipherText):
            return value
        return super().to_python(value)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        return IsEmpty if lookup_name == "exact" else self.refuse(lookup_name)

    def get_transform(self, lookup_name: str) -> Any:
        return self.refuse(lookup_name)

    def _is_prepared(self, value: str) -> bool:
        # A staged value has lost its type. Nobody can type a text that decrypts here, so the tag itself is the proof.
        if isinstance(value, CipherText):
            return True
        if not looks_encrypted(value):
            return False
        try:
            self.reveal(value)
        except (Undecipherable, LookupError):
            return False
        return True

    def refuse(self, lookup_name: str) -> NoReturn:
        """Raises FieldError, saying what to ask instead."""
        raise FieldError(
            f"加密列 {self.aad} 不能用 {lookup_name} 查找：请用 index_of() 算出盲索引，再按旁边的 BlindIndexField 查找"
        )


class IsEmpty(_Exact):
    """``column=""``: the one thing the stored value tells. Any other value is refused, for no ciphertext equals another."""

    def __init__(self, lhs: Any, rhs: Any) -> None:
        if rhs != "":
            lhs.output_field.refuse("exact")
        super().__init__(lhs, rhs)


class EncryptedJSONField(EncryptedTextField):
    """A JSON value that stands encrypted: what a program notes about a file may quote the file. Empty is ``{}``."""

    description = "encrypted JSON"

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, CipherText):
            return value
        return self.prepare(json.dumps(value, ensure_ascii=False, separators=(",", ":"))) if value else ""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        text = self.reveal(value)
        return json.loads(text) if text else {}

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj)) or ""


class EncryptedIntegerField(EncryptedTextField):
    """A whole number that stands encrypted, as its digits; what was not answered is None, and empty in the database."""

    description = "encrypted whole number"

    def get_prep_value(self, value: Any) -> Any:
        if value is None or value == "":
            return ""
        return value if isinstance(value, str) and self._is_prepared(value) else self.prepare(str(int(value)))

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        text = self.reveal(value)
        return int(text) if text else None

    def to_python(self, value: Any) -> Any:
        return value

    def value_from_object(self, obj: models.Model) -> Any:
        """Ciphertext: a dump would write a number down as it is, without asking ``value_to_string``."""
        return self.get_prep_value(super().value_from_object(obj))

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))


class BlindIndexField(_CharField):
    """32 hex characters from ``index_of``, or "" when the value is empty."""

    description = "blind index"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 32)
        kwargs.setdefault("db_index", True)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.update({name: getattr(self, name) for name in ("db_index", "blank", "editable")})
        return name, path, args, kwargs


class BucketField(_SmallIntegerField):
    """A number that many names share, so that a part of a name narrows a search (``foundation.name_buckets``).

    None: not filled yet; such a row is looked at by every search.
    """

    description = "bucket of names"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("null", True)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.update({name: getattr(self, name) for name in ("null", "editable")})
        return name, path, args, kwargs


@cache
def encrypted_names(model: type[models.Model]) -> frozenset[str]:
    """The columns of ``model`` that stand encrypted: the audit keeps their values under the row's own key too."""
    return frozenset(field.name for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField))


def index_of(compartment: Compartment | str, purpose: str, text: str | None) -> str:
    """The blind index of a value after one common folding (width, blanks, letter case); "" for an empty value."""
    folded = "".join(unicodedata.normalize("NFKC", text or "").split()).casefold()
    return _blind_index(compartment, purpose, folded) if folded else ""
