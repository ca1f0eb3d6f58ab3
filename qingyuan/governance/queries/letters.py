"""Reads of letters: what is printed, whether it still says what was issued, the signed page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from qingyuan.documents.codec import decode
from qingyuan.documents.hashing import short_code
from qingyuan.documents.model import OfficialDocument, Verification
from qingyuan.documents.page_code import hash_of
from qingyuan.documents.pdf import render_pdf
from qingyuan.documents.word import render_docx
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.foundation.kept_files import read_file
from qingyuan.governance.models import Letter, LetterScan
from qingyuan.governance.rules.letters import PAGE
from qingyuan.governance.scoring.scheme import TOWN_KINDS
from qingyuan.organisation.models import Division, Unit
from qingyuan.organisation.queries import towns

SCAN_PLACE: Final = "governance.LetterScan.content"
ISSUED: Final = "letters.issue"


@dataclass(frozen=True)
class LetterCheck:
    """Whether a letter still is what was issued; ``problems`` say what differs, for people."""

    letter: Letter
    problems: tuple[str, ...]

    @property
    def intact(self) -> bool:
        return not self.problems


def covered(letter: Letter) -> dict[str, Any]:
    """Everything the content hash covers; changing any of it is found by ``verify``."""
    return {
        "id": str(letter.pk),
        "number": letter.number,
        "year": letter.year,
        "city": letter.city_id,
        "division": letter.division_id,
        "unit": letter.unit_id,
        "scheme": str(letter.scheme_id),
        "title": letter.title,
        "targets": letter.targets,
        "parties": letter.parties,
        "content": letter.content,
        "issued_on": letter.issued_on.isoformat(),
        "amends": str(letter.amends_id) if letter.amends_id else "",
        "amends_reason": letter.amends_reason,
    }


def verify(letter: Letter) -> LetterCheck:
    """Recompute the hash from what is stored now and compare it with the stored one and with the audit's entry of the issue."""
    problems = []
    actual = hash_of(covered(letter))
    if actual != letter.content_hash:
        problems.append(_("%(number)s 的内容与校验值不符：制发后被改动过。") % {"number": letter.number})
    recorded = WriteEntry.objects.filter(act=ISSUED, row_id=letter.pk).values_list("summary", flat=True).first()
    if recorded != letter.content_hash:
        problems.append(_("%(number)s 的校验值与审计记录中制发时的不符。") % {"number": letter.number})
    if letter.scheme.content_hash != letter.content.get("scheme_hash"):
        problems.append(_("%(number)s 所附考核办法已不是制发时的那一版。") % {"number": letter.number})
    return LetterCheck(letter, tuple(problems))


def verify_all(letters: Sequence[Letter]) -> list[LetterCheck]:
    """The letters that are no longer what was issued, each by its number."""
    return [check for check in map(verify, letters) if not check.intact]


def code_of(letter: Letter) -> str:
    """The short code printed on the page."""
    return short_code(letter.content_hash)


def document_of(letter: Letter) -> OfficialDocument:
    """The document as issued, with its square code and printed code."""
    document = decode(letter.content["document"])
    mark = Verification(
        code=code_of(letter),
        qr=PAGE.payload(letter.pk, letter.content_hash),
        hint="签字后上传扫描件，系统凭此码核对是否为本责任书原稿。",
    )
    return replace(document, verification=mark)


def pdf_of(letter: Letter) -> bytes:
    return render_pdf(document_of(letter))


def docx_of(letter: Letter) -> bytes:
    return render_docx(document_of(letter))


def read_scan(scan: LetterScan) -> bytes:
    """The signed page as uploaded. Raises FileDamaged when it is gone or altered."""
    return read_file(scan.path, scan.digest, SCAN_PLACE)


def town_units(city: Division, on: date) -> list[Unit]:
    """The government unit of every town of ``city``, by division code; towns without one are left out."""
    places = [town.pk for town in towns(city.pk, on)]
    units = Unit.objects.filter(division_id__in=places, kind__in=TOWN_KINDS, closed_on=None).select_related("division")
    return list(units.order_by("division__code", "code"))


def live_letter(unit: Unit, year: int) -> Letter | None:
    """The letter in force for a unit and year."""
    return Letter.objects.live().filter(unit=unit, year=year).first()
