"""The only writer of checks before isolation treatment. A police officer signs; nothing proposes whom to check, and nothing counts them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.enforcement import admissions as reads
from qingyuan.enforcement.admissions import CODE
from qingyuan.enforcement.models import AdmissionCheck, Party
from qingyuan.enforcement.rules import admission as rules
from qingyuan.foundation import audit, clock
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.words import Problem
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import may
from qingyuan.reference.catalogue import get_list

GROUNDS: Final = "isolation_grounds"
LONGEST: Final = 500


class AdmissionRefused(ValueError):
    """Nothing was signed; ``problems`` or the message say why and what to do."""

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = list(problems)


@transaction.atomic
def sign(
    *, party: Party, ground: str, document_number: str, decided_on: date | None, answers: Mapping[str, bool], reasons: str, by: Actor
) -> AdmissionCheck:
    """Sign ground and checklist of one decision. Raises AdmissionRefused: not one's own case, not to be signed, or signed before."""
    on = clock.today()
    held = Party.objects.select_for_update(of=("self",)).filter(pk=party.pk).first()
    if held is None or not may(
        by, Action.CREATE, compartment=Compartment.ENFORCEMENT, ledger=CODE, on=on, division_id=held.division_id, unit_id=held.unit_id
    ):  # fmt: skip
        raise AdmissionRefused(_("收戒核对由办案单位的民警签。"))
    grounds = frozenset(code.code for code in get_list(GROUNDS))
    wrong = rules.check(
        ground=ground, grounds=grounds, number=document_number, decided_on=decided_on, answers=answers, reasons=reasons,
        age=reads.age_on(held, decided_on), on=on,
    )  # fmt: skip
    if wrong:
        raise AdmissionRefused(wrong[0].message, wrong)
    assert decided_on is not None, "a decision without its day was refused"
    number = document_number.strip()[:60]
    if AdmissionCheck.objects.filter(party=held, document_number=number, withdrawn_at=None).exists():
        raise AdmissionRefused(_("这份决定已经签过核对;有错的先撤回,再重新签。"))
    made = AdmissionCheck.objects.create(
        party=held,
        unit_id=held.unit_id,
        division_id=held.division_id,
        ground=ground,
        document_number=number,
        decided_on=decided_on,
        answers={item.code: bool(answers[item.code]) for item in rules.CHECKLIST},
        reasons=reasons.strip()[:LONGEST],
        signed_at=clock.now(),
        signed_by_id=by.account_id,
        signed_by_name=by.name[:40],
    )
    audit.record_write(by=by, act="admission-checks.sign", ledger=CODE, row_id=made.pk, division_id=held.division_id)
    return made


@transaction.atomic
def withdraw(*, check: AdmissionCheck, words: str, by: Actor) -> AdmissionCheck:
    """A check that was signed by mistake stands no more. Raises AdmissionRefused."""
    held = reads.checks_visible(by, clock.today(), Action.CHANGE).select_for_update(of=("self",)).filter(pk=check.pk).first()
    if held is None:
        raise AdmissionRefused(_("收戒核对由签它的单位撤回。"))
    if held.withdrawn_at is not None:
        raise AdmissionRefused(_("已经撤回过了。"))
    if not words.strip():
        raise AdmissionRefused(_("请写明为什么撤回。"))
    held.withdrawn_at, held.withdrawn_by_id, held.withdrawn_by_name = clock.now(), by.account_id, by.name[:40]
    held.withdrawn_words = words.strip()[:LONGEST]
    held.save()
    audit.record_write(by=by, act="admission-checks.withdraw", ledger=CODE, row_id=held.pk, division_id=held.division_id)
    return held
