"""What has reached its end: previewed as a signed plan, carried out only once a second person has approved it."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path

from qingyuan.casework.actions import retention as actions
from qingyuan.casework.actions.retention import RetentionRefused
from qingyuan.casework.models import RetentionPlan
from qingyuan.cli.acting import actor_from, add_actor_argument
from qingyuan.cli.output import Misread, Refused, as_json, say, table
from qingyuan.foundation import clock
from qingyuan.journeys.retention import carrying, finding
from qingyuan.journeys.retention import plan as plans
from qingyuan.organisation.enums import Action
from qingyuan.reference import retention

HELP = "到期处理:预览会封存、删除什么(只有编号和件数),第二人批准后办理"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True)
    preview = acts.add_parser("preview", help="列出到期的事项和暂缓的原因,什么也不改")
    preview.add_argument("--on", type=date.fromisoformat, default=None, help="截至哪一天,默认今天")
    preview.add_argument("--out", type=Path, help="把签过的方案写进文件")
    preview.add_argument("--propose", action="store_true", help="同时提出方案,等第二个人在“到期处理”页面批准")
    carry = acts.add_parser("carry-out", help="办理一份已经批准的方案;中断后再执行一次就接着办")
    carry.add_argument("--plan", type=Path, required=True, help="preview --out 写出的文件")
    carry.add_argument("--by", dest="as_user", metavar="账号", required=True, help="以哪个账号办理")
    add_actor_argument(preview)
    for one in (preview, carry):
        one.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> int:
    try:
        return _preview(args) if args.act == "preview" else _carry_out(args)
    except RetentionRefused as refusal:
        raise Refused(str(refusal)) from refusal


def _preview(args: argparse.Namespace) -> int:
    by = actor_from(args)
    if not actions.allowed(by, Action.READ):
        raise Refused("到期处理由安全管理员预览;市禁毒委领导、市禁毒办、审计检查人员可以看。")
    found = finding.preview(args.on or clock.today())
    content = plans.content_of(found)
    file = plans.signed(content)
    if (args.json or args.out is not None) and not actions.allowed(by, Action.CREATE):
        raise Refused("逐项的方案由安全管理员导出;别的人看件数,去掉 --json 和 --out。")
    if args.propose:
        carrying.propose(preview=found, by=by)
    if args.out is not None:
        args.out.write_text(json.dumps(file, ensure_ascii=False, indent=1), encoding="utf-8")
    if args.json:
        as_json(file)
        return 0
    closed = finding.closed_from_entry(found.on)
    rows = [
        (
            rule.title_zh, rule.counted(found.counts.get(rule.code, 0)), rule.counted(_held(found, rule.code)),
            rule.counted(closed[rule.code]) if rule.code in closed else "", _state(rule), rule.basis,
        )
        for rule in retention.rules()
    ]  # fmt: skip
    table(("事项", "到期", "暂缓", "登记时已封存", "规则", "依据"), rows, title=f"截至 {found.on}", numeric=(1, 2, 3))
    say(f"校验值 {file['digest']}" if found.lines else "没有到期要办的事项。")
    return 0


def _held(found: plans.Preview, code: str) -> int:
    return sum(count for (rule, _hold), count in found.holds.items() if rule == code)


def _state(rule: retention.RetentionRule) -> str:
    if not rule.active:
        return "未确认,不启用"
    return "" if rule.confirmed else "平台默认"


def _carry_out(args: argparse.Namespace) -> int:
    by = actor_from(args)
    try:
        content, digest = plans.read(args.plan.read_text(encoding="utf-8"))
    except OSError as error:
        raise Misread(f"读不了 {args.plan}:请用 qingyuan retention preview --out 生成。") from error
    except plans.BadPlan as error:
        raise Misread(str(error)) from error
    kept = RetentionPlan.objects.filter(digest=digest).first()
    if kept is None:
        raise Refused("这份方案还没有提出:用 --propose 预览,再请第二个人在“到期处理”页面批准。")
    done = carrying.carry_out(plan=kept, by=by)
    if args.json:
        as_json({"digest": digest, "lines": done.lines, "done": done.done, "counts": content["counts"]})
    else:
        say(f"已办完:{done.done} 项。")
    return 0
