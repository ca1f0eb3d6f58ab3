"""The only writers of letters. Issued once with a number and a hash; afterwards only state and signature move."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.documents.codec import encode
from qingyuan.documents.page_code import hash_of
from qingyuan.foundation import audit, clock
from qingyuan.foundation.enums import Compartment
from qingyuan.governance.actions.publishing import publish_letter
from qingyuan.governance.enums import LetterState
from qingyuan.governance.forms.catalogue import all_forms
from qingyuan.governance.letters import contents as parts
from qingyuan.governance.letters.document import build
from qingyuan.governance.models import Letter, NumberSeries, PublishedScheme
from qingyuan.governance.permissions import may_issue_letters, require
from qingyuan.governance.problem_phrases import line_of
from qingyuan.governance.queries import letters as reads
from qingyuan.governance.queries.known import known_inputs
from qingyuan.governance.queries.schemes import scheme_of
from qingyuan.governance.queries.targets import agreed_targets, member_units
from qingyuan.governance.rules.letters import number_text
from qingyuan.governance.scoring.check import place_only
from qingyuan.governance.scoring.numbers import plain
from qingyuan.governance.scoring.scheme import Scheme
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division, Unit
from qingyuan.organisation.queries import holders
from qingyuan.reference.statutes import cite, law_in_force

LEDGER = "letters"
#: The article against ordered figures, in the text of either law; the one in force on the day of issue is printed.
HONEST_FIGURES = ("STAT7", "STAT09-6")


class LetterRefused(ValueError):
    """The letter cannot be issued, amended or voided as things stand; the message says what to do."""


@dataclass(frozen=True)
class Issue:
    """What every letter of one round shares. ``issuer`` is the unit whose post-holders sign for the commission.

    ``head`` is the 机关代字 («云禁责»); left out it is made from the city's name.
    """

    city: Division
    year: int
    scheme: PublishedScheme
    issuer: Unit
    on: date
    head: str = ""

    @property
    def number_head(self) -> str:
        return self.head or f"{self.city.name[0]}禁责"


@transaction.atomic
def issue(*, unit: Unit, terms: Issue, by: Actor) -> Letter:
    """The year's letter of one unit, with the next number. Raises LetterRefused, NotAllowed."""
    require(may_issue_letters(by, terms.city.pk, clock.today()))
    if reads.live_letter(unit, terms.year) is not None:
        words = _("%(unit)s %(year)s 年的责任书已经制发；需要变动请签补充责任书。")
        raise LetterRefused(words % {"unit": unit.label, "year": terms.year})
    return _issue(unit, terms, by, amends=None, reason="")


@transaction.atomic
def issue_for_towns(*, terms: Issue, by: Actor) -> list[Letter]:
    """A letter for every town of the city that has none yet, numbered in the order of division codes."""
    require(may_issue_letters(by, terms.city.pk, clock.today()))
    units = reads.town_units(terms.city, terms.on)
    waiting = [unit for unit in units if reads.live_letter(unit, terms.year) is None]
    return [_issue(unit, terms, by, amends=None, reason="") for unit in waiting]


@transaction.atomic
def issue_for_units(*, terms: Issue, by: Actor, units: Collection[int] | None = None) -> list[Letter]:
    """A letter for every member unit that the scheme is for and that has none yet, or for those of ``units`` (ids), numbered in
    the order of their codes. Raises LetterRefused (also where one of ``units`` is no member unit or has its letter), NotAllowed."""
    require(may_issue_letters(by, terms.city.pk, clock.today()))
    members = {unit.pk: unit for unit in member_units(terms.city.pk)}
    if units is not None and set(units) - set(members):
        raise LetterRefused(_("选的单位里有的不是本级的禁毒委成员单位,请刷新再选。"))
    had = set(Letter.objects.live().filter(year=terms.year, unit__in=members).values_list("unit_id", flat=True))
    if units is not None and (twice := had & set(units)):
        words = _("%(unit)s %(year)s 年的责任书已经制发；需要变动请签补充责任书。")
        raise LetterRefused(words % {"unit": "、".join(members[pk].label for pk in members if pk in twice), "year": terms.year})
    takes = scheme_of(terms.scheme).applies_to.takes
    chosen = [unit for pk, unit in members.items() if (takes(unit.kind) if units is None else pk in units)]
    waiting = [unit for unit in chosen if unit.pk not in had]
    if not waiting:
        raise LetterRefused(_("没有要制发的成员单位:请先选单位。"))
    return [_issue(unit, terms, by, amends=None, reason="") for unit in waiting]


@transaction.atomic
def amend(*, letter: Letter, terms: Issue, reason: str, by: Actor) -> Letter:
    """A supplementary letter with its own number that takes the old one's place; the old one stays as it was issued."""
    require(may_issue_letters(by, letter.city_id, clock.today()))
    if not reason.strip():
        raise LetterRefused(_("请写明补充的原因，它印在补充责任书上。"))
    _close(letter, LetterState.AMENDED, reason, by)
    return _issue(letter.unit, terms, by, amends=letter, reason=reason.strip()[:200])


@transaction.atomic
def void(*, letter: Letter, reason: str, by: Actor) -> Letter:
    """Withdraw a letter that is not yet signed; its number is not used again. Raises LetterRefused, NotAllowed."""
    require(may_issue_letters(by, letter.city_id, clock.today()))
    if not reason.strip():
        raise LetterRefused(_("请写明作废原因。"))
    if letter.state != LetterState.ISSUED:
        raise LetterRefused(_("已签订或已替代的责任书不能作废；需要变动请签补充责任书。"))
    return _close(letter, LetterState.VOID, reason, by)


def _issue(unit: Unit, terms: Issue, by: Actor, *, amends: Letter | None, reason: str) -> Letter:
    scheme = scheme_of(terms.scheme)
    if not scheme.valid_from.year <= terms.year < scheme.valid_to.year + (scheme.valid_to.month > 1):
        raise LetterRefused(_("考核办法不适用于 %(year)s 年，请选用当年的版本。") % {"year": terms.year})
    _require_sheet_for(unit, terms.city, scheme)
    serial = _next_serial(terms.number_head, terms.year)
    contents = _contents(unit, terms, scheme, number_text(terms.number_head, terms.year, serial), amends, reason)
    letter = Letter(
        number=contents.number,
        serial=serial,
        head=terms.number_head,
        year=terms.year,
        city=terms.city,
        division_id=unit.division_id,
        unit=unit,
        scheme=terms.scheme,
        title=contents.title,
        targets=[line.to_data() for line in contents.targets],
        parties={"first": contents.first.to_data(), "second": contents.second.to_data()},
        content={"document": encode(build(contents)), "scheme_hash": terms.scheme.content_hash},
        issued_on=terms.on,
        issued_at=clock.now(),
        issued_by_id=by.account_id,
        issued_by_name=by.name,
        amends=amends,
        amends_reason=reason,
    )
    letter.content_hash = hash_of(reads.covered(letter))
    letter.save()
    after = {"number": letter.number, "content_hash": letter.content_hash, "state": str(letter.state)}
    _audit(letter, "issue", by, None, after, reason, letter.content_hash)
    publish_letter(letter)
    return letter


def _require_sheet_for(unit: Unit, city: Division, scheme: Scheme) -> None:
    """A sheet is for whom it names; of a member unit it reads only what is the unit's own. Raises LetterRefused."""
    if not scheme.applies_to.takes(unit.kind):
        words = _("《%(scheme)s》不是给 %(unit)s 这类单位的考核办法,请选用适用的办法。")
        raise LetterRefused(words % {"scheme": scheme.title, "unit": unit.label})
    problems = place_only(scheme, known_inputs(), (unit.kind,)) if unit.division_id == city.pk else []
    if problems:
        words = _("《%(scheme)s》不能用来考核 %(unit)s。%(why)s。")
        raise LetterRefused(words % {"scheme": scheme.title, "unit": unit.label, "why": line_of(problems[0])})


def _next_serial(head: str, year: int) -> int:
    """The next number, under a lock held until the letter is committed: none is skipped, none given twice."""
    NumberSeries.objects.get_or_create(head=head, year=year)
    series = NumberSeries.objects.select_for_update().get(head=head, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return series.last


def _contents(
    unit: Unit, terms: Issue, scheme: Scheme, number: str, amends: Letter | None, reason: str
) -> parts.LetterContents:
    extra = "补充" if amends is not None else ""
    place = unit.label if unit.division_id == terms.city.pk else unit.division.name
    agreed = agreed_targets(terms.city, unit, terms.year)
    return parts.LetterContents(
        number=number,
        title=f"{place} {terms.year} 年禁毒工作{extra}责任书",
        city=terms.city.name,
        place=place,
        year=terms.year,
        issued_on=terms.on,
        first=parts.PartyData(f"{terms.city.name}禁毒委员会", _posts(terms.issuer, terms.on)),
        second=_answering(unit, terms.on),
        targets=tuple(
            parts.TargetLine(
                line.indicator, line.title, line.unit, line.target, line.baseline, line.method, line.source, line.due
            )
            for line in agreed
        ),
        scheme_title=scheme.title,
        scheme_version=scheme.version,
        scheme_hash=terms.scheme.content_hash,
        total=plain(scheme.total),
        clauses=parts.scheme_lines(scheme),
        extras=parts.extra_lines(scheme),
        grades=parts.grade_lines(scheme),
        vetoes=parts.veto_lines(scheme),
        duties=parts.member_sections(unit.kind) if unit.division_id == terms.city.pk else parts.duty_sections(),
        reporting=_reporting(unit, terms.on),
        amends=amends.number if amends else "",
        amends_reason=reason,
        # A letter is Chinese and hashed, whatever language its issuer reads pages in.
        notice="演示城市 · 虚构数据" if settings.QINGYUAN_DEMO else "",
    )


def _posts(unit: Unit, on: date) -> tuple[parts.PostHolder, ...]:
    return tuple(
        parts.PostHolder(term.post.title, term.holder_name, term.post.responsibility) for term in holders(unit, on)
    )


def _answering(unit: Unit, on: date) -> parts.PartyData:
    """The unit that answers, with its post-holders. A letter that names nobody binds nobody: it is refused."""
    party = parts.PartyData(unit.name, _posts(unit, on))
    if not party.of("first") or not party.of("direct"):
        words = _("%(unit)s 在 %(day)s 没有登记第一责任人或直接责任人，请先登记岗位和任期，再制发责任书。")
        raise LetterRefused(words % {"unit": unit.label, "day": on.isoformat()})
    return party


def _reporting(unit: Unit, on: date) -> tuple[str, ...]:
    forms = [form for form in all_forms() if unit.kind in form.unit_kinds]
    lines = [f"乙方按月报送《{form.title}》（{form.code}），经本单位审核后于规定日期前报出。" for form in forms]
    article = cite(next(key for key in HONEST_FIGURES if law_in_force(key, on)))
    # «旧» tells two texts apart in lists; on the day of issue the old text was simply the law.
    printed = article.label.replace("（旧）", "")
    honest = f"台账随办随记，如实填报；发生重大事项随时报告。任何人不得要求编造、篡改数据（{printed}）。"
    return (*lines, honest)


def _close(letter: Letter, state: LetterState, reason: str, by: Actor) -> Letter:
    before = str(letter.state)
    allowed: Sequence[str] = (LetterState.ISSUED, LetterState.SIGNED)
    changed = Letter.objects.filter(pk=letter.pk, state__in=allowed).update(
        state=state, closed_reason=reason.strip()[:200]
    )
    if not changed:
        raise LetterRefused(_("这份责任书已经作废或被替代，请打开最新的一份。"))
    letter.refresh_from_db()
    _audit(letter, str(state), by, {"state": before}, {"state": str(state)}, reason, letter.content_hash)
    publish_letter(letter)
    return letter


def _audit(
    letter: Letter,
    act: str,
    by: Actor,
    before: dict[str, Any] | None,
    after: dict[str, Any],
    reason: str,
    summary: str,
) -> None:
    audit.record_write(
        by=by,
        act=f"letters.{act}",
        ledger=LEDGER,
        rows=[audit.RowDelta(row_id=letter.pk, compartment=Compartment.INTERNAL, before=before, after=after)],
        division_id=letter.division_id,
        reason=reason.strip()[:200],
        summary=summary,
    )
