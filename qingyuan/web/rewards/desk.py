"""A table of reward rules on the desk: begun, written rule by rule with examples run at once, published by another person."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingyuan.foundation import clock
from qingyuan.foundation.words import in_chinese, said
from qingyuan.governance.actions import reward_drafts as actions
from qingyuan.governance.actions.reward_drafts import ARRANGED, DraftRefused, EditedMeanwhile
from qingyuan.governance.enums import DraftState
from qingyuan.governance.models import PublishedRewardTable, RewardDraft
from qingyuan.governance.permissions import NotAllowed, may_decide_draft, may_draft_scheme, may_read_drafts
from qingyuan.governance.queries import reward_drafts as drafts_read
from qingyuan.governance.queries import rewards as reads
from qingyuan.governance.queries.desk_drafts import writers_of
from qingyuan.governance.queries.reward_drafts import Checked, RuleChecked, content_of
from qingyuan.governance.rewards import drafting
from qingyuan.governance.rewards.shipped import shipped_text
from qingyuan.governance.scoring.problems import SchemeUnreadable
from qingyuan.governance.scoring.writing import as_yaml
from qingyuan.organisation.actor import Actor
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.rewards import presenters
from qingyuan.web.rewards.rule_data import example_form, rule_data, rule_form, sheet_data, sheet_form
from qingyuan.web.rewards.rule_forms import BeginForm, ExampleRows, ImportForm, RuleForm, SheetForm

REFUSED, CONFLICT = 422, 409
NEW: Final = "new"
TONES: Final = {DraftState.OPEN: "blue", DraftState.SUBMITTED: "soon", DraftState.PUBLISHED: "good", DraftState.DROPPED: "grey"}
#: A file's word in a sentence about what is wrong, as the form calls it.
_WORDS: Final = [
    (re.compile(pattern), words)
    for pattern, words in (
        (r"\btext\b", "规则原文"), (r"\bsource\b", "出处"), (r"\bkind: points\b", "折算分"), (r"\bkind\b", "提出什么"), (r"\bleave\b", "怎样退出"),
        (r"\bwhen\b", "条件"), (r"\bfrom\b", "得分率从"), (r"\bto\b", "到"), (r"\bmonths\b", "几个月"), (r"\bending\b", "怎样退出"),
        (r"\bsteps\b", "折算表"), (r"\bcap\b", "最多几分"), (r"\bway\b", "怎样折算"), (r"\bsystem\b", "折算到哪项考核"), (r"\bopens\b", "对全市公开"),
        (r"\bindicator\b", "指标"), (r"\bgroup\b", "公平比较"), (r"\bat_least\b", "达到"), (r"\bbelow\b", "不到"), (r"\bbecause\b", "情形"),
        (r"\btitle\b", "名称"), (r"\bvalid_from\b", "生效日期"), (r"\bvalid_to\b", "失效日期"), (r"\brules\b", "规则"), (r"\bid\b", "编号"),
        (r"\bdate\b", "到期退出"), (r"\brepair\b", "验收通过才退出"), (r"\blinear\b", "按比例"), (r"\bbanded\b", "分档"), (r"\bfair\b", "公平比较"),
    )
]  # fmt: skip


@dataclass(frozen=True)
class DraftLine:
    draft: RewardDraft
    title: str
    version: str
    valid_from: str
    state: Any
    tone: str


def draft_line(draft: RewardDraft) -> DraftLine:
    sheet, state = content_of(draft)[drafting.SHEET], DraftState(draft.state)
    title, version, valid_from = (str(sheet.get(name, "")) for name in ("title", "version", "valid_from"))
    return DraftLine(draft, title, version, valid_from, state.label, TONES[state])


def drafts_of(actor: Actor) -> list[DraftLine]:
    """Every draft the reader may see, the last edited first."""
    today = clock.today()
    found = RewardDraft.objects.select_related("published")
    cities = {city for city in found.order_by().values_list("city_id", flat=True).distinct() if may_read_drafts(actor, city, today).allowed}
    return [draft_line(one) for one in found if one.city_id in cities]


def writer(actor: Actor) -> None:
    """Errors: Forbidden for who may not write them."""
    decision = may_draft_scheme(actor, actor.division_id, clock.today())
    if not decision.allowed:
        raise Forbidden(what=_("起草奖惩规则"), whose=_("市禁毒办"), how=decision.reason)


def _named(actor: Actor, draft_id: UUID) -> RewardDraft:
    """Errors: Http404, alike for one that is not there and one that is not for this person."""
    found = RewardDraft.objects.select_related("published").filter(pk=draft_id).first()
    if found is None or not may_read_drafts(actor, found.city_id, clock.today()).allowed:
        raise Http404
    return found


# --- the list -----------------------------------------------------------------------------------------------------------------
@require_safe
def rules(request: WebRequest) -> HttpResponse:
    """The tables of rules with their sources, which of them are kept but never applied; the drafts for those who work on them."""
    return _rules_page(request)


def _rules_page(request: WebRequest, begun: BeginForm | None = None, brought: ImportForm | None = None) -> HttpResponse:
    actor = request.actor
    writes = may_draft_scheme(actor, actor.division_id, clock.today()).allowed
    drafts = drafts_of(actor)
    context = {
        "tables": presenters.rule_tables(),
        "drafts": drafts,
        "sees_drafts": bool(drafts) or writes,
        "may_draft": writes,
        "begin": begun or BeginForm(tables=(known := _tables()), initial={"valid_from": _next_year(), "table": known[0][0] if known else ""}),
        "bring": brought or ImportForm(),
    }
    wrong = any(form is not None and form.errors for form in (begun, brought))
    return render(request, "rewards/rules.html", context, status=REFUSED if wrong else 200)


def _next_year() -> Any:
    return clock.today().replace(year=clock.today().year + 1, month=1, day=1)


def _tables() -> list[tuple[str, str]]:
    words = _("%(title)s 第 %(version)s 版(%(day)s 起)")
    return [
        (f"{one.code} {one.version}", words % {"title": said(one.title), "version": one.version, "day": one.valid_from.isoformat()})
        for one in reversed(reads.tables())
    ]


def _text_of(asked: str) -> str:
    """The text of the table so named: the city's own before the one that came with the platform; empty for none."""
    code, _space, version = asked.partition(" ")
    own = PublishedRewardTable.objects.filter(code=code, version=version).first()
    return own.content if own is not None else shipped_text(code, version)


@require_POST
def begin(request: WebRequest) -> HttpResponse:
    writer(request.actor)
    form = BeginForm(request.POST, tables=_tables())
    if not form.is_valid():
        return _rules_page(request, begun=form)
    given = form.cleaned_data
    try:
        made = actions.begin(by=request.actor, text=_text_of(given["table"]), valid_from=given["valid_from"], code=given["code"], title=given["title"])
    except DraftRefused as refusal:
        form.add_error("title", str(refusal))
        return _rules_page(request, begun=form)
    messages.success(request, _("草稿已建,每次修改都会记下是谁、什么时候改的。"))
    return redirect("web:reward-draft", reward_draft_id=made.pk)


@require_POST
def take_in(request: WebRequest) -> HttpResponse:
    """A YAML or JSON file as a draft."""
    writer(request.actor)
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _rules_page(request, brought=form)
    try:
        made = actions.take_in(text=form.cleaned_data["file"].read().decode("utf-8-sig"), by=request.actor)
    except UnicodeDecodeError:
        form.add_error("file", _("文件不是 UTF-8 编码的文字,请用记事本另存为 UTF-8。"))
    except (SchemeUnreadable, DraftRefused) as refusal:
        form.add_error("file", str(refusal))
    else:
        messages.success(request, _("文件已导入为草稿。"))
        return redirect("web:reward-draft", reward_draft_id=made.pk)
    return _rules_page(request, brought=form)


# --- one draft ----------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Saved:
    """What became of a save: the rule's key, or why not."""

    key: str = ""
    refusal: str = ""
    conflict: bool = False

    @property
    def status(self) -> int:
        return CONFLICT if self.conflict else REFUSED if self.refusal else 200


def _try(act: Callable[[], Any]) -> Saved:
    try:
        made = act()
    except EditedMeanwhile as error:
        return Saved(refusal=str(error), conflict=True)
    except DraftRefused as error:
        return Saved(refusal=str(error))
    return Saved(made if isinstance(made, str) else "")


@require_safe
def draft(request: WebRequest, reward_draft_id: UUID) -> HttpResponse:
    """``?trial=1``: also what it would have proposed of the last published round. Errors: Http404."""
    return _draft_page(request, _named(request.actor, reward_draft_id))


def _draft_page(request: WebRequest, kept: RewardDraft, refused: str = "", status: int = 200) -> HttpResponse:
    actor, today = request.actor, clock.today()
    content = content_of(kept)
    found = drafts_read.checked(content)
    decides = kept.state == DraftState.SUBMITTED and may_decide_draft(actor, kept.city_id, today).allowed
    tried = request.GET.get("trial") == "1" and not found.left
    context = {
        "line": draft_line(kept),
        "draft": kept,
        "found": found,
        "rules": [(one, presenters.rule_line(one.rule) if one.rule else None) for one in found.rules],
        "problems": _problems(found),
        "removed": content["removed"],
        "writes": kept.state == DraftState.OPEN and may_draft_scheme(actor, kept.city_id, today).allowed,
        "decides": decides,
        "wrote_it": decides and actor.account_id in writers_of(kept),
        "edits": list(kept.revisions.all()[:6]),
        "trial": drafts_read.trial(actor, found.table, today) if tried else None,
        "tried": tried,
        "refused": refused,
    }
    return render(request, "rewards/draft.html", context, status=status)


def _problems(found: Checked) -> list[tuple[str, str, str]]:
    """Where, what, the rule's key."""
    of_rules = [(str(one.data.get("id", "")), human(words), one.key) for one in found.rules for words in one.problems]
    return [("", human(words), "") for words in found.problems] + of_rules


def human(words: str) -> str:
    for pattern, better in _WORDS:
        words = pattern.sub(better, words)
    return words


def _seen(request: WebRequest, kept: RewardDraft) -> int:
    """The revision the writer had before him."""
    text = request.POST.get("seen", "")
    return int(text) if text.isdecimal() and len(text) < 8 else kept.revision


@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: WebRequest, reward_draft_id: UUID, place: str) -> HttpResponse:
    """One rule. POST do=save stores it, do=refresh draws the form anew, do=try answers only what stands beside it."""
    writer(request.actor)
    kept = _named(request.actor, reward_draft_id)
    content, key = content_of(kept), "" if place == NEW else place
    data: dict[str, Any] = _rule_at(content, key) if key else {"id": "", "kind": "remind", "text": "", "source": ""}
    form = RuleForm(initial=rule_form(data))
    rows = ExampleRows(initial=[example_form(one) for one in data.get("examples") or []], prefix="ex")
    saved = Saved()
    if request.method == "POST":
        form, rows = RuleForm(request.POST), ExampleRows(request.POST, prefix="ex")
        if not (form.is_valid() and rows.is_valid()):
            saved = Saved(refusal=_("还没有存:有几处填得不对,见红字。"))
        else:
            told = [one for one in rows.cleaned_data if one.get("because")]
            data = rule_data(form.cleaned_data, told)
            if request.POST.get("do") == "save":
                saved = _try(lambda: actions.set_rule(draft=kept, seen=_seen(request, kept), key=key, data=data, by=request.actor))
                if saved.status == 200:
                    messages.success(request, _said(kept, saved.key))
                    return redirect("web:reward-draft-rule", reward_draft_id=kept.pk, place=saved.key)
    side = _side(content, key, data)
    context = {
        "draft": kept, "line": draft_line(kept), "key": key, "place": place, "form": form, "rows": rows, "side": side, "saved": saved,
        "problems": [human(words) for words in side.problems],
        "sentence": presenters.rule_line(side.rule) if side.rule else None,
        "stored": _stored(kept, key) if saved.conflict and key else None,
        "seen": kept.revision if saved.conflict or request.method != "POST" else _seen(request, kept),
    }  # fmt: skip
    if request.POST.get("do") == "try":
        return render(request, "rewards/_rule_side.html", context)
    return render(request, "rewards/rule.html", context, status=saved.status)


def _stored(kept: RewardDraft, key: str) -> presenters.RuleLine | None:
    """The rule as somebody else just saved it."""
    content = content_of(RewardDraft.objects.get(pk=kept.pk))
    found = next((one.rule for one in drafts_read.checked(content).rules if one.key == key), None)
    return presenters.rule_line(found) if found is not None else None


def _rule_at(content: drafting.Content, key: str) -> dict[str, Any]:
    """Errors: Http404."""
    try:
        found: dict[str, Any] = drafting.found(content, key)["data"]
    except KeyError as error:
        raise Http404 from error
    return found


def _side(content: drafting.Content, key: str, data: dict[str, Any]) -> RuleChecked:
    """The rule looked at in its table."""
    changed, found = drafting.with_rule(content, key, data)
    return next(one for one in drafts_read.checked(changed).rules if one.key == found)


def _said(kept: RewardDraft, key: str) -> str:
    content = content_of(RewardDraft.objects.get(pk=kept.pk))
    count = len(next(one for one in drafts_read.checked(content).rules if one.key == key).problems)
    return _("已存。本条还有 %(count)s 处要改,见右边。") % {"count": count} if count else _("已存,本条没有问题。")


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: WebRequest, reward_draft_id: UUID) -> HttpResponse:
    """The table's own lines: title, version, days, for whom, source."""
    writer(request.actor)
    kept = _named(request.actor, reward_draft_id)
    form, saved = SheetForm(initial=sheet_form(content_of(kept)[drafting.SHEET])), Saved()
    if request.method == "POST":
        form = SheetForm(request.POST)
        if form.is_valid():
            data = sheet_data(form.cleaned_data)
            saved = _try(lambda: actions.set_sheet(draft=kept, seen=_seen(request, kept), data=data, by=request.actor))
            if saved.status == 200:
                messages.success(request, _("已存。"))
                return redirect("web:reward-draft", reward_draft_id=kept.pk)
    context = {
        "draft": kept, "line": draft_line(kept), "form": form, "saved": saved,
        "seen": kept.revision if saved.conflict or request.method != "POST" else _seen(request, kept),
    }  # fmt: skip
    return render(request, "rewards/sheet.html", context, status=REFUSED if form.errors else saved.status)


@require_POST
def arrange(request: WebRequest, reward_draft_id: UUID) -> HttpResponse:
    """Move, remove or restore a rule. Errors: Http404 for a step that is none."""
    writer(request.actor)
    kept = _named(request.actor, reward_draft_id)
    what, key = request.POST.get("step", ""), request.POST.get("key", "")[:12]
    if what not in ARRANGED:
        raise Http404
    saved = _try(lambda: actions.arrange(draft=kept, seen=_seen(request, kept), key=key, step=what, by=request.actor))
    if saved.status != 200:
        return _draft_page(request, _named(request.actor, reward_draft_id), saved.refusal, saved.status)
    return redirect(f"{reverse('web:reward-draft', args=(kept.pk,))}#{key}")


@require_http_methods(["GET", "HEAD", "POST"])
def history(request: WebRequest, reward_draft_id: UUID) -> HttpResponse:
    """Every edit with who and when; POST brings the table back to an earlier one, as a new edit."""
    kept = _named(request.actor, reward_draft_id)
    saved = Saved()
    if request.method == "POST":
        writer(request.actor)
        text = request.POST.get("number", "")
        number = int(text) if text.isdecimal() and len(text) < 8 else 0
        saved = _try(lambda: actions.go_back(draft=kept, seen=_seen(request, kept), number=number, by=request.actor))
        if saved.status == 200:
            messages.success(request, _("已恢复;恢复前的样子还在记录里。"))
            return redirect("web:reward-draft", reward_draft_id=kept.pk)
        kept = _named(request.actor, reward_draft_id)
    writes = kept.state == DraftState.OPEN and may_draft_scheme(request.actor, kept.city_id, clock.today()).allowed
    context = {"draft": kept, "line": draft_line(kept), "edits": list(kept.revisions.all()), "writes": writes, "refusal": saved.refusal}
    return render(request, "rewards/draft_history.html", context, status=saved.status)


_STEPS: Final = {"submit", "return", "publish", "drop"}


@require_POST
def step(request: WebRequest, reward_draft_id: UUID, draft_step: str) -> HttpResponse:
    """Submit, return, publish or drop. Errors: Http404 for a step that is none, Forbidden."""
    kept = _named(request.actor, reward_draft_id)
    if draft_step not in _STEPS:
        raise Http404
    reason = request.POST.get("reason", "")
    try:
        if draft_step == "publish":
            made = actions.publish(draft=kept, by=request.actor)
            words = _("已发布第 %(version)s 版,%(day)s 起计分的考核按它提出;以前提出的事项不变。")
            messages.success(request, words % {"version": made.version, "day": made.valid_from.isoformat()})
            return redirect("web:reward-rules")
        if draft_step == "submit":
            actions.submit(draft=kept, by=request.actor)
        elif draft_step == "return":
            actions.send_back(draft=kept, reason=reason, by=request.actor)
        else:
            actions.drop(draft=kept, reason=reason, by=request.actor)
    except NotAllowed as refusal:
        raise Forbidden(what=_("办理奖惩规则"), whose=_("市禁毒办"), how=str(refusal)) from refusal
    except DraftRefused as refusal:
        return _draft_page(request, _named(request.actor, reward_draft_id), str(refusal), REFUSED)
    return redirect("web:reward-draft", reward_draft_id=kept.pk)


@require_safe
@in_chinese
def file(request: WebRequest, reward_draft_id: UUID) -> HttpResponse:
    """The draft as a file that may be changed and brought in again. Errors: Http404."""
    kept = _named(request.actor, reward_draft_id)
    line = draft_line(kept)
    response = HttpResponse(as_yaml(drafting.table_data(content_of(kept))), content_type="application/yaml; charset=utf-8")
    name = f"{line.title} 第{line.version}版.yaml"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
