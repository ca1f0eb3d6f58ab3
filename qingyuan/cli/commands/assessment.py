"""A year's assessment as a file: kept, taken along, and verified by anyone.

``verify`` opens no database and reads no setting of a city. Exit codes: 0 intact, 1 something was altered, added or taken
away (each is named), 2 the file cannot be read as an archive at all.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from qingyuan.cli.acting import actor_from, add_actor_argument
from qingyuan.cli.output import Misread, Refused, as_json, say, table
from qingyuan.cli.places import division_from
from qingyuan.foundation import clock
from qingyuan.foundation.kept_files import FileDamaged
from qingyuan.governance.actions.archive import ArchiveRefused, check_kept, keep
from qingyuan.governance.archive.checking import verify
from qingyuan.governance.archive.findings import Report
from qingyuan.governance.archive.package import LARGEST
from qingyuan.governance.models import AssessmentArchive, Letter
from qingyuan.governance.permissions import NotAllowed, may_take_archive
from qingyuan.governance.queries.archive import open_bytes
from qingyuan.governance.queries.schemes import SchemeChanged
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division

HELP = "考核档案:归档一年的责任书得分,取出,逐分核验"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="做什么")
    checking = what.add_parser("verify", help="核验一个档案文件:重算每一分,说出被动过的地方(不连数据库)")
    checking.add_argument("archive", type=Path, metavar="ARCHIVE", help="档案文件 .zip")
    checking.add_argument("--root", default="", help="公布文件上印的根校验值,与档案的对照(至少 16 位)")
    checking.add_argument("--json", action="store_true")
    keeping = what.add_parser("keep", help="把一年的责任书归档")
    taking = what.add_parser("take", help="取出一年的档案(不含只对本单位公开的数)")
    taking.add_argument("--to", type=Path, required=True, help="写到哪个文件")
    again = what.add_parser("check", help="核验存着的各年档案")
    for one in (keeping, taking):
        one.add_argument("--year", type=int, required=True)
        one.add_argument("--city", default="", help="市的名称或代码,只有一个市时不写")
        add_actor_argument(one)
    again.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> int:
    return {"verify": _verify, "keep": _keep, "take": _take, "check": _check}[args.what](args)


def _verify(args: argparse.Namespace) -> int:
    report = verify(_read(args.archive), root=args.root)
    if args.json:
        as_json(as_data(report))
    else:
        _say(report)
    return exit_code(report)


def exit_code(report: Report) -> int:
    return 0 if report.intact else 1 if report.readable else 2


def as_data(report: Report) -> dict[str, object]:
    """The report for programs; docs/how-to/verify-an-archive.md says what each field means."""
    return {
        "intact": report.intact,
        "complete": report.readable and not report.extract,
        "root": report.root,
        "year": report.year,
        "city": report.city,
        "on": report.on,
        "letters_recomputed": report.letters,
        "letters_in_part": report.partly,
        "clauses": report.clauses,
        "figures": report.figures,
        "parts": report.parts,
        "evidence_as_hash": report.hashed,
        "extract": report.extract,
        "left_out": report.left_out,
        "totals": [{"letter": letter, "total": total} for letter, total in report.totals],
        "findings": [asdict(finding) for finding in report.findings],
    }


def _say(report: Report) -> None:
    for finding in report.findings:
        say(str(finding))
    if not report.readable:
        say("不能核验。")
        return
    if report.extract:
        say(f"这是摘录({report.extract}),另有 {report.left_out} 个部分未随附,清单里有它们的校验值。")
    say(f"{report.city} {report.year} 年考核档案,得分算到 {report.on}:{report.parts} 个文件。")
    say(f"重算 {report.letters} 份责任书、{report.clauses} 条;只能逐条核对公开条款的 {report.partly} 份。")
    say(f"从存下的记录把 {report.figures} 个指标数重新算过。")
    if report.hashed:
        say(f"{report.hashed} 组依据涉及个人,只有校验值和说明;原件封存或销毁不影响核验。")
    say(f"根校验值 {report.root}")
    say("没有发现改动。请再对照公布文件上印的根校验值。" if report.intact else f"发现 {len(report.findings)} 处不符,见上。")


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise Misread(f"{path} 超过 {LARGEST // 1024 // 1024} MB,不像考核档案。")
        return path.read_bytes()
    except FileNotFoundError:
        raise Misread(f"没有文件 {path}。") from None
    except OSError as error:
        raise Misread(f"{path} 读不了:{error.strerror}。") from None


def _keep(args: argparse.Namespace) -> int:
    actor = actor_from(args)
    try:
        kept = keep(year=args.year, by=actor, city=_city(args.city, args.year))
    except (ArchiveRefused, NotAllowed, SchemeChanged) as refusal:
        raise Refused(str(refusal)) from refusal
    say(f"已归档:{kept.year} 年第 {kept.serial} 次,{kept.letters} 份责任书,得分算到 {kept.on}。")
    say(f"根校验值 {kept.root_hash}")
    return 0


def _take(args: argparse.Namespace) -> int:
    actor, city = actor_from(args), _city(args.city, args.year)
    kept = AssessmentArchive.objects.filter(city=city, year=args.year).order_by("-serial").first()
    if kept is None:
        raise Refused(f"{args.year} 年还没有归档,请先运行 qingyuan assessment keep --year {args.year}。")
    decision = may_take_archive(actor, city.pk, clock.today())
    if not decision.allowed:
        raise Refused(decision.reason)
    data = _opened(kept, actor)
    try:
        args.to.write_bytes(data)
    except OSError as error:
        raise Refused(f"写不到 {args.to}:{error.strerror}。") from error
    say(f"已写到 {args.to},根校验值 {kept.root_hash}")
    return 0


def _opened(kept: AssessmentArchive, actor: Actor) -> bytes:
    try:
        return open_bytes(kept, actor.name)
    except FileDamaged as damage:
        raise Refused(str(damage)) from damage


def _check(args: argparse.Namespace) -> int:
    """Every kept archive; the findings name no number that turns on few people unless the file was touched."""
    lines, worst = [], 0
    for kept in AssessmentArchive.objects.select_related("city").order_by("year", "serial"):
        try:
            report = check_kept(kept)
            said = "完整" if report.intact else ";".join(str(finding) for finding in report.findings[:3])
            worst = max(worst, exit_code(report))
        except FileDamaged as damage:
            said, worst = str(damage), max(worst, 1)
        lines.append((f"{kept.city.name} {kept.year}-{kept.serial}", kept.root_hash if args.json else f"{kept.root_hash[:16]}…", said))
    if args.json:
        as_json([{"archive": name, "root": root, "said": said} for name, root, said in lines])
    elif lines:
        table(("档案", "根校验值", "核验"), lines)
    else:
        say("还没有归档。")
    return worst


def _city(text: str, year: int) -> Division:
    """The one whose letters they are. Raises Refused where it is not clear which."""
    if text:
        return division_from(text)
    found = list(Division.objects.filter(pk__in=Letter.objects.of_year(year).values("city_id"))[:2])
    if not found:
        raise Refused(f"{year} 年没有责任书。")
    if len(found) > 1:
        raise Refused("有几个市,请用 --city 写明是哪个(名称或代码)。")
    return found[0]
