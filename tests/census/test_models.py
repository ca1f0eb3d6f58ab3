"""Every model is classified, every constraint named in our form, and there is no table of persons."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

import pytest
from django.apps import apps
from django.db import models

from qingyuan.foundation.audit.models import WriteOnce
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.governance.models.guarded import Guarded
from qingyuan.ledgers import registry
from tests.census.house import MODELS, PACKAGE, PERSON_TABLES, PERSONAL_ELSEWHERE, WRITERS, Life
from tests.census.test_relations import our_models

MODEL_LIST = our_models()
BY_LABEL = {model._meta.label: model for model in MODEL_LIST}
NAME_LIKE = re.compile(r"(^|_)(name|names|surname|holder|xingming|patient|client|suspect|person)($|_)")
NUMBER_LIKE = re.compile(r"(id_number|id_card|id_no|identity|idcard|cert(ificate)?_no|id_index|passport|shenfen)")
PERSONAL = re.compile(
    r"(name|holder|phone|mobile|telephone|address|birth|id_number|id_card|passport|email|contact|ethnic|religion|native|face)"
)
FORBIDDEN = re.compile(r"(ethnic|minzu|religion|native_place|hometown|face|fingerprint|gps|longitude|latitude|risk|grade_of_person)")
CONSTRAINT = re.compile(r"^[a-z0-9]+(_[a-z0-9]+)+$")
TEXTS = (models.CharField, models.TextField, models.JSONField)
WRITING = frozenset(
    {"create", "bulk_create", "update_or_create", "get_or_create", "bulk_update", "update", "delete", "acreate"}
)


def fields_of(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.get_fields() if field.concrete]


def test_every_model_says_who_may_change_its_rows() -> None:
    assert set(BY_LABEL) == set(MODELS), "classify the model in tests/census/house.py"


@pytest.mark.parametrize("label", [label for label, life in MODELS.items() if life is Life.IMMUTABLE])
def test_what_is_immutable_refuses_by_itself(label: str) -> None:
    model = BY_LABEL[label]
    assert issubclass(model, WriteOnce | Guarded), "an immutable model inherits the refusal"
    manager = model._default_manager
    for attempt in (lambda: manager.all().delete(), lambda: manager.all().update(pk=1), lambda: model().delete()):
        with pytest.raises(TypeError):
            attempt()


def test_what_is_mutable_does_not_pretend_to_be_written_once() -> None:
    frozen = {label for label, model in BY_LABEL.items() if issubclass(model, WriteOnce | Guarded)}
    declared = {label for label, life in MODELS.items() if life is Life.IMMUTABLE}
    assert frozen <= declared | {label for label, life in MODELS.items() if life is Life.DERIVED}


def writes_in(source: str, names: Iterable[str]) -> set[str]:
    """The models of ``names`` whose manager ``source`` writes with, or whose new instance it saves."""
    wanted, found = set(names), set()
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITING | {"save"}):
            continue
        inner: ast.AST = node.func.value
        managed = False
        while isinstance(inner, ast.Call | ast.Attribute):
            if isinstance(inner, ast.Attribute) and inner.attr in {"objects", "everything", "_base_manager", "_default_manager"}:
                managed = True
            inner = inner.func if isinstance(inner, ast.Call) else inner.value
        built = isinstance(node.func.value, ast.Call) and node.func.attr == "save"
        if isinstance(inner, ast.Name) and inner.id in wanted and (managed or built):
            found.add(inner.id)
    return found


def may_write(label: str, place: str) -> bool:
    room = label.split(".")[0]
    if place.startswith((f"{room}/actions.py", f"{room}/actions/")):
        return True
    return any(place.startswith(start) for key in ("*", f"{room}.*", label) for start in WRITERS.get(key, {}))


def test_only_actions_write() -> None:
    by_name = {model.__name__: label for label, model in BY_LABEL.items()}
    stray = []
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE).as_posix()
        if "/migrations/" in place:
            continue
        for name in writes_in(path.read_text(encoding="utf-8"), by_name):
            if not may_write(by_name[name], place):
                stray.append(f"{place} writes {by_name[name]}")
    assert stray == []


def test_the_census_sees_a_view_that_writes() -> None:
    source = "Letter.objects.filter(pk=1).update(state='x')\nClient.objects.get(pk=1)\nUnit(name='x').save()\nrow.save()"
    assert writes_in(source, ["Letter", "Client", "Unit"]) == {"Letter", "Unit"}
    assert not may_write("governance.Letter", "web/letters/views.py")
    assert may_write("governance.Letter", "governance/actions/letters.py")


# --- persons -----------------------------------------------------------------------------------------------------------
def is_person_table(columns: Iterable[str]) -> bool:
    columns = list(columns)
    return any(NAME_LIKE.search(name) for name in columns) and any(NUMBER_LIKE.search(name) for name in columns)


def test_there_is_no_table_of_persons() -> None:
    found = {label for label, model in BY_LABEL.items() if is_person_table(field.name for field in fields_of(model))}
    assert found == set(PERSON_TABLES)


def test_the_census_sees_a_table_of_persons() -> None:
    assert is_person_table(["id", "holder_name", "id_card", "division"])
    assert not is_person_table(["id", "name", "code", "level"])


def test_nothing_that_is_never_collected_has_a_column() -> None:
    found = [
        f"{label}.{field.name}" for label, model in BY_LABEL.items() for field in fields_of(model) if FORBIDDEN.search(field.name)
    ]
    ledgers = [
        f"{ledger.code}.{column.name}"
        for ledger in registry.all_ledgers()
        for column in ledger.columns
        if FORBIDDEN.search(column.name) or any(word in str(column.header) for word in ("民族", "宗教", "籍贯", "风险等级"))
    ]
    assert found + ledgers == []


def declared_in_ledgers() -> dict[str, object]:
    """Model field label → its ledger column, for stored columns and for those one relation away."""
    found: dict[str, object] = {}
    for ledger in registry.all_ledgers():
        for column in ledger.columns:
            model: type[models.Model] = ledger.model
            *steps, last = column.where.split(".")
            for step in steps:
                model = model._meta.get_field(step).related_model
            found[f"{model._meta.label}.{last}"] = column
    return found


def test_every_personal_column_is_declared_with_its_protection() -> None:
    declared = declared_in_ledgers()
    unknown = []
    for label, model in BY_LABEL.items():
        for field in fields_of(model):
            where = f"{label}.{field.name}"
            looks = isinstance(field, EncryptedTextField) or (isinstance(field, TEXTS) and PERSONAL.search(field.name))
            if looks and where not in PERSONAL_ELSEWHERE and not getattr(declared.get(where), "personal", False):
                unknown.append(where)
    assert unknown == [], "give it a sensitivity in its ledger, or a line in PERSONAL_ELSEWHERE"
    assert [where for where in PERSONAL_ELSEWHERE if where.rsplit(".", 1)[0] not in BY_LABEL] == []


def test_what_a_ledger_calls_personal_stands_encrypted() -> None:
    clear = []
    for where, column in declared_in_ledgers().items():
        label, name = where.rsplit(".", 1)
        if column.personal and not isinstance(BY_LABEL[label]._meta.get_field(name), EncryptedTextField):
            clear.append(where)
    assert clear == []


def test_a_key_of_a_compartment_encrypts_only_its_own_ledgers() -> None:
    for ledger in registry.all_ledgers():
        for field in fields_of(ledger.model):
            if isinstance(field, EncryptedTextField):
                assert field.compartment == ledger.compartment, f"{ledger.code}.{field.name}"


# --- form --------------------------------------------------------------------------------------------------------------
def bad_names(label: str, table: str, names: Iterable[str]) -> list[str]:
    room = label.split(".")[0]
    return [name for name in names if not CONSTRAINT.match(name) or not name.startswith(f"{room}_")]


def test_constraints_and_indexes_are_named_after_their_room_and_what_they_promise() -> None:
    for label, model in BY_LABEL.items():
        names = [item.name for item in (*model._meta.constraints, *model._meta.indexes)]
        assert bad_names(label, model._meta.db_table, names) == [], label
        assert not model._meta.unique_together, f"{label}: say it as a named constraint"


def test_the_census_sees_a_nameless_constraint() -> None:
    assert bad_names("governance.Letter", "", ["letter_uniq", "governance_letter_serial_unique", "organisation_x"]) == [
        "letter_uniq",
        "organisation_x",
    ]


def test_who_did_it_stands_wherever_it_says_when() -> None:
    """A nullable ``x_at`` beside ``x_by…`` is held together by a constraint, or is on the list with its reason."""
    loose = []
    for label, model in BY_LABEL.items():
        fields = {field.name: field for field in fields_of(model)}
        held = " ".join(str(item.deconstruct()) for item in model._meta.constraints)
        for name, field in fields.items():
            stem = name.removesuffix("_at")
            partner = next((other for other in fields if other.startswith(f"{stem}_by")), "")
            if name.endswith("_at") and field.null and partner and name not in held:
                loose.append(f"{label}.{name}")
    assert loose == sorted(LOOSE_PAIRS), "add a constraint"


# Written by one action only, both columns in one save; the state column carries the promise.
LOOSE_PAIRS: list[str] = []


def test_every_ledger_row_model_has_its_two_constraints() -> None:
    for ledger in registry.all_ledgers():
        prefix = f"{ledger.model._meta.app_label}_{ledger.model._meta.model_name}"
        names = {item.name for item in ledger.model._meta.constraints}
        assert {f"{prefix}_key_unique_live", f"{prefix}_void_has_reason"} <= names, ledger.code


def test_every_app_label_is_its_room() -> None:
    for config in apps.get_app_configs():
        if config.name.startswith("qingyuan."):
            assert config.name == f"qingyuan.{config.label}"
            assert config.default_auto_field == "django.db.models.BigAutoField", config.label
