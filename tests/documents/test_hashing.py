from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.documents.codec import canonical, decode, encode
from qingyuan.documents.hashing import content_hash, normalise_code, short_code, verify, with_verification
from qingyuan.documents.model import (
    Attachment,
    BadDocument,
    Block,
    DocumentKind,
    Heading,
    KeyValue,
    OfficialDocument,
    PageBreak,
    Paragraph,
    Run,
    RunStyle,
    Table,
)
from tests.documents import samples

ALL = [samples.circular, samples.pledge, samples.letter, samples.minutes, samples.report]
words = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Cn"]), max_size=12)
blocks: st.SearchStrategy[Block] = st.one_of(
    st.builds(Run, words, st.sampled_from(RunStyle)).map(lambda run: Paragraph((run,))),
    st.builds(Heading, st.integers(1, 4), words, st.booleans()),
    st.tuples(words, words).map(lambda pair: KeyValue((pair,))),
    st.tuples(words, words).map(lambda row: Table(("甲", "乙"), (row,), widths=(1.5, 2.0))),
    st.just(PageBreak()),
)
documents = st.builds(
    OfficialDocument,
    kind=st.sampled_from(DocumentKind),
    title=words.map(lambda text: f"题{text}"),
    body=st.lists(blocks, max_size=4).map(tuple),
    signer=words,
    date=st.one_of(st.none(), st.dates(date(2000, 1, 1), date(2099, 12, 31))),
    attachments=st.lists(st.builds(Attachment, words), max_size=2).map(tuple),
)


@pytest.mark.parametrize("make", ALL)
def test_a_document_survives_being_kept_as_json(make: Any) -> None:
    document = make()
    assert decode(json.loads(canonical(encode(document)))) == document


@given(documents)
def test_any_document_survives_and_keeps_its_hash(document: OfficialDocument) -> None:
    again = decode(json.loads(canonical(encode(document))))
    assert again == document
    assert content_hash(again) == content_hash(document)


def test_the_hash_of_a_known_document_never_changes() -> None:
    document = OfficialDocument(
        kind=DocumentKind.NOTICE, title="关于演练的通知", body=(Paragraph.of("请准时参加。"),), date=date(2022, 11, 23)
    )
    assert canonical(encode(document)).decode() == (
        '{"body":[{"is":"Paragraph","runs":[{"text":"请准时参加。"}]}],"date":"2022-11-23","kind":"通知",'
        '"schema":"qingyuan.document/1","title":"关于演练的通知"}'
    )
    assert content_hash(document) == "c93eab9e3c598a5031151aa0ae693361267381f983cb1dc976acab94acd00880"


def test_one_changed_character_changes_hash_and_code() -> None:
    before = samples.pledge()
    table = next(block for block in before.body if isinstance(block, Table))
    changed = replace(
        table, rows=(("1", "社区戒毒社区康复执行率", "%", "91.2", "≥94", *table.rows[0][5:]), *table.rows[1:])
    )
    after = replace(before, body=tuple(changed if block is table else block for block in before.body))
    assert content_hash(before) != content_hash(after)
    assert not verify(after, before.verification.code)


def test_a_whole_width_and_the_same_number_as_integer_hash_alike() -> None:
    by_float = OfficialDocument(kind=DocumentKind.REPORT, title="题", body=(Table(("甲",), (), widths=(2.0,)),))
    by_integer = OfficialDocument(kind=DocumentKind.REPORT, title="题", body=(Table(("甲",), (), widths=(2,)),))
    assert content_hash(by_float) == content_hash(by_integer)


def test_the_mark_on_the_paper_is_no_part_of_what_it_marks() -> None:
    bare = samples.letter()
    marked = with_verification(bare, qr="QY1/{code}/{hash}", hint="扫码核验")
    assert content_hash(marked) == content_hash(bare)
    assert marked.verification.qr == f"QY1/{short_code(content_hash(bare))}/{content_hash(bare)}"
    assert verify(marked, marked.verification.code)


@pytest.mark.parametrize(
    "alter",
    [
        str.lower,
        lambda code: code.replace("-", " "),
        lambda code: code.replace("-", ""),
        lambda code: code.replace("0", "O").replace("1", "l"),
        lambda code: code.replace("-", "－"),
        lambda code: f"  {code}\n",
    ],
)
def test_a_code_typed_carelessly_is_still_known(alter: Any) -> None:
    document = samples.circular()
    assert verify(document, alter(document.verification.code))


@pytest.mark.parametrize("typed", ["", "ABCD", "UUUU-UUUU-UUUU-UUUU", "0000-0000-0000-0000", "禁毒"])
def test_a_wrong_code_is_not_known(typed: str) -> None:
    assert not verify(samples.circular(), typed)


def test_the_whole_hash_verifies_too() -> None:
    document = samples.circular()
    assert verify(document, content_hash(document).upper())
    assert not verify(document, "0" * 64)


@given(st.binary(min_size=32, max_size=32))
def test_a_code_is_four_groups_of_four_without_letters_that_look_alike(digest: bytes) -> None:
    code = short_code(digest.hex())
    assert [len(group) for group in code.split("-")] == [4, 4, 4, 4]
    assert not set(code) & set("ILOU")
    assert normalise_code(code) == code


def test_codes_of_neighbouring_hashes_count_up() -> None:
    assert short_code("0" * 64) == "0000-0000-0000-0000"
    assert short_code("f" * 64) == "ZZZZ-ZZZZ-ZZZZ-ZZZZ"
    assert short_code("00000000000000000001" + "0" * 44) == "0000-0000-0000-0001"


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"schema": "qingyuan.document/9"},
        {"schema": "qingyuan.document/1"},
        {"schema": "qingyuan.document/1", "kind": "通知", "title": "题", "body": [{"is": "Macro"}]},
        {"schema": "qingyuan.document/1", "kind": "通知", "title": 5, "body": []},
        {"schema": "qingyuan.document/1", "kind": "通知", "title": "题", "body": [], "surplus": 1},
    ],
)
def test_damaged_data_is_refused_with_a_reason(broken: dict[str, Any]) -> None:
    with pytest.raises(BadDocument, match="公文数据"):
        decode(broken)
