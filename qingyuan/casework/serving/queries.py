"""Reads of papers to persons. A paper is as open as the row it is about: the same compartment, the same ledger, the same two functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from qingyuan.casework.clocks.wanted import Said, Wanted
from qingyuan.casework.enums import ServedState
from qingyuan.casework.models import PaperService, ServedPaper, ServiceProof
from qingyuan.casework.models.served_paper import ServedPaperQuerySet
from qingyuan.casework.serving.declared import PaperForm, all_forms, form_called, ledgers_with_forms
from qingyuan.casework.serving.document import build, version_line
from qingyuan.casework.serving.rules import PAGE
from qingyuan.documents.codec import decode
from qingyuan.documents.hashing import short_code
from qingyuan.documents.model import BadDocument, OfficialDocument, Verification
from qingyuan.documents.page_code import hash_of
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.kept_files import read_file
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Ledger
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Unit
from qingyuan.organisation.scope import rules_for, visible_to
from qingyuan.reference.clocks import get_clock

#: Under which subject the audit names a paper to a person.
LEDGER: Final = "served-papers"
ISSUED: Final = f"{LEDGER}.issue"
PROOF_PLACE: Final = "casework.ServiceProof.content"
#: The «column» of a clock's event that a paper's service said.
BY_SERVICE: Final = "paper-service"


def served_visible(actor: Actor, on: date, *, action: Action = Action.READ) -> ServedPaperQuerySet:
    """The papers about rows on which ``actor`` may take ``action``; of a voided row too, so that no number is lost."""
    wanted = Q(pk__in=())
    for code in ledgers_with_forms():
        ledger = registry.get(code)
        if not rules_for(actor, action, ledger.compartment, code):
            continue
        seen = rows_of(ledger, actor, on, action=action).filter(pk=OuterRef("subject_id"))
        wanted |= Q(Exists(seen), ledger=code)
    return ServedPaper.objects.filter(wanted).select_related("unit", "division")


def rows_of(ledger: Ledger, actor: Actor, on: date, *, action: Action = Action.READ) -> Any:
    """The rows of a ledger, live or voided, on which ``actor`` may take ``action``."""
    return visible_to(
        actor,
        ledger.model.everything.order_by(),
        compartment=ledger.compartment,
        ledger=ledger.code,
        on=on,
        action=action,
        caseload_field=ledger.caseload_field,
    )


def reads_any(actor: Actor, action: Action = Action.READ) -> bool:
    """Whether some rule lets ``actor`` take ``action`` on rows that have papers at all."""
    ledgers = [registry.get(code) for code in ledgers_with_forms()]
    return any(rules_for(actor, action, ledger.compartment, ledger.code) for ledger in ledgers)


def forms_read_by(actor: Actor) -> list[PaperForm]:
    """The forms of ledgers whose rows ``actor`` reads: who reads none of a clinic is not told which papers it has."""
    read = {code for code in ledgers_with_forms() if rules_for(actor, Action.READ, registry.get(code).compartment, code)}
    return [form for form in all_forms() if form.ledger in read]


def closed_numbers(actor: Actor) -> ServedPaperQuerySet:
    """Numbers the own unit gave whose row nobody finds any more: its person is sealed. For the register alone, so that no number
    is lost; there is nothing to open."""
    wanted = Q(pk__in=())
    for code in ledgers_with_forms():
        ledger = registry.get(code)
        if rules_for(actor, Action.READ, ledger.compartment, code):
            wanted |= Q(~Exists(ledger.model.everything.order_by().filter(pk=OuterRef("subject_id"))), ledger=code)
    return ServedPaper.objects.numbered().filter(wanted, unit_id=actor.unit_id or 0).select_related("unit", "division")


def row_of(paper: ServedPaper) -> Any:
    """The row the paper is about, voided or not."""
    ledger = registry.get(paper.ledger)
    return ledger.with_related(ledger.model.everything.filter(pk=paper.subject_id)).get()


def rows_by_paper(papers: Iterable[ServedPaper]) -> dict[UUID, Any]:
    """Row id → row for every paper of a list: one question to each ledger."""
    ids: dict[str, set[UUID]] = {}
    for paper in papers:
        ids.setdefault(paper.ledger, set()).add(paper.subject_id)
    found: dict[UUID, Any] = {}
    for code, wanted in ids.items():
        ledger = registry.get(code)
        rows = ledger.with_related(ledger.model.everything.filter(pk__in=wanted))
        found |= {row.pk: row for row in rows}
    return found


def offered(ledger: str, row: Any) -> list[PaperForm]:
    """The forms this row takes now."""
    return [form for form in all_forms() if form.ledger == ledger and form.by_hand and form.offered(row)]


def of_row(subject_id: UUID) -> list[ServedPaper]:
    """Papers of one row, the newest first, withdrawn ones too."""
    return list(ServedPaper.objects.filter(subject_id=subject_id).order_by("-drafted_at"))


def standing(paper: ServedPaper) -> PaperService | None:
    """The statement of service that holds; None while nothing was begun or all was taken back."""
    last = last_said(paper)
    return None if last is None or last.withdrawn else last


def last_said(paper: ServedPaper) -> PaperService | None:
    """The end of the chain of statements."""
    return paper.services.filter(corrections=None).select_related("proof").order_by("-recorded_at").first()


def covered(paper: ServedPaper, document: dict[str, Any]) -> dict[str, Any]:
    """Everything the content hash covers."""
    return {
        "id": str(paper.pk),
        "number": paper.number,
        "word": paper.word,
        "year": paper.year,
        "serial": paper.serial,
        "unit": paper.unit_id,
        "form": paper.form,
        "form_version": paper.form_version,
        "ledger": paper.ledger,
        "subject": str(paper.subject_id),
        "issued_on": paper.issued_on.isoformat() if paper.issued_on else "",
        "document": document,
    }


def problems_of(paper: ServedPaper) -> tuple[str, ...]:
    """What differs from the paper that was numbered, by its own hash and by the audit; empty when nothing does."""
    found = []
    if not paper.handed_over and hash_of(covered(paper, paper.words.get("document", {}))) != paper.content_hash:
        found.append(_("%(number)s 的内容与校验值不符:编号后被改动过。") % {"number": paper.number})
    recorded = WriteEntry.objects.filter(act=ISSUED, row_id=paper.pk).values_list("summary", flat=True).first()
    if recorded != paper.content_hash:
        found.append(_("%(number)s 的校验值与审计记录中编号时的不符。") % {"number": paper.number})
    return tuple(found)


def code_of(paper: ServedPaper) -> str:
    return short_code(paper.content_hash)


def document_of(paper: ServedPaper, on: date) -> OfficialDocument:
    """As numbered, with its square code; a draft as it would be printed on day ``on``. Raises BadDocument."""
    if not paper.number:
        return build(form_called(paper.form), row_of(paper), paper.answers, paper.unit.name, on=on)
    if paper.handed_over:
        raise BadDocument(_("正本已经交给本人,平台不留正文,只留文书号和校验值。"))
    document = decode(paper.words["document"])
    mark = Verification(code=code_of(paper), qr=PAGE.payload(paper.pk, paper.content_hash), hint=version_line(paper))
    return replace(document, verification=mark)


def compartment_of(paper: ServedPaper) -> Compartment:
    return registry.get(paper.ledger).compartment


def read_proof(proof: ServiceProof) -> bytes:
    """The signed receipt as uploaded. Raises FileDamaged."""
    return read_file(proof.path, proof.digest, PROOF_PLACE, compartment_of(proof.paper))


def said_to_clocks(ledger: str, ids: Iterable[UUID]) -> dict[UUID, dict[str, Said]]:
    """What papers that were served say to the clocks of rows: row id → clock code → the word with the day of service."""
    saying = {form.code: form for form in all_forms() if form.ledger == ledger and form.says}
    if not saying:
        return {}
    served = ServedPaper.objects.filter(
        ledger=ledger, subject_id__in=list(ids), form__in=list(saying), state=ServedState.SERVED
    )
    found: dict[UUID, dict[str, Said]] = {}
    # The first service counts where a paper was served twice: it is read last.
    for paper in served.order_by("-served_on", "-pk"):
        for code, word in saying[paper.form].says:
            assert paper.served_on is not None
            found.setdefault(paper.subject_id, {})[code] = Said(word, BY_SERVICE, paper.served_on)
    return found


def with_services(wanted: Iterable[Wanted], said: Mapping[str, Said]) -> dict[str, Wanted]:
    """The clocks a row runs by its columns, by code, together with what services say; one that only a service starts is added."""
    found = {one.code: one for one in wanted}
    for code, word in said.items():
        if code in found:
            found[code] = replace(found[code], said=(*found[code].said, word))
        elif word.word == get_clock(code).start:
            found[code] = Wanted(code, (word,))
    return found


def usual_word(unit: Unit) -> str:
    """文书代字 of a unit's papers to persons: what it used last, or the name of the place and what they are."""
    last = ServedPaper.objects.filter(unit=unit).exclude(word="").order_by("-drafted_at")
    used = last.values_list("word", flat=True).first()
    if used:
        return used
    name, place = unit.label, unit.division.name
    base = f"{place[0]}{name[1:]}" if name.startswith("市") else name.removesuffix("人民政府").removesuffix("办事处")
    return f"{base[:9]}文书"[:12]
