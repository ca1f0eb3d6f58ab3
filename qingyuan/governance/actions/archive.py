"""The only writer of archives: a year closed into one file whose root stands in the audit."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.foundation import audit, clock
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.kept_files import store_file
from qingyuan.foundation.words import in_chinese
from qingyuan.governance.archive import checking, layout, package, writing
from qingyuan.governance.enums import ArchiveBasis
from qingyuan.governance.models import AssessmentArchive
from qingyuan.governance.permissions import may_keep_archive, require
from qingyuan.governance.queries.archive import PLACE, bytes_of, day_of_year, gather, live_letters
from qingyuan.indicators import store
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division

LEDGER = "letters"
ACT = "assessment.archive"


class ArchiveRefused(ValueError):
    """The year cannot be archived as it stands; the message says what to do."""


@transaction.atomic
def keep(
    *, year: int, by: Actor, city: Division, basis: ArchiveBasis = ArchiveBasis.LIVE, on: date | None = None
) -> AssessmentArchive:
    """Archive the live letters of a year. The same content again gives the archive that is already there.

    ``on``: the day they are scored for; left out, today, and once a sheet is over its last day.

    Before it is kept the file is read back and every score recomputed from it: an archive that does not verify is none.
    Raises ArchiveRefused, NotAllowed, queries' SchemeChanged.
    """
    today = clock.today()
    require(may_keep_archive(by, city.pk, today))
    # Two people closing one year at once: the second waits here and then finds the first one's archive.
    Division.objects.select_for_update().get(pk=city.pk)
    letters = live_letters(city.pk, year)
    if not letters:
        raise ArchiveRefused(_("%(year)s 年没有生效的责任书,没有可以归档的内容。") % {"year": year})
    made = in_chinese(gather)(city, year, letters, on or day_of_year(letters, today), basis)
    data = package.write(writing.parts_of(made))
    report = checking.verify(data)
    if report.findings:
        raise ArchiveRefused(_("归档文件没有通过核验,没有保存:%(why)s") % {"why": str(report.findings[0])})
    earlier = AssessmentArchive.objects.filter(city=city, year=year)
    same = earlier.filter(root_hash=report.root).first()
    if same is not None:
        return same
    serial = earlier.count() + 1
    digest = layout.digest_of(data)
    kept = AssessmentArchive(
        city=city,
        year=year,
        serial=serial,
        on=made.on,
        basis=basis,
        letters=len(letters),
        root_hash=report.root,
        digest=digest,
        size=len(data),
        path=store_file(f"archives/{year}-{serial}-{digest[:16]}", data, PLACE),
        fact_version=store.version(),
        kept_at=clock.now(),
        kept_by_id=by.account_id,
        kept_by_name=by.name,
    )
    kept.save()
    audit.record_write(
        by=by,
        act=ACT,
        ledger=LEDGER,
        rows=[
            audit.RowDelta(
                row_id=kept.pk,
                compartment=Compartment.INTERNAL,
                before=None,
                after={"year": year, "serial": serial, "on": made.on.isoformat(), "root": kept.root_hash, "digest": digest},
            )
        ],
        division_id=city.pk,
        summary=f"{year}-{serial} {kept.root_hash}",
        batch_digest=kept.root_hash,
    )
    return kept


def check_kept(kept: AssessmentArchive) -> checking.Report:
    """Whether a kept archive still is what was kept: its file, its scores, its root. Raises foundation's FileDamaged."""
    return checking.verify(bytes_of(kept), root=kept.root_hash)
