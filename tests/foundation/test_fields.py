from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import connection, connections, models
from django.db.migrations.writer import MigrationWriter
from django.db.models.functions import Upper
from django.test.utils import isolate_apps
from pytest_django import DjangoDbBlocker

from qingyuan.foundation import crypto
from qingyuan.foundation.crypto import KeyMissing, Undecipherable
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import BlindIndexField, CipherText, EncryptedIntegerField, EncryptedTextField, index_of
from qingyuan.foundation.rotation import encrypted_columns, reencrypt

NAME, PHONE = "何立新测试甲", "19900001234"


def make_model() -> Any:
    with isolate_apps("qingyuan.foundation"):

        class Person(models.Model):
            name = EncryptedTextField(compartment=Compartment.COMMUNITY)
            phone = EncryptedTextField(compartment="community", null=True, blank=True)
            name_index = BlindIndexField()
            age = EncryptedIntegerField(compartment="community", default=None)

            class Meta:
                app_label = "foundation"

            def __str__(self) -> str:
                return str(self.pk)

    return Person


@pytest.fixture
def person(transactional_db: None) -> Iterator[Any]:
    model = make_model()
    with connection.schema_editor() as editor:
        editor.create_model(model)
    yield model
    with connection.schema_editor() as editor:
        editor.delete_model(model)


def stored(model: Any, column: str = "name") -> list[str | None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {model._meta.db_table} ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_the_database_holds_ciphertext_and_python_the_clear_value(person: Any) -> None:
    made = person.objects.create(name=NAME, phone=PHONE)
    assert made.name == NAME
    (name,), (phone,) = stored(person), stored(person, "phone")
    assert name and phone and name.startswith("q1.1.") and NAME not in name and PHONE not in phone
    again = person.objects.get()
    assert (again.name, again.phone) == (NAME, PHONE)
    assert list(person.objects.values_list("name", flat=True)) == [NAME]


def test_nothing_and_empty_pass_through(person: Any) -> None:
    person.objects.create(name="", phone=None)
    assert (stored(person), stored(person, "phone")) == ([""], [None])
    again = person.objects.get()
    assert (again.name, again.phone) == ("", None)
    assert person.objects.filter(phone__isnull=True).count() == 1


def test_every_way_of_writing_encrypts(person: Any) -> None:
    rows = person.objects.bulk_create([person(name=f"甲{n}") for n in range(3)])
    for row in rows:
        row.name += "改"
    person.objects.bulk_update(rows, ["name"])
    person.objects.filter(pk=rows[0].pk).update(name="更新")
    person.objects.update_or_create(pk=rows[1].pk, defaults={"name": "或建"})
    assert all(value and value.startswith("q1.") for value in stored(person))
    assert list(person.objects.order_by("pk").values_list("name", flat=True)) == ["更新", "或建", "甲2改"]


def test_equal_values_look_different(person: Any) -> None:
    person.objects.bulk_create([person(name=NAME) for _ in range(20)])
    assert len(set(stored(person))) == 20


def test_a_prepared_value_is_stored_once_encrypted_even_after_it_lost_its_type(person: Any) -> None:
    field = person._meta.get_field("name")
    prepared = field.prepare(NAME)
    assert isinstance(prepared, CipherText)
    from_staging = json.loads(json.dumps(prepared))
    assert type(from_staging) is str
    person.objects.create(name=prepared)
    person.objects.create(name=from_staging)
    person.objects.bulk_create([person(name=one) for one in field.prepare_many([NAME, ""])])
    assert stored(person)[:2] == [prepared, prepared]
    assert list(person.objects.order_by("pk").values_list("name", flat=True)) == [NAME, NAME, NAME, ""]


def test_a_text_that_only_looks_encrypted_is_encrypted_like_any_other(person: Any) -> None:
    phone = person._meta.get_field("phone").prepare(PHONE)
    typed = ["q1.1.abc.def", "q1.1.deadbeef.AAAA", str(phone)]
    person.objects.bulk_create([person(name=text) for text in typed])
    assert not set(stored(person)) & set(typed)
    assert list(person.objects.order_by("pk").values_list("name", flat=True)) == typed


def test_ciphertexts_swapped_between_columns_are_refused(person: Any) -> None:
    person.objects.create(name=NAME, phone=PHONE)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {person._meta.db_table} SET name = phone, phone = name")
    with pytest.raises(Undecipherable, match=r"foundation\.Person\.name"):
        person.objects.get()


def test_a_value_whose_key_is_missing_says_which(person: Any) -> None:
    person.objects.create(name=NAME)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {person._meta.db_table} SET name = 'q1.1.deadbeef.AAAA'")
    with pytest.raises(KeyMissing, match="deadbeef"):
        person.objects.get()


@pytest.mark.parametrize(
    "lookup", ["name", "name__iexact", "name__contains", "name__in", "name__gt", "name__startswith", "name__regex"]
)
def test_searching_a_ciphertext_is_refused_with_the_way_out(person: Any, lookup: str) -> None:
    with pytest.raises(FieldError, match="index_of"):
        person.objects.filter(**{lookup: [NAME] if lookup.endswith("in") else NAME})


def test_transforms_are_refused(person: Any) -> None:
    with pytest.raises(FieldError, match="index_of"):
        person.objects.filter(name__length__gt=3)
    person.objects.create(name=NAME)
    with pytest.raises(Undecipherable):
        list(person.objects.annotate(loud=Upper("name")).values_list("loud"))


def test_a_blind_index_finds_a_name_however_it_was_typed(person: Any) -> None:
    person.objects.create(name=NAME, name_index=index_of("community", "name", NAME))
    for typed in (NAME, f" {NAME[:1]} {NAME[1:]}\u3000"):
        assert person.objects.filter(name_index=index_of("community", "name", typed)).count() == 1
    assert index_of("community", "plate", "ａｂ 12") == index_of("community", "plate", "AB12")
    assert person.objects.filter(name_index=index_of("enforcement", "name", NAME)).count() == 0
    assert index_of("community", "name", None) == index_of("community", "name", " ") == ""


def test_after_a_rotation_stored_values_move_to_the_new_key_and_edits_made_meanwhile_stay(
    person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qingyuan.foundation.rotation.ROWS_PER_READ", 4)
    rows = person.objects.bulk_create([person(name=f"{NAME}{n}") for n in range(10)] + [person(name="")])
    field = person._meta.get_field("name")
    old = stored(person)
    key_id = crypto.rotate("community")
    reveal = field.reveal

    def someone_else_writes_first(ciphertext: str) -> str | None:
        if ciphertext == old[3]:
            person.objects.filter(pk=rows[3].pk).update(name="别人刚改的")
        return reveal(ciphertext)

    monkeypatch.setattr(field, "reveal", someone_else_writes_first)
    assert reencrypt(field) == 9
    monkeypatch.undo()
    assert reencrypt(field) == 0
    assert {value.split(".")[2] for value in stored(person) if value} == {key_id}
    expected = [f"{NAME}{n}" if n != 3 else "别人刚改的" for n in range(10)]
    assert list(person.objects.order_by("pk").values_list("name", flat=True)) == [*expected, ""]


def test_the_encrypted_columns_of_a_compartment_can_be_listed() -> None:
    columns = encrypted_columns()
    assert all(column.compartment in Compartment for column in columns)
    assert [c for c in columns if c.compartment == "community"] == encrypted_columns("community")


def test_a_dump_holds_ciphertext_and_loads_back(person: Any) -> None:
    person.objects.create(name=NAME, phone=PHONE)
    dumped = serializers.serialize("python", person.objects.all())
    assert NAME not in json.dumps(dumped, ensure_ascii=False) and PHONE not in json.dumps(dumped)
    person.objects.update(name=dumped[0]["fields"]["name"])
    assert person.objects.get().name == NAME


@pytest.mark.parametrize(
    "field",
    [
        EncryptedTextField(compartment=Compartment.HELP),
        EncryptedTextField("备注", compartment="treatment", null=True, bound_as="help.Note.text"),
        BlindIndexField(),
        BlindIndexField(max_length=32, db_index=False, blank=False),
    ],
)
def test_fields_survive_a_migration_file(field: Any) -> None:
    code, imports = MigrationWriter.serialize(field)
    scope: dict[str, Any] = {}
    exec("\n".join(imports), scope)
    again = eval(code, scope)
    assert again.deconstruct()[1:] == field.deconstruct()[1:]


def test_a_renamed_column_stays_readable_when_it_says_what_it_was_bound_to(person: Any) -> None:
    ciphertext = person._meta.get_field("name").prepare(NAME)
    field = EncryptedTextField(compartment="community", bound_as="foundation.Person.name")
    assert field.reveal(ciphertext) == NAME


@pytest.mark.parametrize("option", ["unique", "db_index", "primary_key"])
def test_an_index_over_ciphertext_is_refused(option: str) -> None:
    with pytest.raises(ValueError, match="BlindIndexField"):
        EncryptedTextField(compartment="community", **{option: True})


def test_an_unknown_compartment_is_refused_when_the_model_is_read() -> None:
    with pytest.raises(ValueError, match="persons"):
        EncryptedTextField(compartment="persons")


def test_planted_values_are_nowhere_in_the_database_s_files(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        content = write_planted(tmp_path)
    assert b"q1.1." in content, "the values must really be in these files"
    for planted in (NAME, PHONE, NAME[:3]):
        for encoding in ("utf-8", "utf-16-le", "gb18030"):
            assert planted.encode(encoding) not in content


def write_planted(folder: Path) -> bytes:
    """Write, change and delete planted persons in a database file of their own; return every byte it left."""
    model = make_model()
    databases = connections.settings
    databases["planted"] = {
        **databases["default"],
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(folder / "planted.sqlite3"),
        "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL;"},
    }
    try:
        other = connections["planted"]
        with other.schema_editor() as editor:
            editor.create_model(model)
        for number in range(50):
            row = model.objects.using("planted").create(
                name=f"{NAME}{number}", phone=PHONE, name_index=index_of("community", "name", NAME)
            )
            row.name += "改"
            row.save(using="planted")
        model.objects.using("planted").filter(pk__lt=10).delete()
        content = b"".join(path.read_bytes() for path in folder.glob("planted.sqlite3*"))
        other.close()
    finally:
        del databases["planted"]
        del connections["planted"]
    return content


def test_bulk_encryption_is_quick_enough_for_an_import(person: Any) -> None:
    field = person._meta.get_field("name")
    sealed = field.prepare_many([NAME] * 2000)
    assert len(set(sealed)) == 2000
    assert crypto.decrypt_many("community", sealed[:3], field.aad) == [NAME] * 3


@pytest.mark.parametrize("age", [0, 23, None])
def test_a_whole_number_stands_encrypted_and_comes_back_as_one(person: Any, age: int | None) -> None:
    made = person.objects.create(name=NAME, age=age)
    person.objects.bulk_create([person(name=NAME, age=age)])
    first, second = stored(person, "age")
    if age is None:
        assert first == second == ""
    else:
        assert crypto.looks_encrypted(str(first)) and crypto.looks_encrypted(str(second)) and first != second
    assert [one.age for one in person.objects.order_by("pk")] == [age, age]
    dumped = json.loads(serializers.serialize("json", [made]))[0]["fields"]["age"]
    assert dumped == "" if age is None else crypto.looks_encrypted(dumped)
    with pytest.raises(FieldError):
        person.objects.filter(age__gt=1)
