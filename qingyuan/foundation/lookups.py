"""``field__among=values``: one of many values, sent as one parameter, however many they are.

``field__in`` sends a parameter for each, which takes longer to put together than to answer once there are hundreds, and
SQLite takes no more than 32 766 of them. For a row's own columns; a reference is asked for by ``__in``.
"""

from __future__ import annotations

import json
from typing import Any, Final
from uuid import UUID

from django.db.models import Field, Lookup, UUIDField

_AS_IT_IS: Final = {str, int}


class Among(Lookup):  # type: ignore[type-arg]
    lookup_name = "among"

    def get_prep_lookup(self) -> Any:
        return list(self.rhs)

    def get_db_prep_lookup(self, value: Any, connection: Any) -> Any:
        target = self.lhs.output_field
        if isinstance(target, UUIDField) and not connection.features.has_native_uuid_field:
            values = [one.hex if one.__class__ is UUID else target.get_db_prep_value(one, connection) for one in value]
        elif set(map(type, value)) <= _AS_IT_IS:
            values = value
        else:
            values = [target.get_db_prep_value(one, connection) for one in value]
        return "%s", [values if connection.vendor == "postgresql" else json.dumps(values)]

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, parameters = self.process_lhs(compiler, connection)
        _mark, values = self.get_db_prep_lookup(self.rhs, connection)
        right = "= ANY(%s)" if connection.vendor == "postgresql" else "IN (SELECT value FROM json_each(%s))"
        return f"{left} {right}", [*parameters, *values]


def register() -> None:
    Field.register_lookup(Among)
