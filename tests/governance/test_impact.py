"""The impact assessment is alive: whoever adds a personal field without purpose, article and keeping fails here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils.translation import override

from qingyuan.documents.word import render_docx
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.guarded import WrittenOnce
from qingyuan.governance.actions.impact import SignOffRefused, sign_off
from qingyuan.governance.impact import content
from qingyuan.governance.impact.content import assessment, difference, from_json, gathered, personal_places, readers_of
from qingyuan.governance.impact.document import report
from qingyuan.governance.models import ImpactSignOff
from qingyuan.governance.permissions import NotAllowed
from qingyuan.governance.queries.impact import is_intact, standing
from qingyuan.ledgers import registry
from qingyuan.organisation.policy import POLICY
from qingyuan.reference.statutes import law_keys
from tests.cast import TODAY, City
from tests.census.house import PERSONAL_ELSEWHERE, ROOT
from tests.security.bodies import text_of


@pytest.fixture(autouse=True)
def gathered_anew() -> Iterator[None]:
    """What is gathered once a process is gathered for each test, before and after what it changes."""
    assessment.cache_clear()
    yield
    assessment.cache_clear()


WORDS = "处理合法、正当、必要,措施与风险相当。"
LAW = re.compile(r"([A-Z]+[0-9]*)")


def covered() -> set[str]:
    """«label.field» of everything that the assessment tells: its own lines, and those of a ledger's columns."""
    found = {line.where for line in assessment().fields}
    for ledger in registry.all_ledgers():
        for column in ledger.columns:
            if f"{ledger.code}.{column.name}" in found and column.stored:
                found.add(f"{ledger.model._meta.label}.{column.where}")
    return found


# --- the census --------------------------------------------------------------------------------------------------------
def test_every_encrypted_field_and_every_personal_column_stands_in_the_assessment() -> None:
    assert set(personal_places()) - covered() == set(), "add it to its ledger, or to governance/impact/fields.csv"
    assert len(personal_places()) > 40


def test_every_line_says_what_for_by_which_article_how_long_and_who_reads() -> None:
    for line in assessment().fields:
        assert len(line.purpose) >= 2 and line.basis and line.retention and all(line.readers) and line.readers, line.where


def test_every_article_is_of_a_law_on_file() -> None:
    """A key that names no law would stay as letters in the text: nobody invents one unseen."""
    bases = [ledger.legal_basis for ledger in registry.all_ledgers() if ledger.personal_columns]
    bases += [row["articles"] for row in content._table("fields")]
    for basis in bases:
        for piece in basis.split(";"):
            key = piece.split("-")[0].split("(")[0]
            known = any(key.startswith(law) and (key[len(law) :].isdigit() or not key[len(law) :]) for law in law_keys())
            assert known, f"{piece} of {basis}"
    assert not [line.where for line in assessment().fields if re.search(r"[A-Z]{2,}[0-9]", line.basis)]


def test_no_line_of_the_file_names_a_field_that_is_gone() -> None:
    listed = [row["where"] for row in content._table("fields")]
    assert len(listed) == len(set(listed))
    for row in content._table("fields"):
        assert row["where"].rpartition(".")[0] and row["source"], row["where"]


def test_a_forgotten_field_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = tuple(row for row in content._table("fields") if row["where"] != "rehabilitation.Client.phone")
    monkeypatch.setattr(content, "_table", lambda name: rows if name == "fields" else ())
    assessment.cache_clear()
    assert set(personal_places()) - covered() == {"rehabilitation.Client.phone"}


def test_personal_places_of_the_census_that_are_encrypted_are_known_here() -> None:
    encrypted = {where for where, why in PERSONAL_ELSEWHERE.items() if why.startswith("encrypted")}
    assert encrypted - covered() == set()


def test_every_measure_names_a_test_that_is_there() -> None:
    for line in assessment().risks:
        path, _, name = line.holds_by.partition("::")
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), line.code


# --- content -----------------------------------------------------------------------------------------------------------
def test_readers_follow_the_policy_table() -> None:
    measures = registry.get("measures")
    told = " ".join(readers_of(measures, measures.column("name")))
    assert "社区禁毒社工" in told and "乡镇(街道)禁毒专干" in told and "民警" not in told and "禁毒办" not in told
    assert "不遮盖" in told and "不遮盖" not in " ".join(readers_of(measures, measures.column("id_number")))
    assert len(POLICY) > 20


def test_facts_carry_nobody() -> None:
    assert not [line for line in assessment().flows if "须立即改正" in line.bounds]
    flows = {(line.kind, line.what) for line in assessment().flows}
    assert ("接口", "/api/v1/ledgers/measures") in flows
    assert ("导出", registry.get("penalties").title) not in flows, "a sealed ledger is exported by nobody"


def test_the_digest_changes_with_any_declaration_and_with_nothing_else(settings: Any) -> None:
    one = assessment()
    assert one.digest == gathered().digest and from_json(one.as_json()) == one
    settings.LANGUAGE_CODE = "en"
    with override("en"):
        assert gathered().digest == one.digest
    other = replace(one, fields=(replace(one.fields[0], purpose="别的目的"), *one.fields[1:-1]))
    assert other.digest != one.digest
    told = difference(one, other)
    assert any("变更" in line and "purpose" in line for line in told) and any("取消" in line for line in told)
    assert difference(one, one) == []


# --- signing -----------------------------------------------------------------------------------------------------------
def test_the_security_officer_signs_what_was_read_and_the_difference_is_told_later(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = city.actor("security")
    assert standing(TODAY).due and standing(TODAY).last is None
    with pytest.raises(SignOffRefused, match="刷新"):
        sign_off(digest="0" * 64, conclusion=WORDS, by=by)
    with pytest.raises(SignOffRefused, match="结论"):
        sign_off(digest=assessment().digest, conclusion="好", by=by)
    signed = sign_off(digest=assessment().digest, conclusion=WORDS, by=by)
    assert is_intact(signed) and not standing(TODAY).due
    assert WriteEntry.objects.get(act="impact.sign").reason == WORDS
    assert standing(TODAY + timedelta(days=366)).due, "every year anew"
    rows = tuple(row for row in content._table("fields") if row["where"] != "organisation.Account.name")
    risks = content._table("risks")
    monkeypatch.setattr(content, "_table", lambda name: rows if name == "fields" else risks)
    assessment.cache_clear()
    changed = standing(TODAY)
    assert changed.due and changed.changes == ("字段取消:organisation.Account.name",)


@pytest.mark.parametrize("who", ["auditor", "clerk", "leader", "supervisor", "officer", "doctor"])
def test_nobody_else_signs(city: City, who: str) -> None:
    with pytest.raises(NotAllowed):
        sign_off(digest=assessment().digest, conclusion=WORDS, by=city.actor(who))
    assert not ImpactSignOff.objects.exists()


def test_what_was_signed_stands(city: City) -> None:
    signed = sign_off(digest=assessment().digest, conclusion=WORDS, by=city.actor("security"))
    signed.conclusion = "改过的结论改过的结论"
    with pytest.raises(WrittenOnce):
        signed.save()
    with pytest.raises(WrittenOnce):
        ImpactSignOff.objects.all().delete()


def test_the_report_answers_the_three_questions_of_the_law() -> None:
    paper = report(content=assessment(), place="云岭市", issuer="市禁毒办", on=date(2022, 11, 23), changes=(), signed=None)
    text = text_of(render_docx(paper))
    for words in ("是否合法、正当、必要", "对个人权益的影响及安全风险", "与风险程度相适应", "第五十五条", "第五十六条", "服务对象身份证号"):
        assert words in text
    assert assessment().digest in text and str(Compartment.COMMUNITY.label) in text
