"""A unit's sources: remembering how a table is read, changing and forgetting it. Each step is one audited transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.foundation import audit, clock
from qingyuan.ledgers import registry
from qingyuan.ledgers.importing.comparing import next_month
from qingyuan.ledgers.importing.recipe import Recipe, checked, taken_from
from qingyuan.ledgers.importing.recognising import How
from qingyuan.ledgers.models import ImportBatch, LearntSynonym, SavedRecipe, Source
from qingyuan.ledgers.models.imports import BatchState
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import may
from qingyuan.reference.periods import Period
from qingyuan.reference.periods import month as month_of

LONGEST_TITLE = 60
MOST_MONTHS = 12
CORRECTABLE = (BatchState.CHECKED, BatchState.FAILED, BatchState.WAITING)


class SourceRefused(ValueError):
    """A source or its recipe stays as it was; the message says what to do."""


def may_keep(actor: Actor, ledger: str, unit_id: int | None, on: date) -> bool:
    """Whether ``actor`` keeps the sources and layouts of a unit's ledger: its own unit's, where it enters rows."""
    if unit_id is None or actor.unit_id != unit_id:
        return False
    try:
        declared = registry.get(ledger)
    except registry.UnknownLedger:
        return False
    return may(
        actor, Action.CREATE, compartment=declared.compartment, ledger=declared.code, on=on, unit_id=unit_id
    ).allowed


def sources_of(actor: Actor, on: date, ledger: str = "", **narrowed: int) -> list[Source]:
    """The sources that ``actor`` keeps, of one ledger or of all; ``narrowed``: further conditions on their rows."""
    wanted: dict[str, str | int] = {"ledger": ledger, **narrowed} if ledger else dict(narrowed)
    if actor.unit_id is None:
        return []
    found = Source.objects.filter(unit_id=actor.unit_id, retired_at=None, **wanted).select_related("saved")
    return [source for source in found if may_keep(actor, source.ledger, source.unit_id, on)]


def last_files(sources: Iterable[Source]) -> dict[UUID, ImportBatch]:
    """The newest file of each source that is in."""
    found: dict[UUID, ImportBatch] = {}
    done = ImportBatch.objects.filter(source__in=list(sources), state=BatchState.DONE).order_by("created_at")
    for batch in done:
        assert batch.source_id is not None
        found[batch.source_id] = batch
    return found


def awaited(actor: Actor, on: date) -> list[tuple[Source, Period]]:
    """Sources that ``actor`` keeps whose next file is due this month or was due before, each with that month."""
    regular = sources_of(actor, on, every_months__gt=0)
    last = last_files(regular) if regular else {}
    months = [(source, next_month(source, last.get(source.pk))) for source in regular]
    return [(source, month_of(first)) for source, first in months if first is not None and first <= on]


def open_source(actor: Actor, source_id: UUID, on: date) -> Source | None:
    """The source, for those who keep it; else None."""
    return next((source for source in sources_of(actor, on) if source.pk == source_id), None)


def saved_recipe(source: Source) -> Recipe | None:
    saved = SavedRecipe.objects.filter(source=source).first()
    return Recipe.from_json(saved.content) if saved else None


def recipe_of_batch(batch: ImportBatch) -> Recipe:
    """The recipe by which the file of a checked batch was read, every header of it named."""
    found = batch.found
    how = batch.reading.get("recipe")
    return taken_from(
        found.get("labels", []),
        {int(index): name for index, name in found.get("columns", {}).items()},
        sheet=found.get("sheet", ""),
        units=found.get("units", {}),
        base=Recipe.from_json(how) if how else Recipe(),
    )


@transaction.atomic
def remember(
    *, batch: ImportBatch, title: str, whole: bool, every_months: int, by: Actor, source: Source | None = None
) -> Source:
    """Save how the file of ``batch`` was read as the recipe of ``source``, or of a new source called ``title``.

    Raises SourceRefused when the file is not checked, the title is missing or taken, or the source is another's.
    """
    if batch.state not in (BatchState.CHECKED, BatchState.DONE) or not batch.found:
        raise SourceRefused(_("这个文件还没有核对好,先把栏目对好再记住。"))
    if source is None:
        if batch.unit_id is None:
            raise SourceRefused(_("这一批不属于任何单位,不能记成来源。"))
        source = Source(unit_id=batch.unit_id, ledger=batch.ledger, created_at=clock.now(), created_by_id=by.account_id)
        _settle(source, title=title, whole=whole, every_months=every_months)
        source.save(force_insert=True)
    elif (source.ledger, source.unit_id) != (batch.ledger, batch.unit_id) or source.retired_at is not None:
        raise SourceRefused(_("这个来源不是这本台账的,请另起一个名称。"))
    _save_recipe(source, recipe_of_batch(batch), by)
    batch.source = source
    batch.reading = {**batch.reading, "how": How.SAVED.value, "title": source.title}
    batch.save(update_fields=["source", "reading"])
    return source


@transaction.atomic
def change_recipe(*, source: Source, recipe: Recipe, by: Actor) -> None:
    """Read the source's tables otherwise from now on. Raises BadRecipe, or SourceRefused when there is no recipe."""
    if not SavedRecipe.objects.filter(source=source).exists():
        raise SourceRefused(_("这个来源还没有配方:请导入一个文件,对好栏目后点“记住这种表”。"))
    _save_recipe(source, recipe, by)


def _save_recipe(source: Source, recipe: Recipe, by: Actor) -> None:
    checked(recipe, registry.get(source.ledger).columns)
    SavedRecipe.objects.update_or_create(
        source=source,
        defaults={
            "digest": recipe.digest,
            "content": recipe.as_json(),
            "saved_at": clock.now(),
            "saved_by_id": by.account_id,
        },
    )
    read = sum(bool(name) for name in recipe.columns.values())
    _audit(source, "recipe_save", by, summary=f"{read}/{len(recipe.columns)} columns, {len(recipe.defaults)} defaults")


@transaction.atomic
def change_source(*, source: Source, title: str, whole: bool, every_months: int, by: Actor) -> None:
    """Raises SourceRefused for a title that is missing or taken, or a rhythm that is none."""
    _settle(source, title=title, whole=whole, every_months=every_months)
    source.save(update_fields=["title", "whole", "every_months"])
    _audit(source, "source_change", by, summary=f"whole={whole} every={every_months}")


@transaction.atomic
def forget_recipe(*, source: Source, by: Actor) -> None:
    """Tables of the source are read as anybody's again; the words learnt for it are forgotten with it."""
    SavedRecipe.objects.filter(source=source).delete()
    LearntSynonym.objects.filter(source=source).delete()
    _audit(source, "recipe_forget", by)


@transaction.atomic
def retire(*, source: Source, by: Actor) -> None:
    """The source is no longer expected; its batches and rows stay as they are."""
    forget_recipe(source=source, by=by)
    source.retired_at = clock.now()
    source.save(update_fields=["retired_at"])
    _audit(source, "source_retire", by)


@transaction.atomic
def forget_word(*, source: Source, word_id: int, by: Actor) -> None:
    """Raises SourceRefused when the word is not the source's."""
    word = LearntSynonym.objects.filter(source=source, pk=word_id).first()
    if word is None:
        raise SourceRefused(_("这个词已经忘记了。"))
    _audit(source, "word_forget", by, summary=f"{word.code_list} {word.code}", reason=word.text)
    word.delete()


@transaction.atomic
def correct(*, batch: ImportBatch, recipe: Recipe, by: Actor) -> None:
    """Read the batch's file as somebody says it is to be read; it must be checked again.

    Raises BadRecipe for a mapping that cannot be, SourceRefused for a batch that is being worked on or is in.
    """
    _still_open(batch)
    checked(recipe, registry.get(batch.ledger).columns)
    _read_as(batch, {"how": How.HAND.value, "title": "", "recipe": recipe.as_json()})


@transaction.atomic
def read_by(*, batch: ImportBatch, source: Source) -> None:
    """Read the batch's file by the recipe of ``source`` though its header differs: headers the recipe does not know are
    recognised as ever. Raises SourceRefused."""
    _still_open(batch)
    recipe = saved_recipe(source)
    if recipe is None or (source.ledger, source.unit_id) != (batch.ledger, batch.unit_id):
        raise SourceRefused(_("这个来源没有这本台账的配方。"))
    loose = Recipe(columns=recipe.columns, units=recipe.units, defaults=recipe.defaults, words=recipe.words)
    batch.source = source
    _read_as(batch, {"how": How.HAND.value, "title": source.title, "recipe": loose.as_json()})


@transaction.atomic
def read_plainly(*, batch: ImportBatch) -> None:
    """Read the batch's file by no recipe: it is not from the source it was taken for. Raises SourceRefused."""
    _still_open(batch)
    batch.source = None
    _read_as(batch, {"how": How.PLAIN.value})


def _read_as(batch: ImportBatch, reading: dict[str, object]) -> None:
    batch.reading = reading
    batch.save(update_fields=["source", "reading"])


def _still_open(batch: ImportBatch) -> None:
    if batch.state not in CORRECTABLE:
        raise SourceRefused(_("这一批正在办理或者已经入库,不能再改读法。"))


def _settle(source: Source, *, title: str, whole: bool, every_months: int) -> None:
    title = " ".join(title.split())
    if not title:
        raise SourceRefused(_("请给这种表起个名称,如“龙洞镇尿检登记表”。"))
    if len(title) > LONGEST_TITLE:
        raise SourceRefused(_("名称最多 %(most)s 个字。") % {"most": LONGEST_TITLE})
    if any(sign.isdigit() for sign in title) and sum(sign.isdigit() for sign in title) > 8:
        raise SourceRefused(_("名称里不要写号码。"))
    if not 0 <= every_months <= MOST_MONTHS:
        raise SourceRefused(_("间隔写 0—%(most)s 个月,0 表示不定期。") % {"most": MOST_MONTHS})
    same = Source.objects.filter(unit_id=source.unit_id, ledger=source.ledger, title=title, retired_at=None)
    if same.exclude(pk=source.pk).exists():
        raise SourceRefused(_("已有同名的来源:请选它,或换一个名称。"))
    source.title, source.whole, source.every_months = title, whole, every_months


def _audit(source: Source, act: str, by: Actor, *, summary: str = "", reason: str = "") -> None:
    audit.record_write(
        by=by,
        act=f"{source.ledger}.{act}",
        ledger=source.ledger,
        row_id=source.pk,
        division_id=by.division_id,
        summary=summary,
        reason=reason or source.title,
    )
