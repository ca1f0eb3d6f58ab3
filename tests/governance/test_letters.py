"""A letter: numbered without gaps, printed, signed on paper, and never changed."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pypdfium2
import pytest
from django.db import IntegrityError, connection
from PIL import Image

from qingyuan.casework.enums import ScanMatch
from qingyuan.documents.page_code import ScanRefused, hash_of
from qingyuan.documents.qr import qr_png, read_qr
from qingyuan.documents.scans import clean_scan
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.foundation.ids import new_id
from qingyuan.foundation.kept_files import FileDamaged, path_of
from qingyuan.governance.actions import letters, targets
from qingyuan.governance.actions.letters import LetterRefused
from qingyuan.governance.actions.signing import file_signed_page
from qingyuan.governance.enums import LetterState
from qingyuan.governance.models import Letter, LetterScan, NumberSeries
from qingyuan.governance.models.guarded import WrittenOnce
from qingyuan.governance.permissions import NotAllowed, letters_visible, may_view_letter
from qingyuan.governance.queries.letters import (
    code_of,
    covered,
    document_of,
    docx_of,
    pdf_of,
    read_scan,
    verify,
    verify_all,
)
from qingyuan.governance.rules.letters import PAGE
from qingyuan.organisation.models import PostTerm
from tests.cast import TODAY
from tests.governance.conftest import Desk

pytestmark = pytest.mark.django_db

SIGNED = date(2022, 2, 25)
Upload = Callable[..., LetterScan]


@pytest.fixture(autouse=True)
def uploads(tmp_path: Any, settings: Any) -> None:
    settings.QINGYUAN_UPLOADS = tmp_path / "uploads"


def upload(desk: Desk, letter: Letter, data: bytes, *, who: str = "supervisor", typed: str = "") -> LetterScan:
    return file_signed_page(
        letter=letter, data=data, file_name="签字页.pdf", signed_on=SIGNED, by=desk.actor(who), typed_code=typed
    )


def blank() -> bytes:
    target = io.BytesIO()
    Image.new("L", (800, 1100), 255).save(target, "PNG")
    return target.getvalue()


def photographed(pdf: bytes) -> bytes:
    """The last page as a phone gives it: turned a little, grey, JPEG."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[len(document) - 1].render(scale=200 / 72).to_pil().convert("L")
    document.close()
    target = io.BytesIO()
    page.rotate(1.5, expand=True, fillcolor=245).save(target, "JPEG", quality=75)
    return target.getvalue()


def change_past_the_model(column: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"update governance_letter set {column} = %s", [value])


def test_letters_are_numbered_in_order_without_gaps_and_a_void_number_is_not_used_again(desk: Desk) -> None:
    first = desk.letter("longdong")
    letters.void(letter=first, reason="抬头写错", by=desk.actor("clerk"))
    second = desk.letter("longdong")
    third = desk.letter("shiqiao")
    assert [letter.number for letter in (first, second, third)] == [
        "云禁责〔2022〕1号", "云禁责〔2022〕2号", "云禁责〔2022〕3号",
    ]  # fmt: skip


def test_a_letter_that_fails_takes_no_number(desk: Desk) -> None:
    terms = desk.terms()
    PostTerm.objects.filter(post__unit=desk.city.units["longdong"]).delete()
    with pytest.raises(LetterRefused, match="第一责任人"):
        letters.issue(unit=desk.city.units["longdong"], terms=terms, by=desk.actor("clerk"))
    assert letters.issue(unit=desk.city.units["shiqiao"], terms=terms, by=desk.actor("clerk")).serial == 1


def test_every_town_gets_one_letter_a_year(desk: Desk) -> None:
    made = letters.issue_for_towns(terms=desk.terms(), by=desk.actor("clerk"))
    assert [letter.unit.code for letter in made] == ["longdong", "shiqiao"]
    assert letters.issue_for_towns(terms=desk.terms(), by=desk.actor("clerk")) == []
    with pytest.raises(LetterRefused, match="已经制发"):
        desk.letter("longdong")
    copy = Letter.objects.get(pk=made[0].pk)
    copy.pk, copy.number, copy.serial = new_id(), "云禁责〔2022〕99号", 99
    copy._state.adding = True
    with pytest.raises(IntegrityError, match="unit_id|one_live"):
        copy.save()


def test_the_letter_says_who_answers_what_for_and_by_which_article(desk: Desk) -> None:
    proposal = targets.Proposal("G01", Decimal(5), source="会议台账", due="2022-12-31")
    plan = targets.propose(city=desk.city.divisions["云岭市"], year=2022, proposal=proposal, by=desk.actor("clerk"))
    targets.publish(plan=plan, by=desk.actor("leader"))
    letter = desk.letter()
    text = json.dumps(letter.content["document"], ensure_ascii=False)
    for expected in (
        "云岭市禁毒委员会（以下简称甲方）", "龙洞镇人民政府（以下简称乙方）", "第一责任人", "党委书记　龙一", "龙三", "吴主任",
        "《戒毒条例》第十四条", "党委政府专题研究禁毒次数", "会议台账", "每缺1人次扣0.5分", "弄虚作假", "XZ-01", "一式两份",
        "《统计法》第六条",        "不作为本责任书的指标",
    ):  # fmt: skip
        assert expected in text, expected
    assert letter.targets[0]["target"] in {"2", "3"}
    assert {post["responsibility"] for post in letter.parties["second"]["posts"]} == {"first", "direct", "liaison"}


def test_word_and_pdf_carry_the_square_code_of_this_letter(desk: Desk) -> None:
    letter = desk.letter()
    assert PAGE.payload(letter.pk, letter.content_hash) in read_qr(pdf_of(letter))
    assert docx_of(letter)[:2] == b"PK"
    assert document_of(letter).verification.code == code_of(letter)


def test_a_scan_of_the_printed_letter_makes_it_signed_and_is_kept_encrypted(desk: Desk) -> None:
    letter = desk.letter()
    page = photographed(pdf_of(letter))
    scan = upload(desk, letter, page)
    assert (letter.state, letter.signed_on, scan.matched_by) == (LetterState.SIGNED, SIGNED, ScanMatch.SQUARE_CODE)
    assert read_scan(scan) == clean_scan(page), "kept as it was drawn anew"
    assert page[:20] not in path_of(scan.path).read_bytes()
    assert verify(letter).intact
    with pytest.raises(ScanRefused, match="已签订"):
        upload(desk, letter, page)
    path_of(scan.path).unlink()
    with pytest.raises(FileDamaged):
        read_scan(scan)


def test_without_a_readable_code_the_printed_short_code_is_typed(desk: Desk) -> None:
    letter = desk.letter()
    with pytest.raises(ScanRefused, match="没有读到二维码"):
        upload(desk, letter, blank())
    with pytest.raises(ScanRefused, match="核验码与本责任书不符"):
        upload(desk, letter, blank(), typed="0000-0000-0000-0000")
    scan = upload(desk, letter, blank(), typed=code_of(letter).lower().replace("-", " "))
    assert (scan.matched_by, letter.state) == (ScanMatch.TYPED_CODE, LetterState.SIGNED)


def test_the_page_of_another_letter_or_of_other_content_is_refused_even_with_the_right_typed_code(desk: Desk) -> None:
    mine, other = desk.letter("longdong"), desk.letter("shiqiao")
    with pytest.raises(ScanRefused, match="另一份"):
        upload(desk, mine, qr_png(PAGE.payload(other.pk, other.content_hash)), typed=code_of(mine))
    with pytest.raises(ScanRefused, match="内容不符"):
        upload(desk, mine, qr_png(PAGE.payload(mine.pk, other.content_hash)), typed=code_of(mine))
    with pytest.raises(ScanRefused, match="没有读到"):
        upload(desk, mine, qr_png("https://example.org/"))
    mine.refresh_from_db()
    assert (mine.state, LetterScan.objects.count()) == (LetterState.ISSUED, 0)


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"%PDF-1.7 broken", b"\x89PNG\r\n\x1a\n broken"])
def test_files_that_are_no_scan_are_refused_with_what_to_do(desk: Desk, data: bytes) -> None:
    with pytest.raises(ScanRefused, match="请|只收"):
        upload(desk, desk.letter(), data)


def test_only_the_town_and_the_office_file_the_page(desk: Desk) -> None:
    letter = desk.letter()
    for who in ("stranger", "caseworker", "auditor", "officer", "liaison"):
        with pytest.raises(NotAllowed):
            upload(desk, letter, blank(), who=who, typed=code_of(letter))
    for day in (date(2022, 2, 1), date(2022, 12, 1)):
        with pytest.raises(ScanRefused, match="签订日期"):
            file_signed_page(
                letter=letter, data=blank(), file_name="", signed_on=day, by=desk.actor("clerk"), typed_code=""
            )


@pytest.mark.parametrize("signed", [False, True])
def test_a_letter_cannot_change_through_the_model_or_a_query(desk: Desk, signed: bool) -> None:
    letter = desk.letter()
    if signed:
        upload(desk, letter, blank(), typed=code_of(letter))
    for name, value in (
        ("content", {}),
        ("targets", [{"target": "0"}]),
        ("number", "云禁责〔2022〕7号"),
        ("content_hash", "0"),
    ):
        fresh = Letter.objects.get(pk=letter.pk)
        setattr(fresh, name, value)
        with pytest.raises(WrittenOnce):
            fresh.save()
        with pytest.raises(WrittenOnce):
            fresh.save(update_fields=[name])
        with pytest.raises(WrittenOnce):
            Letter.objects.filter(pk=letter.pk).update(**{name: value})
        with pytest.raises(WrittenOnce):
            Letter.objects.bulk_update([fresh], [name])
    with pytest.raises(WrittenOnce):
        letter.delete()
    with pytest.raises(WrittenOnce):
        Letter.objects.all().delete()
    assert verify(Letter.objects.get(pk=letter.pk)).intact


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("targets", '[{"target": "1"}]'),
        ("content", '{"document": {}, "scheme_hash": ""}'),
        ("parties", "{}"),
        ("number", "云禁责〔2022〕8号"),
        ("year", "2021"),
        ("issued_on", "2022-01-01"),
        ("content_hash", "0" * 64),
    ],
)
def test_a_change_behind_the_models_back_is_found_and_named(desk: Desk, column: str, value: str) -> None:
    letter = desk.letter()
    change_past_the_model(column, value)
    changed = Letter.objects.get(pk=letter.pk)
    [found] = verify_all([changed])
    assert changed.number in found.problems[0]
    with pytest.raises(ScanRefused, match="不符"):
        upload(desk, changed, blank(), typed=code_of(changed))


def test_a_forger_who_mends_the_hash_too_is_given_away_by_the_audit(desk: Desk) -> None:
    letter = desk.letter()
    change_past_the_model("targets", "[]")
    change_past_the_model("title", "改过的责任书")
    changed = Letter.objects.get(pk=letter.pk)
    change_past_the_model("content_hash", hash_of(covered(changed)))
    [found] = verify_all([Letter.objects.get(pk=letter.pk)])
    assert "审计" in found.problems[0]
    assert WriteEntry.objects.filter(act="letters.issue", row_id=letter.pk).count() == 1


def test_an_addendum_takes_the_old_letters_place_and_the_old_stays_as_it_was(desk: Desk) -> None:
    old = desk.letter()
    terms = desk.terms()
    with pytest.raises(LetterRefused, match="原因"):
        letters.amend(letter=old, terms=terms, reason="", by=desk.actor("clerk"))
    new = letters.amend(
        letter=old, terms=replace(terms, on=date(2022, 7, 1)), reason="责任人调整", by=desk.actor("clerk")
    )
    old.refresh_from_db()
    assert (old.state, new.amends_id, new.serial) == (LetterState.AMENDED, old.pk, 2)
    assert "补充云禁责〔2022〕1号" in str(new.content)
    assert verify(old).intact and verify(new).intact
    with pytest.raises(LetterRefused):
        letters.amend(letter=old, terms=terms, reason="再来", by=desk.actor("clerk"))


def test_a_signed_letter_is_not_voided(desk: Desk) -> None:
    letter = desk.letter()
    upload(desk, letter, blank(), typed=code_of(letter))
    with pytest.raises(LetterRefused, match="补充责任书"):
        letters.void(letter=letter, reason="不想要了", by=desk.actor("clerk"))


def test_a_town_sees_its_own_letter_the_commission_all_and_others_none(desk: Desk) -> None:
    mine, other = desk.letter("longdong"), desk.letter("shiqiao")
    for who in ("supervisor", "town_leader", "caseworker"):
        assert list(letters_visible(desk.actor(who), TODAY)) == [mine]
        assert not may_view_letter(desk.actor(who), other, TODAY)
    for who in ("clerk", "leader", "auditor"):
        assert set(letters_visible(desk.actor(who), TODAY)) == {mine, other}
    for who in ("liaison", "officer", "doctor", "security"):
        assert not letters_visible(desk.actor(who), TODAY).exists()
    for who in ("supervisor", "leader", "auditor"):
        with pytest.raises(NotAllowed):
            letters.issue(unit=desk.city.units["longdong"], terms=desk.terms(), by=desk.actor(who))


def test_the_number_series_starts_anew_each_year(desk: Desk) -> None:
    desk.letter()
    assert list(NumberSeries.objects.values_list("head", "year", "last")) == [("云禁责", 2022, 1)]
