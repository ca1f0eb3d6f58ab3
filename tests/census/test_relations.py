"""Every relation points down the storeys or stays in its room, and none crosses a zone or a database."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from tests.census.house import EVERYWHERE, PACKAGE, ROOMS_WITHOUT_CODE, TREATMENT_IS_KNOWN_TO, ZONE_OF_ROOM, storeys

STOREYS = storeys()


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("qingyuan.")]


def relations(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.get_fields() if field.is_relation and field.concrete and not field.auto_created]


def wrong_way(room: str, other: str) -> str:
    """Why ``room`` may not hold a key into ``other``; empty when it may."""
    if room == other:
        return ""
    if room not in STOREYS or other not in STOREYS:
        return f"{room} or {other} is not on the list of storeys"
    if STOREYS[other] >= STOREYS[room]:
        return f"{room} stands on storey {STOREYS[room]}, {other} on {STOREYS[other]}"
    zone, zone_there = ZONE_OF_ROOM[room], ZONE_OF_ROOM[other]
    if zone_there is not EVERYWHERE and zone != zone_there:
        return f"{room} stands in zone {zone or 'every'}, {other} in {zone_there}"
    return ""


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_relations_point_down_the_stairs_and_inside_the_zone(model: type[models.Model]) -> None:
    for field in relations(model):
        other = field.related_model
        assert wrong_way(model._meta.app_label, other._meta.app_label) == "", f"{model._meta.label}.{field.name}"


def test_the_census_sees_a_key_that_points_up_sideways_or_across_a_zone() -> None:
    assert "storey" in wrong_way("ledgers", "governance")
    assert "storey" in wrong_way("enforcement", "rehabilitation")
    assert "zone" in wrong_way("governance", "enforcement")
    assert "zone" in wrong_way("situation", "treatment")
    assert "list" in wrong_way("somewhere", "ledgers")
    assert wrong_way("rehabilitation", "casework") == ""


def test_every_room_is_on_the_list_of_zones() -> None:
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert rooms <= set(ZONE_OF_ROOM), "say in which zone the new room stands"
    assert set(STOREYS) - ROOMS_WITHOUT_CODE == set(ZONE_OF_ROOM)


def test_the_audit_holds_no_key_and_no_key_crosses_a_database() -> None:
    for model in our_models():
        home = getattr(model, "database", "default")
        for field in relations(model):
            assert model._meta.app_label != "foundation", f"{model._meta.label}.{field.name}: the audit has no foreign key"
            assert getattr(field.related_model, "database", "default") == home, f"{model._meta.label}.{field.name}"


def test_no_relation_deletes_a_ledger_row_along_with_another() -> None:
    """PROTECT everywhere; only an import's own staging goes with its batch."""
    cascading = {
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in relations(model)
        if getattr(field.remote_field, "on_delete", None) is not models.PROTECT
    }
    assert cascading == {"ledgers.StagedBlock.batch"}


def treatment_imports(root: Path) -> list[str]:
    """Files under ``root`` that import treatment and are not among those who may."""
    found = []
    for path in sorted((root / "qingyuan").rglob("*.py")):
        place = path.relative_to(root).as_posix()
        if place.startswith(TREATMENT_IS_KNOWN_TO):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            if any(name == "qingyuan.treatment" or name.startswith("qingyuan.treatment.") for name in names):
                found.append(place)
    return found


def test_treatment_is_imported_only_by_its_own_slices_the_gates_and_the_demo() -> None:
    assert treatment_imports(PACKAGE.parent) == []


def test_the_census_sees_an_import_of_treatment(tmp_path: Path) -> None:
    for place, line in {
        "qingyuan/web/ledgers/x.py": "from qingyuan import treatment",
        "qingyuan/rehabilitation/y.py": "import qingyuan.treatment.models",
        "qingyuan/journeys/gates/z.py": "from qingyuan.treatment import actions",
    }.items():
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(line, encoding="utf-8")
    assert set(treatment_imports(tmp_path)) == {"qingyuan/web/ledgers/x.py", "qingyuan/rehabilitation/y.py"}
