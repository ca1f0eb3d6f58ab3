from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pytest_django import Settings

from qingyuan.foundation import crypto
from qingyuan.foundation.crypto import (
    SUITES,
    FileKeyProvider,
    KeyFolderLost,
    KeyFolderUnsafe,
    KeyMissing,
    Keyring,
    KeyringBusy,
    Undecipherable,
    UnknownSuite,
    keyring,
)
from qingyuan.foundation.crypto import keyring as open_ring
from qingyuan.foundation.crypto.ring import Purpose
from qingyuan.foundation.crypto.suites import Sm4Gcm
from qingyuan.foundation.enums import Compartment

AAD = "rehabilitation.Client.name"
ONE_EXAMPLE_SETTING = [HealthCheck.function_scoped_fixture]


@pytest.fixture
def keys(tmp_path: Path, settings: Settings) -> Path:
    """A key folder of this test's own, not yet made."""
    settings.QINGYUAN_KEYS = tmp_path / "city" / "keys"
    return tmp_path / "city" / "keys"


@pytest.fixture(params=[1, 2], ids=["aes", "sm4"])
def suite(request: pytest.FixtureRequest, settings: Settings, keys: Path) -> int:
    settings.QINGYUAN_CRYPTO_SUITE = request.param
    number: int = request.param
    return number


def test_sm4_and_sm3_give_the_standards_own_vectors() -> None:
    block = bytes.fromhex("0123456789abcdeffedcba9876543210")
    encryptor = Cipher(SM4(block), modes.ECB()).encryptor()
    assert encryptor.update(block).hex() == "681edf34d206965e86b3e94f536e4246"  # GB/T 32907-2016 A.1
    assert SUITES[2].digest(b"abc").hex() == (
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"  # GB/T 32905-2016 A.1
    )


def test_sm4_gcm_gives_the_vector_of_rfc_8998() -> None:
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    nonce = bytes.fromhex("00001234567800000000abcd")
    aad = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    text = bytes.fromhex(
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
        "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
    )
    sealed = Sm4Gcm(key).encrypt(nonce, text, aad)
    assert sealed.hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
    assert Sm4Gcm(key).decrypt(nonce, sealed, aad) == text
    for broken in (sealed[:-1] + bytes([sealed[-1] ^ 1]), b"short"):
        with pytest.raises(InvalidTag):
            Sm4Gcm(key).decrypt(nonce, broken, aad)


def test_the_hmacs_are_the_published_ones() -> None:
    # RFC 4231 case 2 for SHA-256.
    assert SUITES[1].mac(b"Jefe", b"what do ya want for nothing?").hex() == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )
    # HMAC by its definition (RFC 2104) over SM3.
    key, data = b"k" * 32, b"data"
    inner = SUITES[2].digest(bytes(b ^ 0x36 for b in key.ljust(64, b"\0")) + data)
    assert SUITES[2].mac(key, data) == SUITES[2].digest(bytes(b ^ 0x5C for b in key.ljust(64, b"\0")) + inner)


@examples(suppress_health_check=ONE_EXAMPLE_SETTING, max_examples=30)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_what_is_encrypted_comes_back_and_is_not_seen(suite: int, text: str) -> None:
    sealed = crypto.encrypt_text("community", text, AAD)
    mark, number, _key, body = sealed.split(".")
    assert (mark, number) == ("q1", str(suite))
    assert crypto.decrypt_text("community", sealed, AAD) == text
    assert len(text) < 6 or text not in sealed
    assert sealed != crypto.encrypt_text("community", text, AAD)
    assert body.isascii() and "=" not in body


def test_many_values_are_the_same_as_one_by_one(suite: int) -> None:
    texts = ["何立新", "", "李明", "x" * 3000]
    sealed = crypto.encrypt_many("help", texts, AAD)
    assert crypto.decrypt_many("help", sealed, AAD) == texts
    assert [crypto.decrypt_text("help", one, AAD) for one in sealed] == texts


def test_a_ciphertext_opens_in_its_own_column_and_compartment_only(suite: int) -> None:
    sealed = crypto.encrypt_text("community", "何立新", AAD)
    with pytest.raises(Undecipherable, match=r"rehabilitation\.Client\.phone"):
        crypto.decrypt_text("community", sealed, "rehabilitation.Client.phone")
    with pytest.raises(Undecipherable):
        crypto.decrypt_text("enforcement", sealed, AAD)


def test_every_altered_character_is_noticed(suite: int) -> None:
    sealed = crypto.encrypt_text("community", "何立新", AAD)
    head, _, body = sealed.rpartition(".")
    for place in range(len(body) - 1):
        other = "A" if body[place] != "A" else "B"
        with pytest.raises(Undecipherable):
            crypto.decrypt_text("community", f"{head}.{body[:place]}{other}{body[place + 1 :]}", AAD)


@pytest.mark.parametrize("text", ["", "何立新", "q1.", "q1.1.abc", "q1.1.00000000.", "q2.1.00000000.AAAA"])
def test_what_was_never_encrypted_is_not_taken_for_it(keys: Path, text: str) -> None:
    with pytest.raises(Undecipherable):
        crypto.decrypt_text("community", text, AAD)


def test_a_missing_key_is_named(keys: Path) -> None:
    with pytest.raises(KeyMissing, match="deadbeef"):
        crypto.decrypt_text("community", "q1.1.deadbeef.AAAA", AAD)


def test_the_claimed_suite_must_be_the_key_s_own(keys: Path) -> None:
    sealed = crypto.encrypt_text("community", "何立新", AAD)
    with pytest.raises(Undecipherable):
        crypto.decrypt_text("community", sealed.replace("q1.1.", "q1.2."), AAD)


def test_after_rotation_new_values_take_the_new_key_and_old_ones_still_open(suite: int) -> None:
    old = crypto.encrypt_text("community", "何立新", AAD)
    index = crypto.blind_index("community", "name", "何立新")
    untouched = crypto.encrypt_text("help", "何立新", AAD)
    new_key = crypto.rotate("community")
    new = crypto.encrypt_text("community", "何立新", AAD)
    assert new.split(".")[2] == new_key != old.split(".")[2]
    assert crypto.decrypt_text("community", old, AAD) == crypto.decrypt_text("community", new, AAD) == "何立新"
    assert (crypto.is_current("community", old), crypto.is_current("community", new)) == (False, True)
    assert crypto.is_current("help", untouched)
    assert crypto.blind_index("community", "name", "何立新") == index


def test_readers_and_writers_go_on_while_keys_are_rotated(keys: Path) -> None:
    sealed = crypto.encrypt_text("community", "何立新", AAD)
    stop, faults, heads = threading.Event(), [], set()

    def work() -> None:
        try:
            while not stop.is_set():
                assert crypto.decrypt_text("community", sealed, AAD) == "何立新"
                fresh = crypto.encrypt_text("community", "李明", AAD)
                heads.add(fresh.split(".")[2])
                assert crypto.decrypt_text("community", fresh, AAD) == "李明"
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        crypto.rotate("community")
    stop.set()
    for thread in threads:
        thread.join()
    assert not faults
    assert len(heads) >= 1
    assert len([entry for entry in keyring().entries() if entry.purpose is Purpose.DATA]) == len(Compartment) + 5


def test_a_key_that_another_process_made_is_found(keys: Path) -> None:
    here = open_ring()
    elsewhere = Keyring(keys, FileKeyProvider(keys))
    key_id = elsewhere.add("community", Purpose.DATA, 1)
    assert here.key(key_id).raw == elsewhere.key(key_id).raw


def test_a_long_running_process_notices_a_rotation(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = open_ring()
    before = here.current("community", Purpose.DATA, 1).id
    key_id = Keyring(keys, FileKeyProvider(keys)).add("community", Purpose.DATA, 1)
    assert here.current("community", Purpose.DATA, 1).id == before
    monkeypatch.setattr("qingyuan.foundation.crypto.ring.SECONDS_BETWEEN_LOOKS", 0.0)
    assert here.current("community", Purpose.DATA, 1).id == key_id


def test_processes_that_add_keys_at_once_lose_none(keys: Path) -> None:
    rings = [Keyring(keys, FileKeyProvider(keys)) for _ in range(4)]
    made: list[str] = []
    threads = [
        threading.Thread(target=lambda ring=ring: made.extend(ring.add("help", Purpose.DATA, 1) for _ in range(5)))
        for ring in rings
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stored = {entry["id"] for entry in json.loads((keys / "keyring.json").read_text())["keys"]}
    assert len(made) == 20 and set(made) <= stored


def test_changing_the_suite_leaves_the_other_suite_s_values_readable(keys: Path, settings: Settings) -> None:
    settings.QINGYUAN_CRYPTO_SUITE = 1
    aes, index = crypto.encrypt_text("community", "何立新", AAD), crypto.blind_index("community", "name", "何立新")
    settings.QINGYUAN_CRYPTO_SUITE = 2
    sm4 = crypto.encrypt_text("community", "何立新", AAD)
    assert aes.startswith("q1.1.") and sm4.startswith("q1.2.")
    assert crypto.decrypt_many("community", [aes, sm4], AAD) == ["何立新", "何立新"]
    assert crypto.blind_index("community", "name", "何立新") == index
    settings.QINGYUAN_CRYPTO_SUITE = 3
    with pytest.raises(UnknownSuite, match="只能是 1"):
        crypto.encrypt_text("community", "何立新", AAD)


def test_indexes_are_equal_for_equal_texts_and_differ_by_compartment_and_purpose(suite: int) -> None:
    index = crypto.blind_index("community", "name", "何立新")
    assert len(index) == 32 and int(index, 16) >= 0
    assert crypto.blind_index("community", "name", "何立新") == index
    others = [crypto.blind_index(c, "name", "何立新") for c in Compartment if c is not Compartment.COMMUNITY]
    others += [crypto.blind_index("community", p, "何立新") for p in ("surname", "id_number")]
    others += [crypto.blind_index("community", "name", "何立")]
    assert len({index, *others}) == 1 + len(others)
    assert crypto.blind_index_many("community", "name", ["何立新", "何立"]) == [index, others[-1]]


def test_there_is_no_key_for_an_unknown_compartment(keys: Path) -> None:
    with pytest.raises(ValueError, match="persons"):
        crypto.encrypt_text("persons", "何立新", AAD)


def test_nothing_in_the_key_folder_is_readable_by_others_or_holds_a_clear_key(keys: Path) -> None:
    ring = open_ring()
    for path in (keys / "master.key", keys / "keyring.json", keys.parent / "keys.id"):
        assert path.stat().st_mode & 0o777 == 0o600
    assert keys.stat().st_mode & 0o777 == 0o700
    stored = (keys / "keyring.json").read_text()
    key = ring.current("community", Purpose.DATA, 1)
    assert key.raw.hex() not in stored and key.raw.hex() not in repr(key)
    assert {entry.scope for entry in ring.entries()} == {*Compartment, "audit"}


def test_a_key_file_that_others_can_read_is_refused(keys: Path) -> None:
    open_ring()
    (keys / "master.key").chmod(0o644)
    with pytest.raises(KeyFolderUnsafe, match="chmod 600"):
        Keyring(keys, FileKeyProvider(keys)).current("community", Purpose.DATA, 1)


def test_keys_swapped_between_compartments_are_refused(keys: Path) -> None:
    open_ring()
    path = keys / "keyring.json"
    stored = json.loads(path.read_text())
    entries: dict[Any, Any] = {(k["scope"], k["purpose"]): k for k in stored["keys"]}
    one, other = entries["community", "data"], entries["enforcement", "data"]
    one["wrapped"], other["wrapped"] = other["wrapped"], one["wrapped"]
    path.write_text(json.dumps(stored))
    with pytest.raises(KeyFolderUnsafe, match="备份"):
        Keyring(keys, FileKeyProvider(keys)).current("community", Purpose.DATA, 1)


def test_another_master_key_opens_nothing(keys: Path) -> None:
    open_ring()
    (keys / "master.key").unlink()
    with pytest.raises(KeyFolderUnsafe):
        Keyring(keys, FileKeyProvider(keys)).current("community", Purpose.DATA, 1)


def test_a_key_folder_that_vanished_is_not_silently_made_anew(keys: Path) -> None:
    open_ring()
    for path in keys.iterdir():
        path.unlink()
    with pytest.raises(KeyFolderLost, match="挂载"):
        Keyring(keys, FileKeyProvider(keys))
    keys.rmdir()
    with pytest.raises(KeyFolderLost, match="挂载"):
        Keyring(keys, FileKeyProvider(keys))


def test_another_city_s_keys_are_refused(keys: Path, tmp_path: Path) -> None:
    open_ring()
    other = tmp_path / "other" / "keys"
    Keyring(other, FileKeyProvider(other))
    for name in ("master.key", "keyring.json"):
        (keys / name).write_bytes((other / name).read_bytes())
    with pytest.raises(KeyFolderLost, match="不是本系统"):
        Keyring(keys, FileKeyProvider(keys))


def test_a_broken_ring_file_is_named(keys: Path) -> None:
    open_ring()
    (keys / "keyring.json").write_text("{}")
    with pytest.raises(KeyFolderUnsafe, match=r"keyring\.json"):
        Keyring(keys, FileKeyProvider(keys))


def test_a_lock_left_by_a_crash_is_taken_over_and_a_living_one_is_waited_for(
    keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = open_ring()
    lock = keys / "keyring.lock"
    lock.touch()
    monkeypatch.setattr("qingyuan.foundation.crypto.locking.LOCK_SECONDS", 0.05)
    with pytest.raises(KeyringBusy, match="稍后重试"):
        ring.add("help", Purpose.DATA, 1)
    assert lock.exists(), "somebody else's lock is left alone"
    os.utime(lock, (0, 0))
    assert ring.add("help", Purpose.DATA, 1) and not lock.exists()


class CountingProvider(FileKeyProvider):
    """A provider named by dotted path, as a key device would be."""

    unwrapped: list[str] = []

    def unwrap(self, wrapped: str, context: str) -> bytes:
        self.unwrapped.append(context)
        return super().unwrap(wrapped, context)


def test_another_provider_is_taken_by_its_dotted_path(
    keys: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qingyuan.foundation.crypto.ring.import_string", lambda _path: CountingProvider)
    settings.QINGYUAN_KEY_PROVIDER = "city.hsm.Provider"
    sealed = crypto.encrypt_text("community", "何立新", AAD)
    for _ in range(5):
        crypto.decrypt_text("community", sealed, AAD)
    assert len(CountingProvider.unwrapped) == 1, "each key is unwrapped once per process"
