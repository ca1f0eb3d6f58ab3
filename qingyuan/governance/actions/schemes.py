"""The only writer of assessment schemes: checked whole, published once, never changed."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.foundation import audit, clock
from qingyuan.foundation.enums import Compartment
from qingyuan.governance.models import PublishedScheme
from qingyuan.governance.permissions import may_publish_scheme, require
from qingyuan.governance.queries.known import known_inputs
from qingyuan.governance.scoring.check import check, questions
from qingyuan.governance.scoring.forbidden import hold_out
from qingyuan.governance.scoring.problems import Problem
from qingyuan.governance.scoring.serialise import read_scheme, scheme_hash, scheme_json
from qingyuan.organisation.actor import Actor

LEDGER = "schemes"


class SchemeRefused(ValueError):
    """The scheme does not publish; ``problems`` names every one, the refused coercive figures among them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


@transaction.atomic
def publish_scheme(*, text: str, by: Actor) -> PublishedScheme:
    """Publish a scheme from YAML or JSON; the same text again returns what is published already.

    A sheet received from above is published with its coercive clauses marked: text kept, points held out, reason printed.
    A text that can be read in several ways is published when one is chosen.

    Raises SchemeUnreadable (not a scheme), SchemeRefused (sums, examples, coercive figures, a version given twice), NotAllowed.
    """
    require(may_publish_scheme(by, clock.today()))
    known = known_inputs()
    scheme = hold_out(read_scheme(text), known)
    problems = [*check(scheme, known), *questions(scheme)]
    year, digest = scheme.valid_from.year, scheme_hash(scheme)
    old = PublishedScheme.objects.filter(code=scheme.id, year=year, version=scheme.version).first()
    if old is not None and old.content_hash == digest:
        return old
    if old is not None:
        words = _("%(code)s %(year)s 年第 %(version)s 版已经发布，内容不同；请改版次。")
        problems.append(Problem("全文", words % {"code": scheme.id, "year": year, "version": scheme.version}))
    if problems:
        raise SchemeRefused(problems)
    published = PublishedScheme.objects.create(
        code=scheme.id,
        version=scheme.version,
        year=year,
        title=scheme.title,
        content=scheme_json(scheme),
        content_hash=digest,
        published_at=clock.now(),
        published_by_id=by.account_id,
        published_by_name=by.name,
    )
    audit.record_write(
        by=by,
        act="schemes.publish",
        ledger=LEDGER,
        rows=[
            audit.RowDelta(
                row_id=published.pk,
                compartment=Compartment.INTERNAL,
                before=None,
                after={"code": scheme.id, "version": scheme.version, "year": year, "content_hash": digest},
            )
        ],
        summary=digest,
    )
    return published
