"""What must hold of a procedure before it is taken: codes name something, steps lead to an end, rights exist. Pure but for the policy
table, which says who may take a step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qingyuan.casework.enums import PaperKind
from qingyuan.casework.procedures.declaration import TODAY, FieldKind, Procedure, Step


def problems_of(found: Procedure) -> list[str]:
    """Everything that keeps the table from being followed to an end."""
    names = _twice("状态", [state.code for state in found.states]) + _twice("步骤", [step.code for step in found.steps])
    names += _twice("一方", [party.side for party in found.parties])
    if names:
        return names
    problems = [*_of_references(found), *_of_steps(found)]
    return problems or [*_of_roads(found), *_of_separation(found), *_of_rights(found)]


def _twice(what: str, codes: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    again = [code for code in codes if code in seen or seen.add(code)]  # type: ignore[func-returns-value]
    return [f"{what} {code} 写了两次" for code in dict.fromkeys(again)]


def _of_references(found: Procedure) -> list[str]:
    """Codes that name nothing."""
    states, steps = {state.code for state in found.states}, {step.code for step in found.steps}
    sides = {party.side for party in found.parties}
    problems: list[str] = []
    for step in found.steps:
        for code in (*step.froms, *([step.to] if step.to else [])):
            if code not in states:
                problems.append(f"步骤 {step.code} 写的状态 {code} 不存在")
        problems += [f"步骤 {step.code} 要避开的步骤 {code} 不存在" for code in (*step.other_person, *step.other_unit) if code not in steps]
        problems += [f"步骤 {step.code} 的条件 {one} 没有在 conditions 里说明" for one in (*step.when, *step.unless) if one not in found.conditions]
        problems += [f"步骤 {step.code} 的一方 {who.side} 没有在 parties 里说明" for who in step.who if who.side not in sides]
    for state in found.states:
        if state.waits is not None and state.waits not in sides:
            problems.append(f"状态 {state.code} 等的一方 {state.waits} 没有在 parties 里说明")
    return problems


def _of_steps(found: Procedure) -> list[str]:
    """What is wrong with a step by itself."""
    problems: list[str] = []
    beginnings = [step.code for step in found.steps if not step.froms]
    if len(beginnings) != 1:
        problems.append(f"开始的一步(from: [])要恰好一个,现在有 {len(beginnings)} 个")
    ends = {state.code for state in found.states if state.end}
    if not ends:
        problems.append("没有结束的状态(end: true)")
    for step in found.steps:
        if not step.who:
            problems.append(f"步骤 {step.code} 没有写谁来办")
        if not step.froms and not step.to:
            problems.append(f"步骤 {step.code} 是开始的一步,要写 to")
        if set(step.when) & set(step.unless):
            problems.append(f"步骤 {step.code} 的 when 和 unless 相同,永远办不了")
        problems += [f"状态 {code} 已经结束,不能再办 {step.code}" for code in step.froms if code in ends]
        problems += _twice(f"步骤 {step.code} 的字段", [field.name for field in step.needs])
        problems += _twice(f"步骤 {step.code} 的状态", step.froms)
        if step.paper and step.paper not in PaperKind.values:
            problems.append(f"步骤 {step.code} 的文种 {step.paper} 不存在")
        problems += _of_days(found, step)
    for state in found.states:
        labels = [step.label for step in found.steps_from(state.code)]
        problems += _twice(f"状态 {state.code} 里名称相同的步骤", labels)
        main = [who.side for step in found.steps_from(state.code) if step.main for who in {one.side: one for one in step.who}.values()]
        problems += _twice(f"状态 {state.code} 的主要步骤(main)里", main)
        if state.end and state.waits is not None:
            problems.append(f"状态 {state.code} 已经结束,不再等谁")
    return problems


def _of_days(found: Procedure, step: Step) -> list[str]:
    problems = []
    for day, origin in step.sets:
        if day not in found.days:
            problems.append(f"步骤 {step.code} 设定的日期 {day} 没有在 days 里说明")
        field = step.field(origin)
        if origin != TODAY and (field is None or field.kind is not FieldKind.DAY or not field.required):
            problems.append(f"步骤 {step.code} 的日期 {day} 要取自必填的日期字段或 today,不能取自 {origin}")
    return problems


def _of_roads(found: Procedure) -> list[str]:
    """States that are never reached, that nobody can leave, and from which no end is reached."""
    reached = _reached(found, [found.start])
    problems = [f"状态 {state.code} 走不到" for state in found.states if state.code not in reached]
    for state in found.states:
        if state.end:
            continue
        leaving = [step for step in found.steps_from(state.code) if step.after(state.code) != state.code]
        if not leaving:
            problems.append(f"状态 {state.code} 进得去出不来:没有离开它的步骤")
        elif not any(found.state(code).end for code in _reached(found, [state.code])):
            problems.append(f"从状态 {state.code} 走不到任何结束")
    return problems


def _reached(found: Procedure, begin: Sequence[str]) -> set[str]:
    seen, waiting = set(begin), list(begin)
    while waiting:
        state = waiting.pop()
        for step in found.steps_from(state):
            if step.after(state) not in seen:
                seen.add(step.after(state))
                waiting.append(step.after(state))
    return seen


def _of_separation(found: Procedure) -> list[str]:
    """A rule that keeps two steps apart says nothing when the first can never come before the second."""
    problems = []
    for step in found.steps:
        for code in (*step.other_person, *step.other_unit):
            first = found.step(code)
            led_to = [first.to] if first.to else list(first.froms)
            if code == step.code or not _reached(found, led_to) & set(step.froms):
                problems.append(f"步骤 {step.code} 要避开 {code} 的经办人,但 {code} 不会在它之前")
    return problems


def _of_rights(found: Procedure) -> list[str]:
    """Steps nobody may take by the policy table."""
    return [f"步骤 {step.code} 按权限总表没有角色能办" for step in found.steps if not found.takers(step)]
