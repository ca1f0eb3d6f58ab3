"""Keys: what there is, changing each kind while people work, bringing rows under the index key."""

from __future__ import annotations

import argparse

from qingyuan.cli.output import Refused, as_json, say, table
from qingyuan.foundation.crypto import KeyFolderLost, KeyFolderUnsafe, KeyringBusy, MasterStays, keyring
from qingyuan.foundation.enums import Compartment
from qingyuan.journeys import key_changes

HELP = "密钥:查看、更换主密钥、数据密钥和索引密钥,重建索引;不停机,中断后重新执行即可"
EVERY = "all"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("list", help="列出全部密钥(不含密钥本身)").add_argument("--json", action="store_true")
    _one(actions, "rotate-master", "换主密钥:全部密钥改由新的主密钥保管,数据不动", by_compartment=False)
    _one(actions, "rotate", "换数据密钥和记录密钥,并把已存的值改到新密钥下")
    _one(actions, "rotate-index", "换索引密钥:新旧两套同时可查,改完为止")
    reindex = actions.add_parser("reindex", help="重建索引:升级后补齐姓名分组号,恢复旧备份后对齐索引密钥")
    _compartment(reindex, default=EVERY)


def _one(actions: argparse._SubParsersAction[argparse.ArgumentParser], name: str, words: str, *, by_compartment: bool = True) -> None:
    parser = actions.add_parser(name, help=words)
    parser.add_argument("--reason", required=True, help="为什么换,记入审计日志")
    parser.add_argument("--json", action="store_true")
    if by_compartment:
        _compartment(parser)


def _compartment(parser: argparse.ArgumentParser, default: str | None = None) -> None:
    names = [EVERY, *(one.value for one in Compartment)]
    parser.add_argument("compartment", choices=names, default=default, nargs="?" if default else None, help="哪个隔间")


def run(args: argparse.Namespace) -> int:
    if getattr(args, "reason", None) is not None and len(args.reason.strip()) < 2:
        raise Refused("请写明更换密钥的原因。")
    try:
        return {"list": _list, "rotate-master": _master, "rotate": _data, "rotate-index": _index, "reindex": _reindex}[args.action](args)
    except (KeyFolderLost, KeyFolderUnsafe, KeyringBusy, MasterStays, key_changes.StillMoving) as refusal:
        raise Refused(str(refusal)) from refusal


def _list(args: argparse.Namespace) -> int:
    lines = [
        (entry.scope, entry.purpose.value, entry.id, entry.suite, entry.made_at, _use(entry.scope, entry.id))
        for entry in keyring().entries()
    ]
    if args.json:
        as_json([dict(zip(("scope", "purpose", "id", "suite", "made_at", "use"), line, strict=True)) for line in lines])
    else:
        table(("隔间", "用途", "编号", "套件", "生成时间", "索引"), lines)
    return 0


def _use(scope: str, key_id: str) -> str:
    if scope not in {one.value for one in Compartment}:
        return ""
    known = keyring().generations(scope)
    if key_id == known.writes:
        return "写入"
    return "仍在查" if key_id in known.searched else ""


def _master(args: argparse.Namespace) -> int:
    count = key_changes.change_master(reason=args.reason.strip())
    return _told(args, {"keys": count}, f"已换主密钥,{count} 把密钥改由它保管。请重新另存一次密钥目录。")


def _data(args: argparse.Namespace) -> int:
    moved = {one: key_changes.change_data_keys(compartment=one, reason=args.reason.strip()) for one in _wanted(args)}
    return _told(args, {"moved": moved}, f"已换数据密钥,{sum(moved.values())} 个值改到新密钥下。请重新另存一次密钥目录。")


def _index(args: argparse.Namespace) -> int:
    done = [key_changes.change_index_key(compartment=one, reason=args.reason.strip(), tell=_tell(args)) for one in _wanted(args)]
    equal = [f"{ledger} {pk}" for one in done for ledger, pk in one.equal]
    words = f"已换索引密钥,{sum(one.moved for one in done)} 条改到新密钥下。请重新另存一次密钥目录。"
    if equal:
        words = "更换期间有两处同时登记了相同的一条,请各作废一条后再执行一次:" + "、".join(equal)
    _told(args, {"moved": sum(one.moved for one in done), "equal": equal}, words)
    return 1 if equal else 0


def _reindex(args: argparse.Namespace) -> int:
    done = key_changes.index_anew(_wanted(args), tell=_tell(args))
    say(f"索引已对齐:改动 {done.moved} 条。")
    return 0


def _wanted(args: argparse.Namespace) -> list[Compartment]:
    return list(Compartment) if args.compartment == EVERY else [Compartment(args.compartment)]


def _tell(args: argparse.Namespace) -> key_changes.Tell | None:
    return None if getattr(args, "json", False) else lambda title, moved: say(f"  {title}:{moved} 条")


def _told(args: argparse.Namespace, values: dict[str, object], words: str) -> int:
    if args.json:
        as_json(values)
    else:
        say(words)
    return 0
