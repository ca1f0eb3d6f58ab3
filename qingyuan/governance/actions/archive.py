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
from qingyuan.governance.archive.findings import Report
from qingyuan.governance.models import AssessmentArchive, AssessmentRound, Letter
from qingyuan.governance.permissions import may_keep_archive, require
from qingyuan.governance.queries.archive import PLACE, bytes_of, day_of_year, gather, live_letters
from qingyuan.governance.queries.assessments import published
from qingyuan.governance.scoring.serialise import tree_hash
from qingyuan.indicators import store
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division

LEDGER = "letters"
ACT = "assessment.archive"


class ArchiveRefused(ValueError):
    """The year cannot be archived as it stands; the message says what to do."""


@transaction.atomic
def keep(
    *, by: Actor, year: int | None = None, city: Division | None = None, round: AssessmentRound | None = None
) -> AssessmentArchive:
    """Archive a published ``round``, or (``year`` and ``city``) the live letters of a year as they stand now.

    The same content again gives the archive that is already there. Before it is kept the file is read back and every score
    recomputed from it: an archive that does not verify is none. Raises ArchiveRefused, NotAllowed, queries' SchemeChanged.
    """
    if round is not None:
        year, city = round.year, round.division
    if year is None or city is None:
        raise TypeError("keep() takes a round, or a year and a city")
    today = clock.today()
    require(may_keep_archive(by, city.pk, today))
    # Two people closing one year at once: the second waits here and then finds the first one's archive.
    Division.objects.select_for_update().get(pk=city.pk)
    made = _live(city, year, today) if round is None else _of_round(city, round)
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
        basis=made.basis,
        letters=len(made.letters),
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


def _live(city: Division, year: int, today: date) -> layout.ArchivedYear:
    letters = live_letters(city.pk, year)
    if not letters:
        raise ArchiveRefused(_("%(year)s 年没有生效的责任书,没有可以归档的内容。") % {"year": year})
    return in_chinese(gather)(city, year, letters, day_of_year(letters, today))


def _of_round(city: Division, round: AssessmentRound) -> layout.ArchivedYear:
    """The letters of a published round, each recomputed to the very tree that was published."""
    found = published(round)
    rows = Letter.objects.filter(pk__in=[one.letter_id for one in found.results])
    letters = list(rows.select_related("unit", "division", "city", "scheme").order_by("serial"))
    if not letters:
        raise ArchiveRefused(_("这一轮考核没有结果,没有可以归档的内容。"))
    made = in_chinese(gather)(city, round.year, letters, round.scored_on, found)
    hashes = {one.letter_number: one.tree_hash for one in found.results}
    moved = [str(one.terms["number"]) for one in made.letters if tree_hash(one.tree) != hashes[str(one.terms["number"])]]
    if moved:
        words = _("%(numbers)s 的数刚刚变动,与公布的得分不一致;没有归档,请稍后再试。")
        raise ArchiveRefused(words % {"numbers": "、".join(moved)})
    return made


def check_kept(kept: AssessmentArchive) -> Report:
    """Whether a kept archive still is what was kept: its file, its scores, its root. Raises foundation's FileDamaged."""
    return checking.verify(bytes_of(kept), root=kept.root_hash)
