"""The policy table in rows of a page, its differences, and why one account sees a ledger or does not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qingyuan.foundation.enums import Compartment
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Ledger
from qingyuan.organisation import policy
from qingyuan.organisation.actor import actor_of
from qingyuan.organisation.enums import Action, Role, Rows, Side
from qingyuan.organisation.models import Account, PolicyReview, RoleGrant
from qingyuan.organisation.policy import NEVER_WIDENED, POLICY, SIDE, Rule
from qingyuan.organisation.rules import unit_side
from qingyuan.organisation.scope import rules_about, rules_for
from qingyuan.reference import statutes
from qingyuan.web import rule_words, shapes


def picked(role: str, compartment: str, ledger: str) -> list[Rule]:
    """The lines of the table that are about all that was asked."""
    home = compartment_of(ledger) if ledger else None
    return [
        rule
        for rule in POLICY
        if (not role or rule.role == role)
        and (not compartment or rule.compartment == compartment)
        and (not ledger or (rule.compartment == home and rule.reaches(ledger)))
    ]


def compartment_of(code: str) -> Compartment:
    """The compartment of a ledger; what is no ledger of a room is internal, dues of tests excepted."""
    try:
        return registry.get(code).compartment
    except registry.UnknownLedger:
        return Compartment.COMMUNITY if code == "test-dues" else Compartment.INTERNAL


def role_table(rules: Sequence[Rule]) -> shapes.Table:
    """The lines under a heading for each role, those who see nothing by name among them."""
    headers = [_("台账或事项"), _("哪些行"), _("可以"), _("个人信息"), _("理由与依据")]
    rows: list[shapes.Row] = []
    for role in Role:
        mine = [rule for rule in rules if rule.role == role]
        if mine:
            side = Side(SIDE[role])
            rows.append(shapes.Row([shapes.Cell(f"{role.label}", note=str(side.label))], group=True))
            rows += [_role_row(rule) for rule in mine]
    empty = shapes.Empty(
        _("没有这样的一行"), _("没有一行写着的,就是看不到、不能办。"), _("看全部"), reverse("web:rights")
    )
    return shapes.Table([shapes.Header(label) for label in headers], rows, empty, caption=_("权限总表"))


def _role_row(rule: Rule) -> shapes.Row:
    what = shapes.Cell(rule_words.what(rule), note=str(Compartment(rule.compartment).label))
    return shapes.Row([what, *_how(rule)])


def _how(rule: Rule) -> list[shapes.Cell]:
    return [
        shapes.Cell(str(Rows(rule.rows).label)),
        shapes.Cell(rule_words.acts(rule), note=rule_words.states(rule)),
        shapes.Cell(rule_words.masks(rule), note=rule_words.emergency(rule)),
        shapes.Cell(rule.reason, note=rule_words.source(rule), lang="zh-Hans"),
    ]


def ledger_table(codes: Iterable[str], role: str, compartment: str) -> shapes.Table:
    """Who reaches each ledger and why; a ledger that nobody reads by name is said so."""
    headers = [_("角色"), _("哪些行"), _("可以"), _("个人信息"), _("理由与依据")]
    rows: list[shapes.Row] = []
    for code in codes:
        home = compartment_of(code)
        if compartment and home != compartment:
            continue
        about = [rule for rule in rules_about(home, code) if not role or rule.role == role]
        if role and not about:
            continue
        note = str(Compartment(home).label) + (_(" · 登记即封存,逐条打开") if _sealed(code) else "")
        rows.append(shapes.Row([shapes.Cell(rule_words.title(code), note=note)], group=True))
        rows += [shapes.Row([shapes.Cell(str(Role(rule.role).label)), *_how(rule)]) for rule in about]
        if not about:
            said = _("人人可看") if home == Compartment.PUBLIC else _("没有人能看到它的行")
            rows.append(shapes.Row([shapes.Cell(said)]))
    empty = shapes.Empty(
        _("没有这样的台账"), _("换一个数据分区或角色再看。"), _("看全部"), reverse("web:rights-ledgers")
    )
    return shapes.Table([shapes.Header(label) for label in headers], rows, empty, caption=_("按台账"))


@dataclass(frozen=True)
class Shelf:
    """The lines of one role or one ledger, folded: nobody reads two hundred lines at one go. ``who``: who reaches a ledger, or
    how many lines a role has."""

    title: str
    note: str
    who: str
    table: shapes.Table


def shelves(table: shapes.Table, *, of_roles: bool) -> list[Shelf]:
    """What stands under each heading of ``table``."""

    def told(rows: list[shapes.Row]) -> str:
        if of_roles:
            return _("%(count)d 行") % {"count": len(rows)}
        return "、".join(dict.fromkeys(row.cells[0].text for row in rows))

    heads: list[shapes.Cell] = []
    held: list[list[shapes.Row]] = []
    for row in table.rows:
        if row.group:
            heads.append(row.cells[0])
            held.append([])
        else:
            held[-1].append(row)
    return [
        Shelf(head.text, head.note, told(rows), _under(table, head, rows))
        for head, rows in zip(heads, held, strict=True)
    ]


def _under(table: shapes.Table, head: shapes.Cell, rows: list[shapes.Row]) -> shapes.Table:
    return shapes.Table(table.headers, rows, table.empty, caption=head.text)


def _ledger(code: str) -> Ledger | None:
    try:
        return registry.get(code)
    except registry.UnknownLedger:
        return None


def _sealed(code: str) -> bool:
    ledger = _ledger(code)
    return ledger is not None and ledger.sealed


# --- review ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Review:
    """Where the yearly review stands: what was signed last, how much has changed since, whether it is due."""

    digest: str
    last: PolicyReview | None
    signed: str
    changed: int
    state: str
    tone: str


def review(last: PolicyReview | None, on: date) -> Review:
    table = policy.written()
    now = policy.digest(table)
    if last is None:
        return Review(now, None, "", len(policy.lines(table)), _("还没有复核过"), "late")
    changed = len(policy.differences(last.table, table))
    said = _("%(who)s %(day)s 签字,下次复核期限 %(due)s") % {
        "who": last.signed_by.name,
        "day": f"{timezone.localtime(last.signed_at):%Y-%m-%d}",
        "due": last.next_due.isoformat(),
    }
    if last.next_due < on:
        return Review(now, last, said, changed, _("复核已过期"), "late")
    if last.digest != now:
        return Review(now, last, said, changed, _("签字以后有改动"), "soon")
    return Review(now, last, said, changed, _("与签字的一致"), "good")


@dataclass(frozen=True)
class Cell:
    """One column of one line in two tables."""

    header: str
    before: str
    after: str
    changed: bool


@dataclass(frozen=True)
class Change:
    kind: str
    tone: str
    title: str
    cells: list[Cell]


def changes(before: str, after: str) -> list[Change]:
    """The differences of two tables, line by line; of a changed line only what changed and its reason."""
    return [_change(one) for one in policy.differences(before, after)]


def _change(one: policy.Difference) -> Change:
    line = one.after or one.before or {}
    kind, tone = (
        (_("改"), "soon") if one.before and one.after else ((_("增"), "acc") if one.after else (_("删"), "late"))
    )
    words = {"before": one.before or {}, "after": one.after or {}}
    cells = [
        Cell(
            str(header),
            _said(name, words["before"].get(name, "")),
            _said(name, words["after"].get(name, "")),
            name in one.changed,
        )
        for name, header in headers().items()
        if (name in one.changed or name in ("ledgers", "reason"))
        and (words["before"].get(name) or words["after"].get(name))
    ]
    return Change(
        kind, tone, f"{_label(Role, line.get('role', ''))} · {_label(Compartment, line.get('compartment', ''))}", cells
    )


def headers() -> dict[str, str]:
    return {
        "ledgers": _("台账"),
        "except": _("除外"),
        "rows": _("哪些行"),
        "actions": _("可以"),
        "clear": _("姓名"),
        "looks": _("逐次显示"),
        "emergency": _("紧急查阅"),
        "states": _("状态限制"),
        "reason": _("理由"),
        "source": _("依据"),
    }


def _label(kind: type[Role] | type[Compartment] | type[Rows] | type[Action], value: str) -> str:
    """The words of a value; an old table may hold one that there is no more."""
    try:
        return str(kind(value).label)
    except ValueError:
        return value


def _said(name: str, value: str) -> str:
    if name in ("ledgers", "except"):
        return "、".join(
            _("全部") if code == policy.EVERY else rule_words.title(code) for code in value.split("|") if code
        )
    if name == "actions":
        return "、".join(_label(Action, one) for one in value.split("|") if one)
    if name == "rows":
        return _label(Rows, value)
    if name == "source":
        return statutes.describe(value) if value else ""
    return {"names": _("不遮盖"), "yes": _("可以")}.get(value, value)


# --- why -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Because:
    """One rule that lets the account do something in the ledger, with the grant on which it rests."""

    role: str
    grant: str
    rows: str
    acts: str
    masks: str
    states: str
    reason: str
    source: str


@dataclass(frozen=True)
class Why:
    """The answer for one account and one ledger. ``because`` empty: it sees no row, and ``not_because`` says why."""

    account: Account
    title: str
    compartment: str
    answer: str
    tone: str
    because: list[Because]
    not_because: list[str]
    readers: list[str]


def why(account: Account, code: str, on: date) -> Why:
    actor, home = actor_of(account, on), compartment_of(code)
    found: dict[Rule, list[Role]] = {}
    for action in Action:
        for rule, grant in rules_for(actor, action, home, code):
            found.setdefault(rule, []).append(grant.role)
    grants = {grant.role: grant for grant in account.grants.on(on).select_related("division")}
    because = [_because(rule, grants.get(rule.role)) for rule in POLICY if rule in found]
    reads = any(Action.READ in rule.actions for rule in found)
    readers = list(dict.fromkeys(str(Role(rule.role).label) for rule in rules_about(home, code)))
    public = home == Compartment.PUBLIC
    return Why(
        account=account,
        title=rule_words.title(code),
        compartment=str(home.label),
        answer=_("看得到") if reads or public else _("看不到"),
        tone="good" if reads or public else "late",
        because=because,
        not_because=[] if reads else ([_("公开的数字人人可看。")] if public else _why_not(account, home, code, on)),
        readers=readers,
    )


def _because(rule: Rule, grant: RoleGrant | None) -> Because:
    words = ""
    if grant is not None:
        until = grant.end.isoformat() if grant.end else _("没有止日")
        words = _("%(division)s,%(start)s 起,%(until)s;%(by)s授权:%(reason)s") % {
            "division": grant.division.name,
            "start": grant.start.isoformat(),
            "until": until,
            "by": grant.granted_by,
            "reason": grant.reason or _("没有写事由"),
        }
    return Because(
        role=str(Role(rule.role).label),
        grant=words,
        rows=str(Rows(rule.rows).label),
        acts=rule_words.acts(rule),
        masks=rule_words.masks(rule),
        states=rule_words.states(rule),
        reason=rule.reason,
        source=rule_words.source(rule),
    )


def _why_not(account: Account, home: Compartment, code: str, on: date) -> list[str]:
    """Each reason why the account reads no row of the ledger, the plainest first."""
    if not account.is_active:
        return [_("账号已停用。")]
    roles = [Role(grant.role) for grant in account.grants.on(on)]
    if not roles:
        return [_("账号今天没有任何角色。")]
    said = []
    for role in roles:
        barred = [rule for rule in POLICY if rule.role == role and rule.compartment == home and code in rule.but]
        if barred:
            said.append(
                _("“%(role)s”的那一行写明%(ledger)s除外:%(reason)s。")
                % {"role": role.label, "ledger": rule_words.title(code), "reason": barred[0].reason}
            )
        else:
            said.append(
                _("“%(role)s”在“%(compartment)s”没有写着%(ledger)s的一行。")
                % {"role": role.label, "compartment": home.label, "ledger": rule_words.title(code)}
            )
    readers = {SIDE[rule.role] for rule in rules_about(home, code)} - {Side.NEUTRAL}
    own = ({SIDE[role] for role in roles} | {unit_side(account.unit.kind, account.unit.zone)}) - {Side.NEUTRAL}
    if readers and own and not readers & own:
        said.append(
            _("隔着墙:看它的在%(theirs)s,这个账号在%(own)s,授权也不行。")
            % {
                "theirs": "、".join(str(side.label) for side in readers),
                "own": "、".join(str(side.label) for side in own),
            }
        )
    if home in NEVER_WIDENED:
        said.append(_("这个数据分区任何人都不能紧急查阅。"))
    return said
