"""Whether the parts of a sheet add up, for every kind and size of unit and on every day, and whether clauses fall over each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import combinations, product

from qingyuan.governance.scoring.applies import applies_to
from qingyuan.governance.scoring.numbers import ZERO, Inputs, Number, plain
from qingyuan.governance.scoring.problems import Problem
from qingyuan.governance.scoring.refs import BadInputRef, parse_ref
from qingyuan.governance.scoring.scheme import (
    Annex,
    Clause,
    Group,
    GroupRole,
    NotApplicable,
    OnlyFor,
    Scheme,
    Shared,
    Size,
)

_OTHER = "其他单位"
_MOST = 200


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind and size of unit for which the sheet must add up; `words` names it in a complaint."""

    kind: str = ""
    sizes: Inputs = field(default_factory=dict)
    words: str = ""

    def takes(self, only_for: OnlyFor) -> bool:
        return applies_to(only_for, self.kind or _OTHER, self.sizes).yes is True


def profiles(scheme: Scheme) -> list[Profile]:
    """Every kind the sheet names (and one it does not), crossed with each band of each size it names."""
    every = [*(clause.only_for for clause in scheme.clauses()), *(annex.only_for for annex in scheme.annexes)]
    named = sorted({kind for only in every for kind in only.unit_kinds})
    kinds = list(scheme.applies_to.unit_kinds) or [*named, _OTHER] if named else [""]
    cells: dict[str, dict[Decimal, str]] = {}
    for size in (size for only in every for size in only.sizes):
        cells.setdefault(size.of, {}).update(_cells(size))
    axes = [[(of, at, words) for at, words in sorted(found.items())] for of, found in sorted(cells.items())]
    return [_profile(kind, chosen) for kind in kinds for chosen in product(*axes)][:_MOST]


def _cells(size: Size) -> dict[Decimal, str]:
    """A size in each band the writer's borders make, and one step below them."""
    found = {}
    for border in (size.at_least, size.below):
        if border is not None:
            found[border] = f"{size.words} {plain(border)}"
            found[border - Decimal("0.01")] = f"{size.words}不足 {plain(border)}"
    return found


def _profile(kind: str, chosen: Sequence[tuple[str, Decimal, str]]) -> Profile:
    sizes = {}
    for of, at, _words in chosen:
        try:
            sizes[parse_ref(of).key] = Number(value=at)
        except BadInputRef:
            continue
    return Profile(kind, sizes, "、".join(filter(None, [kind, *(words for _, _, words in chosen)])))


def sums(scheme: Scheme) -> list[Problem]:
    """Parts add up to groups, groups to annexes and the total: on each day something changes, for each kind of unit."""
    found: dict[Problem, None] = {}
    told: set[str] = set()
    every = profiles(scheme)
    for profile in every:
        for day in _days(scheme):
            for problem in _sums_on(scheme, day, profile):
                if problem.where not in told or len(every) == 1:
                    found[problem] = None
        told = {problem.where for problem in found}
    return list(found)


def _days(scheme: Scheme) -> list[date]:
    changes = {day for clause in scheme.clauses() for day in (clause.valid_from, clause.valid_to) if day}
    return sorted({scheme.valid_from, *(day for day in changes if scheme.valid_from < day < scheme.valid_to)})


def _sums_on(scheme: Scheme, day: date, profile: Profile) -> Iterable[Problem]:
    here = [annex for annex in scheme.annexes if profile.takes(annex.only_for)]
    ids = {annex.id for annex in scheme.annexes}
    groups = [group for group in scheme.groups if not group.annex or group.annex in {annex.id for annex in here}]
    for group in scheme.groups:
        if group.annex and group.annex not in ids:
            yield Problem(f"第 {group.id} 组 {group.title}", f"没有附件“{group.annex}”")
        if group.annex and group.role is not GroupRole.BASE:
            yield Problem(f"第 {group.id} 组 {group.title}", "加分组、扣分组不能放在附件里")
    for group in groups:
        yield from _group(group, day, profile, day == scheme.valid_from)
    for annex in here:
        yield from _annex(annex, groups, profile)
    free = [group.points for group in groups if group.role is GroupRole.BASE and not group.annex]
    parts = [*free, *(annex.points for annex in here)]
    if sum(parts, ZERO) != scheme.total:
        what = "各组和附件" if here else "各组"
        yield Problem("总分", f"{what}相加 {_addition(parts)},{_off(sum(parts, ZERO), scheme.total, '总分')}{_for(profile)}")


def _annex(annex: Annex, groups: Sequence[Group], profile: Profile) -> Iterable[Problem]:
    parts = [group.points for group in groups if group.annex == annex.id]
    where = f"附件 {annex.id} {annex.title}"
    if annex.points <= ZERO or annex.raw <= ZERO:
        yield Problem(where, "points(折算分)和 raw(附件满分)都应大于 0")
    if sum(parts, ZERO) != annex.raw:
        yield Problem(where, f"各组相加 {_addition(parts)},{_off(sum(parts, ZERO), annex.raw, '附件')}{_for(profile)}")


def _group(group: Group, day: date, profile: Profile, from_start: bool) -> Iterable[Problem]:
    parts, doubled = _parts(group, day, profile)
    total, where = sum(parts, ZERO), f"第 {group.id} 组 {group.title}"
    since = "" if from_start else f"(自 {day} 起)"
    for clause_id in doubled:
        yield Problem(f"条款 {clause_id}", f"同号的几条同时适用{_for(profile)},请把规模和类别分清{since}")
    if group.role is GroupRole.BASE and total != group.points:
        yield Problem(where, f"各条款相加 {_addition(parts)},{_off(total, group.points, '本组')}{since}{_for(profile)}")
    if group.role is not GroupRole.BASE and total < group.points and not any(c.uncapped for c in group.clauses):
        yield Problem(where, f"各条款加起来只有 {plain(total)},到不了封顶的 {plain(group.points)}{since}{_for(profile)}")


def _parts(group: Group, day: date, profile: Profile) -> tuple[list[Decimal], list[str]]:
    """The points of the clauses on this unit's sheet, and numbers that several clauses claim for it."""
    by_id: dict[str, list[Clause]] = {}
    for clause in group.clauses:
        if clause.in_force(day):
            by_id.setdefault(clause.id, []).append(clause)
    parts, doubled = [], []
    for clause_id, same in by_id.items():
        taken = [clause for clause in same if profile.takes(clause.only_for)]
        only = [clause for clause in same if clause.only_for != OnlyFor()]
        if len(taken) > 1 and only:
            doubled.append(clause_id)
        if taken:
            parts += [clause.points for clause in taken]
        elif any(clause.not_applicable is not NotApplicable.OMIT for clause in same):
            parts.append(same[0].points)
    return parts, doubled


def _for(profile: Profile) -> str:
    return f"({profile.words})" if profile.words else ""


def _addition(parts: Sequence[Decimal]) -> str:
    return f"{' + '.join(plain(part) for part in parts) or '0'} = {plain(sum(parts, ZERO))}"


def _off(total: Decimal, wanted: Decimal, what: str) -> str:
    word = "多" if total > wanted else "少"
    return f"比{what} {plain(wanted)} 分{word} {plain(abs(total - wanted))} 分,请改分值"


def overlap(first: Clause, second: Clause) -> bool:
    """Whether two clauses may hold on one day for one unit; bands of size are tried by `sums`."""
    starts = max(first.valid_from or date.min, second.valid_from or date.min)
    if starts >= min(first.valid_to or date.max, second.valid_to or date.max):
        return False
    kinds, others = set(first.only_for.unit_kinds), set(second.only_for.unit_kinds)
    if kinds and others and not kinds & others:
        return False
    both_sized = {size.of for size in first.only_for.sizes} & {size.of for size in second.only_for.sizes}
    return not both_sized


def bonds(scheme: Scheme) -> Iterable[Problem]:
    """Shared caps that bind what is there, of one role, and say what they do."""
    roles = {clause.id: group.role for group in scheme.groups for clause in group.clauses}
    points = {clause.id: clause.points + clause.over for group in scheme.groups for clause in group.clauses}
    ids = [shared.id for shared in scheme.shared]
    for shared in scheme.shared:
        where = f"共同规定 {shared.id}"
        missing = [clause for clause in shared.clauses if clause not in roles]
        if ids.count(shared.id) > 1:
            yield Problem(where, "编号重复")
        if missing:
            yield Problem(where, f"没有条款 {'、'.join(missing)}")
        elif len(set(shared.clauses)) < 2:
            yield Problem(where, "至少要管两条")
        elif len({roles[clause] for clause in shared.clauses}) > 1:
            yield Problem(where, "所管条款有的是得分、有的是加分或扣分,不能放在一起")
        else:
            yield from _says(shared, where, [points[clause] for clause in shared.clauses], roles[shared.clauses[0]])
    yield from _bound_twice(scheme.shared)


def _says(shared: Shared, where: str, points: Sequence[Decimal], role: GroupRole) -> Iterable[Problem]:
    if shared.take == "all" and shared.cap is None and shared.deduct_cap is None:
        yield Problem(where, "没有写明怎么管:take: highest(只取最高)、cap(合计最多)或 deduct_cap(合计最多扣)")
    if shared.cap is not None and not ZERO < shared.cap <= sum(points, ZERO):
        yield Problem(where, f"合计最多 {plain(shared.cap)},应大于 0、不超过各条相加的 {plain(sum(points, ZERO))}")
    if shared.deduct_cap is not None and role is not GroupRole.BASE:
        yield Problem(where, "deduct_cap 只用于得分条款;扣分组请用 cap")
    if role is GroupRole.BASE and (shared.take == "highest" or (shared.cap or sum(points, ZERO)) < sum(points, ZERO)):
        yield Problem(where, "得分条款的分值都计入总分,只取最高或合计封顶会有分谁也拿不到;请写成一条(composite),或放进加分组")


def _bound_twice(shared: Sequence[Shared]) -> Iterable[Problem]:
    for first, second in combinations(shared, 2):
        both = sorted(set(first.clauses) & set(second.clauses))
        if both and first.id != second.id:
            words = f"与“{first.words}”都管条款 {'、'.join(both)},先后不明,请合并"
            yield Problem(f"共同规定 {second.id}", words)


def doubles(scheme: Scheme) -> Iterable[Problem]:
    """One thing scored twice by the same rule, unless a bond says how both count."""
    bound = [set(shared.clauses) for shared in scheme.shared]
    for first, second in combinations(scheme.clauses(), 2):
        if first.refused or second.refused or not overlap(first, second):
            continue
        together = any({first.id, second.id} <= members for members in bound)
        if first.rule == second.rule and first.inputs and _keys(first) == _keys(second) and not together:
            words = f"与条款 {second.id} 规则和取数完全相同,同一件事计了两次分;请删去一条,或在 shared 里写明怎么计"
            yield Problem(f"条款 {first.id}", words)


def _keys(clause: Clause) -> dict[str, str]:
    found = {}
    for name, text in clause.inputs.items():
        try:
            ref = parse_ref(text, clause=clause.id, name=name)
            found[name] = f"{ref.key}.{ref.part}"
        except BadInputRef:
            found[name] = f"{clause.id}/{name}"
    return found
