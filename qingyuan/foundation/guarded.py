"""Rows whose content is written once: neither ``save`` nor ``update`` nor ``delete`` reaches it again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.utils.translation import gettext as _

GuardedT = TypeVar("GuardedT", bound="Guarded")


class WrittenOnce(TypeError):
    """An attempt to change what was issued; the message says what to do instead."""

    def __init__(self, what: str) -> None:
        super().__init__(_("%(what)s一经形成不得修改或删除；需要更正时另出一份，原件保留。") % {"what": what})


class GuardedQuerySet(models.QuerySet[GuardedT]):
    """Reads, inserts, and changes of the columns that may move; nothing else."""

    def update(self, **kwargs: Any) -> int:
        if not set(kwargs) <= self.model.movable:
            raise WrittenOnce(str(self.model._meta.verbose_name))
        return super().update(**kwargs)

    def bulk_update(self, objs: Iterable[GuardedT], fields: Iterable[str], batch_size: int | None = None) -> int:
        names = list(fields)
        if not set(names) <= self.model.movable:
            raise WrittenOnce(str(self.model._meta.verbose_name))
        return super().bulk_update(objs, names, batch_size)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise WrittenOnce(str(self.model._meta.verbose_name))


class Guarded(models.Model):
    """``movable``: the columns that may change after the row is written (state, not content)."""

    movable: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            self._refuse_changes()
            # Whatever the caller names, only the columns that may move are written.
            wanted = kwargs.get("update_fields")
            kwargs["update_fields"] = sorted(self.movable if wanted is None else set(wanted) & self.movable)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise WrittenOnce(str(self._meta.verbose_name))

    def _refuse_changes(self) -> None:
        """Compare with what the database holds, so that a row built by hand cannot slip in either."""
        fields = [field for field in self._meta.concrete_fields if field.attname not in self.movable]
        names = [field.attname for field in fields if field.name not in self.movable and not field.primary_key]
        stored = type(self)._base_manager.filter(pk=self.pk).values(*names).first()
        if stored is not None and any(stored[name] != getattr(self, name) for name in names):
            raise WrittenOnce(str(self._meta.verbose_name))
