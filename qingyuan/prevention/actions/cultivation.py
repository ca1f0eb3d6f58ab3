"""The only writers of patches, rounds and eradications. A round answers the plan; an eradication answers a find."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from qingyuan.ledgers import registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.prevention import queries
from qingyuan.prevention.actions.keeping import Keeper, not_future
from qingyuan.prevention.actions.plans import settle_patches
from qingyuan.prevention.models import Eradication, Patch, SurveyRound

SURVEYS = "survey_rounds"


class PatchHasRounds(_writing.CannotVoid):
    """A patch that was walked is closed and not voided."""


class FindHasEradications(_writing.CannotVoid):
    """A find with eradications cannot be voided; void the eradications first."""


def _follow_eradications(survey_ids: Collection[UUID], writing: Writing) -> None:
    """Each find knows how much of it is gone; its history says through which change."""
    by = replace(writing, batch_id=None, staged=None)
    changes = []
    for ids in queries.chunks(survey_ids):
        sums = Eradication.objects.filter(survey_id__in=ids).values_list("survey_id").annotate(total=Sum("plants"))
        totals = dict(sums.order_by())
        for survey in SurveyRound.objects.filter(pk__in=ids):
            total = totals.get(survey.pk, 0)
            if survey.eradicated != total:
                draft = Draft(1, {"eradicated": total}, {}, survey.division_id, survey.unit_id)
                changes.append((survey, draft))
    if changes:
        _writing.change(registry.get(SURVEYS), changes, by)


patches = Keeper("patches", about="pk", settle=settle_patches)
survey_rounds = Keeper(SURVEYS, about="patch_id", settle=settle_patches)
eradications = Keeper("eradications", about="survey_id", settle=_follow_eradications)


def prepare_patches(drafts: Sequence[Draft], writing: Writing) -> None:
    for draft in drafts:
        not_future(draft, ("listed_on",), writing.on)


@transaction.atomic
def void_patches(*, rows: Sequence[Any], writing: Writing) -> None:
    """Raises PatchHasRounds while rounds rest on a patch."""
    for row in rows:
        if SurveyRound.objects.filter(patch=row).exists():
            raise PatchHasRounds(_("地块 %(code)s 已有踏查记录:不再踏查的请填撤销日期。") % {"code": row.code})
    patches.void(rows=rows, writing=writing)


def prepare_surveys(drafts: Sequence[Draft], writing: Writing) -> None:
    """Find each round's patch; the round stands where the patch does. A zero report needs no number."""
    known = _patches_of(drafts, writing)
    standing = queries.surveys_of(patch.pk for patch in known.values())
    for draft in drafts:
        not_future(draft, ("surveyed_on", "reported_on"), writing.on)
        values = draft.values
        if values.get("plants") is None:
            values["plants"] = 0
        if values.get("found") is None:
            values["found"] = values["plants"] > 0
        values.pop("eradicated", None)  # follows the eradications, whatever a table says
        patch = _stand_on(draft, known)
        if patch is None:
            continue
        draft.extra["patch_id"] = patch.pk
        day = values.get("surveyed_on")
        if day is None:
            continue
        row = standing.get((patch.pk, day))
        if row is not None and row.eradicated > values["plants"]:
            message = _("已登记铲除 %(gone)d 株,发现株数不能更少:请先核对铲除台账。") % {"gone": row.eradicated}
            draft.refuse("plants", message)


def prepare_eradications(drafts: Sequence[Draft], writing: Writing) -> None:
    """Find the find; what is eradicated of it, all told, is no more than was found."""
    known = _patches_of(drafts, writing)
    standing = queries.surveys_of(patch.pk for patch in known.values())
    about: dict[UUID, list[Draft]] = {}
    for draft in drafts:
        not_future(draft, ("eradicated_on", "rechecked_on"), writing.on)
        patch = _stand_on(draft, known)
        day = draft.values.get("found_on")
        if patch is None or day is None:
            continue
        survey = standing.get((patch.pk, day))
        if survey is None or not survey.found:
            draft.refuse("found_on", _("这块地那一天没有发现原植物的踏查记录,请先登记踏查。"))
            continue
        draft.extra["survey_id"] = survey.pk
        about.setdefault(survey.pk, []).append(draft)
    by_id = {survey.pk: survey for survey in standing.values()}
    for survey_id, together in about.items():
        _judge(by_id[survey_id], together)


def _judge(survey: SurveyRound, drafts: Sequence[Draft]) -> None:
    days = {draft.values.get("eradicated_on") for draft in drafts}
    targets = {draft.target_id for draft in drafts}
    gone = sum(
        row.plants
        for row in Eradication.objects.filter(survey=survey)
        if row.pk not in targets and row.eradicated_on not in days
    )
    for draft in drafts:
        plants = draft.values.get("plants") or 0
        if gone + plants > survey.plants:
            message = _("这次发现 %(found)d 株,已登记铲除 %(gone)d 株,不能再铲除 %(plants)d 株:请核对株数。")
            draft.refuse("plants", message % {"found": survey.plants, "gone": gone, "plants": plants})
            continue
        gone += plants


@transaction.atomic
def void_surveys(*, rows: Sequence[Any], writing: Writing) -> None:
    """Raises FindHasEradications while live eradications hang on a find."""
    for row in rows:
        if Eradication.objects.filter(survey=row).exists():
            raise FindHasEradications(_("这次踏查下还有铲除记录,请先作废铲除记录。"))
    survey_rounds.void(rows=rows, writing=writing)


def _patches_of(drafts: Sequence[Draft], writing: Writing) -> dict[str, Patch]:
    codes = [str(draft.values["patch_code"]) for draft in drafts if draft.values.get("patch_code")]
    return queries.patches_coded(codes, writing.by, writing.on)


def _stand_on(draft: Draft, known: dict[str, Patch]) -> Patch | None:
    """The draft's patch, in whose place and unit the row stands; refused when there is none to be seen."""
    code = draft.values.get("patch_code")
    if not code:
        return None
    patch = known.get(str(code))
    if patch is None:
        draft.refuse("patch_code", _("踏查地块名录里没有这个编号,请核对,或先登记地块。"))
        return None
    draft.division_id, draft.unit_id = patch.division_id, patch.unit_id
    return patch
