"""The only writers of an office's own Word templates: checked, kept, taken into use, laid aside."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from qingyuan.casework.enums import PaperKind
from qingyuan.casework.models import PaperTemplate
from qingyuan.casework.papers.document import KINDS
from qingyuan.casework.papers.permissions import TEMPLATES, may_keep_templates, require
from qingyuan.casework.papers.rules import PaperRefused
from qingyuan.casework.papers.templates import TEMPLATE_PLACE
from qingyuan.documents.office_template import BadTemplate, read_template
from qingyuan.foundation import audit, clock
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.kept_files import store_file
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Unit

FOLDER: Final = "paper-templates"


class TemplateRefused(PaperRefused):
    """The file cannot be the template; ``problems`` say each what to change."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("".join(problems))


def upload(*, kind: str, data: bytes, file_name: str, by: Actor) -> PaperTemplate:
    """Check a file and take it into use for the actor's unit. Raises TemplateRefused, PaperRefused, NotAllowed."""
    require(may_keep_templates(by, clock.today()))
    if kind not in PaperKind.values:
        raise PaperRefused(_("没有这种文种,请在列出的几种里选。"))
    try:
        read_template(data, KINDS[kind])
    except BadTemplate as wrong:
        raise TemplateRefused(wrong.problems) from wrong
    unit = Unit.objects.get(pk=by.unit_id or 0)
    digest = hashlib.sha256(data).hexdigest()
    path = store_file(f"{FOLDER}/{unit.pk}-{kind}-{digest[:16]}.q1", data, TEMPLATE_PLACE)
    with transaction.atomic():
        # The unit's row is the lock: two uploads at once get two versions. (Rows that are counted cannot be locked.)
        Unit.objects.select_for_update().get(pk=unit.pk)
        last = PaperTemplate.objects.filter(unit=unit, kind=kind).aggregate(last=Max("version"))["last"] or 0
        before = _retire(unit.pk, kind)
        made = PaperTemplate.objects.create(
            unit=unit,
            division_id=unit.division_id,
            kind=kind,
            version=last + 1,
            digest=digest,
            size=len(data),
            path=path,
            file_name=file_name[:120],
            uploaded_at=clock.now(),
            uploaded_by_id=by.account_id,
            uploaded_by_name=by.name,
        )
        _audit(made, "create", by, before, {"version": made.version, "digest": digest})
    return made


@transaction.atomic
def use(*, template: PaperTemplate, by: Actor) -> PaperTemplate:
    """Take an earlier version into use again. Raises NotAllowed."""
    require(may_keep_templates(by, clock.today(), template.unit_id))
    before = _retire(template.unit_id, template.kind)
    PaperTemplate.objects.filter(pk=template.pk).update(live=True)
    template.refresh_from_db()
    _audit(template, "change", by, before, {"version": template.version})
    return template


@transaction.atomic
def use_built_in(*, template: PaperTemplate, by: Actor) -> None:
    """Lay the unit's own template aside: its papers are set in the built-in form again. Raises NotAllowed."""
    require(may_keep_templates(by, clock.today(), template.unit_id))
    before = _retire(template.unit_id, template.kind)
    template.refresh_from_db()
    _audit(template, "change", by, before, {"version": 0})


def _retire(unit_id: int, kind: str) -> dict[str, Any]:
    """Lay aside what is in use; gives its version, 0 for the built-in form."""
    live = PaperTemplate.objects.live().filter(unit_id=unit_id, kind=kind)
    version = live.values_list("version", flat=True).first() or 0
    live.update(live=False)
    return {"version": version}


def _audit(template: PaperTemplate, act: str, by: Actor, before: dict[str, Any], after: dict[str, Any]) -> None:
    delta = audit.RowDelta(
        row_id=template.pk, compartment=Compartment.INTERNAL, before=before, after=after | {"kind": str(template.kind)}
    )
    audit.record_write(
        by=by,
        act=f"{TEMPLATES}.{act}",
        ledger=TEMPLATES,
        rows=[delta],
        division_id=template.division_id,
        summary=template.digest,
    )
