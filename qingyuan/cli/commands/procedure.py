"""A procedure as it is declared: its states, its steps, who may take them and what they ask for; or its picture."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from qingyuan.casework.procedures.declaration import BadProcedure, Procedure, Step, UnknownProcedure
from qingyuan.casework.procedures.loading import all_procedures, get_procedure
from qingyuan.casework.procedures.picture import as_svg, draw
from qingyuan.cli.output import Refused, as_json, say, table

HELP = "流程:打印流程表(状态、步骤、谁能办、要填什么),--svg 画成图;不写代码则列出全部"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", nargs="?", help="流程代码,如 supervision_order")
    parser.add_argument("--svg", metavar="FILE", help="把流程图写进这个文件(使用手册里的图就是这样画的)")
    parser.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> int:
    """No account is needed: how work is done is no secret. Nothing is stored."""
    try:
        if not args.code:
            return _list(args)
        found = get_procedure(args.code)
    except (UnknownProcedure, BadProcedure) as error:
        raise Refused(str(error)) from error
    if args.svg:
        return _picture(found, args)
    if args.json:
        as_json(_whole(found))
        return 0
    say(f"{found.code} {found.title}:{found.about}")
    table(("状态", "名称", "等谁"), [(one.code, one.label, _waits(found, one.waits)) for one in found.states])
    say("")
    rows = [_line(found, step) for step in found.steps]
    table(("步骤", "名称", "从", "到", "谁办", "角色", "要填", "规定"), [[row[key] for key in _COLUMNS] for row in rows])
    return 0


def _picture(found: Procedure, args: argparse.Namespace) -> int:
    target = Path(args.svg)
    try:
        target.write_text(as_svg(draw(found)), encoding="utf-8")
    except OSError as error:
        raise Refused(f"写不进 {target},请核对路径。") from error
    if args.json:
        as_json({"code": found.code, "svg": str(target)})
    else:
        say(f"流程图已写入 {target}")
    return 0


def _list(args: argparse.Namespace) -> int:
    rows = [{"code": one.code, "title": one.title, "about": one.about} for one in all_procedures().values()]
    if args.json:
        as_json({"procedures": rows})
    else:
        table(("代码", "名称", "说明"), [[row["code"], row["title"], row["about"]] for row in rows])
    return 0


_COLUMNS = ("code", "label", "from", "to", "who", "roles", "needs", "rules")


def _waits(found: Procedure, side: Any) -> str:
    return found.party(side).label if side is not None else "(结束)"


def _line(found: Procedure, step: Step) -> dict[str, str]:
    apart = [f"不能是办“{found.step(code).label}”的人" for code in step.other_person]
    apart += [f"不能是办“{found.step(code).label}”的单位" for code in step.other_unit]
    rules = [
        *apart,
        *(f"要{found.conditions[one]}" for one in step.when),
        *(f"不能{found.conditions[one]}" for one in step.unless),
    ]
    return {
        "code": step.code,
        "label": step.label,
        "from": "、".join(found.state(code).label for code in step.froms) or "(开始)",
        "to": found.state(step.to).label if step.to else "(不变)",
        "who": "、".join(dict.fromkeys(found.party(who.side).label for who in step.who)),
        "roles": "、".join(sorted(str(role.label) for role in found.takers(step))),
        "needs": "、".join(one.label + ("" if one.required else "(可不填)") for one in step.needs),
        "rules": ";".join(rules),
    }


def _whole(found: Procedure) -> dict[str, Any]:
    return {
        "code": found.code,
        "title": found.title,
        "about": found.about,
        "source": found.source,
        "parties": [{"side": one.side, "label": one.label, "policy": one.policy} for one in found.parties],
        "states": [
            {"code": one.code, "label": one.label, "waits": one.waits, "end": one.end} for one in found.states
        ],
        "steps": [
            {
                "code": step.code,
                "label": step.label,
                "from": list(step.froms),
                "to": step.to,
                "who": [{"side": one.side, "action": one.action, "roles": sorted(one.roles)} for one in step.who],
                "roles": sorted(found.takers(step)),
                "needs": [
                    {"name": one.name, "label": one.label, "kind": one.kind, "required": one.required} for one in step.needs
                ],
                "other_person": list(step.other_person),
                "other_unit": list(step.other_unit),
                "when": list(step.when),
                "unless": list(step.unless),
                "sets": dict(step.sets),
                "paper": step.paper,
                "note": step.note,
            }
            for step in found.steps
        ],
    }
