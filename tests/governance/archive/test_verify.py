"""An archive is recomputed from its bytes alone, and whoever touched it is answered by the name of what he touched."""

from __future__ import annotations

import io
import json
import random
import struct
import zipfile
from decimal import Decimal
from typing import Any

import pytest

from qingyuan.governance.archive import layout, package, writing
from qingyuan.governance.archive.checking import verify
from qingyuan.governance.archive.findings import Code, Report
from tests.governance.archive import years

FIRST = "letters/001"
SCHEME = layout.scheme_part(years.scheme_hash(years.sheet()))


def codes(report: Report) -> set[Code]:
    return {finding.code for finding in report.findings}


def found(report: Report, code: Code) -> list[str]:
    return [str(finding) for finding in report.findings if finding.code is code]


def test_an_untouched_archive_is_recomputed_to_the_last_digit() -> None:
    report = verify(years.whole())
    assert report.intact
    assert (report.letters, report.clauses) == (3, 12)
    # 10 − 0.5 × 11, two points for one meeting, 40 of 100, 7.5 by hand: reckoned by hand.
    assert dict(report.totals)["云禁责〔2022〕1号 龙洞镇"] == "18"
    assert dict(report.totals)["云禁责〔2022〕2号 石桥镇"] == "24"


def test_the_same_year_gives_the_same_bytes_and_the_same_root() -> None:
    assert years.whole() == years.whole()
    assert verify(years.whole()).root == verify(years.whole()).root


def test_members_are_sorted_stored_and_of_one_time() -> None:
    with zipfile.ZipFile(io.BytesIO(years.whole())) as held:
        names = held.namelist()
        assert names == sorted(names)
        assert {item.compress_type for item in held.infolist()} == {zipfile.ZIP_STORED}
        assert {item.date_time for item in held.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def one_meeting_more(data: dict[str, Any]) -> dict[str, Any]:
    data["numbers"]["indicator:G01"]["value"] = Decimal(2)
    return data


def test_one_digit_of_a_number_names_the_file_the_letter_the_clause_and_the_number() -> None:
    report = verify(years.edited(f"{FIRST}/inputs.json", one_meeting_more))
    assert codes(report) == {Code.ALTERED, Code.CLAUSE, Code.NUMBER, Code.TOTAL}
    (clause,) = [one for one in report.findings if one.code is Code.CLAUSE]
    assert (clause.letter, clause.clause) == ("云禁责〔2022〕1号 龙洞镇", "1.2")
    assert clause.words == "存档得 2,按档案里的办法和数重算得 4"
    (number,) = [one for one in report.findings if one.code is Code.NUMBER]
    assert number.part == f"{FIRST}/inputs.json" and "计分时是 1,现在是 2" in number.words and "G01" in number.number


def test_who_makes_the_hashes_fit_is_still_found_by_the_score() -> None:
    report = verify(years.edited(f"{FIRST}/inputs.json", one_meeting_more, made_to_fit=True))
    assert codes(report) == {Code.CLAUSE, Code.NUMBER, Code.TOTAL}


def test_who_makes_everything_fit_is_found_by_the_printed_root_alone() -> None:
    honest = verify(years.whole()).root
    towns = (("龙洞镇", 90, 203, 214, 11), *years.TOWNS[1:])
    forged = package.write(writing.parts_of(years.year(towns=towns)))
    assert verify(forged).intact
    report = verify(forged, root=honest)
    assert codes(report) == {Code.ROOT}
    assert verify(years.whole(), root=honest).intact
    assert verify(years.whole(), root=honest[:16].upper()).intact
    assert codes(verify(years.whole(), root=honest[:8])) == {Code.ROOT}


def test_a_changed_result_names_the_clause_and_both_points() -> None:
    def raised(data: dict[str, Any]) -> dict[str, Any]:
        clause = data["tree"]["groups"][0]["clauses"][3]
        assert clause["points"] == Decimal("7.5")
        clause["points"] = Decimal("9.5")
        return data

    report = verify(years.edited(f"{FIRST}/result.json", raised, made_to_fit=True))
    assert "存档得 9.5,按档案里的办法和数重算得 7.5" in found(report, Code.CLAUSE)[0]
    assert "条款 1.4" in found(report, Code.CLAUSE)[0]


def test_a_changed_total_is_named_even_where_every_clause_is_as_it_was() -> None:
    def raised(data: dict[str, Any]) -> dict[str, Any]:
        data["tree"]["total"] += 1
        return data

    report = verify(years.edited(f"{FIRST}/result.json", raised, made_to_fit=True))
    assert any("总分存档为 19,重算为 18" in words for words in found(report, Code.TOTAL))


def test_one_digit_of_a_sheet_names_the_sheet_and_every_clause_it_moves() -> None:
    def milder(data: dict[str, Any]) -> dict[str, Any]:
        data["groups"][0]["clauses"][0]["rule"]["params"]["each"] = Decimal("0.4")
        return data

    report = verify(years.edited(SCHEME, milder, made_to_fit=True))
    assert "小办法" in found(report, Code.SCHEME)[0]
    named = [one.clause for one in report.findings if one.code is Code.CLAUSE]
    assert named == ["1.1", "1.1", "1.1"]


def test_a_number_by_hand_must_be_what_its_entry_says() -> None:
    def other(data: dict[str, Any]) -> dict[str, Any]:
        data["entries"][0]["value"] = Decimal("5")
        return data

    assert "评定记录是 5,取用的是 7.5" in found(verify(years.edited(f"{FIRST}/manual.json", other)), Code.NUMBER)[0]
    gone = verify(years.edited(f"{FIRST}/manual.json", lambda data: {"entries": []}))
    assert "却没有评定记录" in found(gone, Code.NUMBER)[0]


def test_a_number_from_returns_must_be_their_sum() -> None:
    def other(data: dict[str, Any]) -> dict[str, Any]:
        data["evidence"]["return:XJ1.出动"]["returns"][0]["value"] = Decimal(1)
        return data

    assert "各期报表相加是 6,取用的是 40" in found(verify(years.edited(f"{FIRST}/evidence.json", other)), Code.NUMBER)[0]


def test_facts_that_stand_in_the_archive_are_counted_and_hashed_again() -> None:
    def fewer(data: dict[str, Any]) -> dict[str, Any]:
        data["facts"]["indicator:G01"]["meetings"] = []
        return data

    report = verify(years.edited(f"{FIRST}/facts.json", fewer, made_to_fit=True))
    assert "归档 1 条,现有 0 条" in found(report, Code.EVIDENCE)[0]


def test_rows_about_persons_are_a_hash_and_a_note_and_do_not_fail() -> None:
    held = years.parts()
    evidence = json.loads(held[f"{FIRST}/evidence.json"])["evidence"]["indicator:R05"]["facts"]["test_dues"]
    assert evidence["count"] == 1 and len(evidence["sha256"]) == 64 and "只存校验值" in evidence["note"]
    assert not any(b'"row_id":"d1"' in data or b"row_id\\\":\\\"d1" in data for data in held.values())
    report = verify(years.whole())
    assert report.intact and report.hashed == 3


@pytest.mark.parametrize("name", [f"{FIRST}/inputs.json", f"{FIRST}/terms.json", f"{FIRST}/result.json", SCHEME, "README.txt"])
def test_a_part_that_is_taken_away_is_named(name: str) -> None:
    held = years.parts()
    del held[name]
    report = verify(package.write(held))
    assert any(one.code is Code.MISSING and one.part == name for one in report.findings)


@pytest.mark.parametrize("name", ["letters/004/terms.json", "letters/001/extra.json", "notes.txt"])
def test_a_part_that_is_added_is_named(name: str) -> None:
    report = verify(package.write({**years.parts(), name: b"{}"}))
    assert any(one.code is Code.ADDED and one.part == name for one in report.findings)


def test_a_letter_swapped_with_another_is_named_for_both() -> None:
    held = years.parts()
    first, second = "letters/001/inputs.json", "letters/002/inputs.json"
    held[first], held[second] = held[second], held[first]
    report = verify(package.write(held))
    assert {one.part for one in report.findings if one.code is Code.ALTERED} == {first, second}


def test_a_manifest_that_was_touched_says_so() -> None:
    def later(data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "year": 2023}

    assert codes(verify(years.edited(layout.MANIFEST, later))) == {Code.MANIFEST}
    held = years.parts()
    del held[layout.MANIFEST]
    report = verify(package.write(held))
    assert codes(report) == {Code.NO_MANIFEST} and not report.readable


# --- the package itself ---------------------------------------------------------------------------------------------------


def packed(held: dict[str, bytes], *, order: list[str] | None = None, compress: int = zipfile.ZIP_STORED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compress) as out:
        for name in order or sorted(held):
            out.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), held[name], compress)
    return target.getvalue()


def test_other_order_and_hidden_bytes_are_a_repacking() -> None:
    held = years.parts()
    assert codes(verify(packed(held, order=sorted(held, reverse=True)))) == {Code.REPACKED}
    assert codes(verify(b"MZ hidden" + years.whole())) == {Code.REPACKED}
    commented = bytearray(years.whole())
    commented[-2:] = struct.pack("<H", 5)
    assert codes(verify(bytes(commented) + b"hello")) == {Code.REPACKED}


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_told_from_one_that_is_no_archive(part: float) -> None:
    data = years.whole()
    report = verify(data[: int(len(data) * part)])
    assert codes(report) == {Code.NOT_ZIP} and not report.readable
    assert ("不完整" in report.findings[0].words) is (part > 0)


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.7", b"PK", b"PK\x05\x06" + b"\0" * 18, b"\0" * 4000])
def test_what_is_no_archive_is_said_to_be_none(data: bytes) -> None:
    report = verify(data)
    assert not report.readable and len(report.findings) == 1


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    held = {**years.parts(), "bomb.json": b"0" * 50_000_000}
    data = packed(held, compress=zipfile.ZIP_DEFLATED)
    assert len(data) < 1_000_000
    report = verify(data)
    assert codes(report) == {Code.COMPRESSED} and not report.readable


def test_a_member_that_claims_to_be_huge_is_refused() -> None:
    data = bytearray(years.whole())
    at = data.find(b"PK\x01\x02")
    struct.pack_into("<II", data, at + 20, 0xFFFFFFF0, 0xFFFFFFF0)
    report = verify(bytes(data))
    assert codes(report) & {Code.TOO_LARGE, Code.NOT_ZIP} and not report.readable


def test_too_many_members_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MOST_PARTS", 5)
    assert codes(verify(years.whole())) == {Code.TOO_LARGE}
    monkeypatch.setattr(package, "LARGEST", 1000)
    assert codes(verify(years.whole())) == {Code.TOO_LARGE}


@pytest.mark.parametrize("name", ["../up.json", "/etc/passwd", "a/../../b", "C:/x", "a\\..\\b", "a//b", "./a", "a/\n", "a/"])
def test_a_name_that_points_elsewhere_is_refused(name: str) -> None:
    assert package.is_unsafe(name)
    report = verify(packed({**years.parts(), name: b"x"}))
    assert codes(report) == {Code.UNSAFE_NAME} and not report.readable


def test_a_name_that_stands_twice_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as out:
        for name, data in years.parts().items():
            out.writestr(name, data)
        with pytest.warns(UserWarning, match="Duplicate"):
            out.writestr(f"{FIRST}/inputs.json", b"{}")
    assert codes(verify(target.getvalue())) == {Code.TWICE}


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"{}", b'{"numbers":7}', b'{"numbers":{"indicator:G01":{"value":"x"}}}', b"\xff\xfe", b"[" * 100_000,
     b'{"numbers":{"indicator:G01":{"value":' + b"9" * 5000 + b"}}}", b'{"numbers":{"indicator:G01":{"value":1e999999}}}',
     b'{"numbers":{"indicator:G01":{"denominator":"NaN"}}}'],
    ids=range(12),
)  # fmt: skip
@pytest.mark.parametrize("name", ["inputs.json", "result.json", "terms.json", "shown.json", "evidence.json", "manual.json"])
def test_a_part_full_of_nonsense_is_named_and_breaks_nothing(name: str, content: bytes) -> None:
    held = years.parts()
    held[f"{FIRST}/{name}"] = content
    report = verify(package.write(held))
    assert any(one.part == f"{FIRST}/{name}" for one in report.findings)
    assert report.letters >= 2


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"format":"other"}', b"\xff", b'{"format":"qingyuan-assessment-archive","version":9}'])
def test_a_manifest_full_of_nonsense_stops_the_reading(content: bytes) -> None:
    report = verify(package.write({**years.parts(), layout.MANIFEST: content}))
    assert Code.NO_MANIFEST in codes(report) and not report.readable


def test_a_sheet_full_of_nonsense_is_named() -> None:
    for content in (b"", b"[]", b"{}", b'{"id":1}', b"\xff"):
        report = verify(package.write({**years.parts(), SCHEME: content}))
        assert any(one.part == SCHEME and one.code is Code.UNREADABLE for one in report.findings)


def test_no_single_byte_can_be_changed_unseen() -> None:
    data, chance = years.whole(), random.Random(7)
    for at in chance.sample(range(len(data)), 150):
        touched = bytearray(data)
        touched[at] ^= 1 << chance.randrange(8)
        assert not verify(bytes(touched)).intact, at


# --- extracts -------------------------------------------------------------------------------------------------------------


def own(serial: int = 1) -> dict[str, bytes]:
    return writing.own_extract(years.parts(), f"letters/{serial:03}", "龙洞镇", frozenset({SCHEME}))


def test_a_unit_takes_its_own_letter_whole_and_nothing_of_others() -> None:
    held = own(2)
    assert {name.split("/")[1] for name in held if name.startswith("letters/")} == {"002"}
    assert "letters/002/inputs-few.json" in held
    report = verify(package.write(held))
    assert report.intact and report.letters == 1 and report.extract == "龙洞镇"
    assert report.root == verify(years.whole()).root


def test_the_open_edition_keeps_small_numbers_back_and_still_recomputes_what_is_open() -> None:
    whole = years.parts()
    closed = writing.closed_folders(whole)
    assert closed == {"letters/002", "letters/003"}  # two missed, and none missed: who knows one knows the other
    held = writing.open_edition(whole, "宋办", closed)
    assert not any(name.endswith("-few.json") for name in held)
    assert "letters/001/result.json" in held and "letters/002/result.json" not in held
    report = verify(package.write(held))
    assert report.intact and (report.letters, report.partly) == (1, 2)


def test_the_open_edition_says_the_same_for_another_hidden_number() -> None:
    def edition(done: int, missing: int) -> dict[str, bytes]:
        towns = (years.TOWNS[0], ("石桥镇", 35, done, 98, missing), years.TOWNS[2])
        whole = writing.parts_of(years.year(towns=towns))
        return {
            name: data
            for name, data in writing.open_edition(whole, "宋办", writing.closed_folders(whole)).items()
            if name != layout.MANIFEST
        }

    assert edition(95, 3) == edition(94, 4)


def test_an_open_clause_of_a_closed_letter_is_still_recomputed() -> None:
    whole = years.parts()
    held = writing.open_edition(whole, "宋办", writing.closed_folders(whole))
    data = json.loads(held["letters/002/inputs.json"], parse_float=Decimal)
    data["numbers"]["indicator:G01"]["value"] = Decimal(5)
    held["letters/002/inputs.json"] = years.canonical(data).encode()
    report = verify(package.write(held))
    assert {one.clause for one in report.findings if one.code is Code.CLAUSE} == {"1.2"}


def test_a_part_missing_from_an_extract_that_it_does_not_name_is_missing() -> None:
    held = own(1)
    del held["letters/001/result.json"]
    report = verify(package.write(held))
    assert any(one.code is Code.MISSING and one.part == "letters/001/result.json" for one in report.findings)
