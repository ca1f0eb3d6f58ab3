"""The two columns by which a ledger names somebody who stands in a row of its own: name and ID number, alike in every room.

The person is the room's noun (client, patient); the columns are read through it and searched by its blind indexes, so they are
typed with a row and changed on the person alone.
"""

from __future__ import annotations

from qingyuan.foundation.enums import Sensitivity
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.kinds import Kind

ID_ALIASES = ("身份证号码", "公民身份号码", "证件号码", "身份证")


def name_column(person: str, *aliases: str, sensitivity: Sensitivity = Sensitivity.PERSONAL) -> Column:
    """``person``: the attribute of the row that points at whom it is about; ``aliases``: other headers offices use."""
    return Column(
        "name",
        "姓名",
        Kind.PERSON_NAME,
        required=True,
        aliases=aliases,
        path=f"{person}.name",
        sensitivity=sensitivity,
        searchable=True,
        index=f"{person}.name_index",
        example="何立新",
        editable=False,
    )


def id_number_column(person: str) -> Column:
    return Column(
        "id_number",
        "身份证号",
        Kind.ID_NUMBER,
        required=True,
        aliases=ID_ALIASES,
        path=f"{person}.id_number",
        sensitivity=Sensitivity.SENSITIVE,
        searchable=True,
        index=f"{person}.id_index",
        help="18 位,按文本填写",
        example="999999199101010072",
        editable=False,
    )
