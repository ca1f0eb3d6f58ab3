"""Fills the gaps of every address with own and foreign objects and asks it as everyone: the walk's engine.

The addresses come from the resolver, never from a list by hand; a gap that nobody taught the walk to fill is a finding.
"""

from __future__ import annotations

import hashlib
import logging
import re
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any
from urllib.parse import quote, unquote, urlencode

from django.apps import apps
from django.core.signals import got_request_exception
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client

from qingyuan.casework.models import GateDelivery
from qingyuan.enforcement.models import AdmissionCheck
from qingyuan.governance.models import (
    Assessment,
    AssessmentEvidence,
    InspectionPhoto,
    InspectionRound,
    RewardDraft,
    SampleFrame,
    SampleItem,
    TaskEvidence,
)
from qingyuan.governance.queries.rewards import tables as reward_tables
from qingyuan.indicators import catalogue
from qingyuan.ledgers import registry
from qingyuan.rehabilitation.models import Campaign, CampaignLine, OwnRequest, Referral, SupportReview, TestDraw
from tests.cast import TODAY
from tests.census.urls import PUBLIC, Address, addresses
from tests.security.bodies import UNKNOWN_TYPE, leaks, masks_seen, readable
from tests.security.planted import Planted

GAP = re.compile(r"<(?:\w+:)?(\w+)>")
LEDGER_OF_PROGRAMS = re.compile(r"^api/v1/ledgers/([a-z_]+)")
SIGN_IN = "/sign-in/"
METHOD_NOT_ALLOWED = 405
FORBIDDEN = 403
FORBIDDEN_ENOUGH = 3
ASKED = frozenset({"measures", "cases", "R05"})
# Written by signing in, by choosing range and period, and every few minutes for «last seen»; the sign-in itself is a POST.
SESSION_TABLES = frozenset({"sessions.Session", "usersessions.UserSession"})
LAYOUTS_OF = "tests"
Kwargs = dict[str, Any]
# Steps of what an address moves, by the first word of its route.
MOVES = {
    "serving": ["issue", "withdraw", "take-back", "none"],
    "schemes": ["submit", "return", "publish", "drop", "none"],
    "closings": ["approve", "reopen", "none"],
    "figure-requests": ["pass-on", "send-back", "excuse"],
    "inspections": ["freeze", "reveal", "none"],
}


class CannotFill(LookupError):
    """The walk does not know what to put into a gap of an address: teach ``values_for``."""


@dataclass
class Walk:
    """What was asked and what was wrong with the answers."""

    planted: Planted
    routes: set[str] = field(default_factory=set)
    asked: int = 0
    findings: list[str] = field(default_factory=list)
    forms: dict[tuple[str, str], dict[str, set[str]]] = field(default_factory=dict)

    def wrong(self, who: str, url: str, what: str) -> None:
        self.findings.append(f"{who}: {unquote(url)}: {what}")


def values_for(planted: Planted, address: Address, gap: str) -> Sequence[Any]:
    """Own and foreign values for one gap. Raises CannotFill."""
    ledgers = [ledger.code for ledger in registry.all_ledgers()]
    # One of each sort: a rate of people with dues behind it, a count of people, a coercive count, a count of acts.
    indicators = [catalogue.get(code, TODAY).code for code in ("R05", "R25", "E01", "G01")] + ["R99"]
    clients = [client.pk for client in planted.clients.values()]
    known: dict[str, Callable[[], Sequence[Any]]] = {
        "operation_id": lambda: [row.pk for row in planted.rows.get("operations", ())],
        "row_id": lambda: [row.pk for rows in planted.rows.values() for row in rows],
        "batch_id": lambda: [batch.pk for batch in planted.batches],
        "source_id": lambda: [source.pk for source in planted.sources],
        "layout_id": lambda: [layout.pk for layout in planted.layouts],
        "key": lambda: [*(layout.pk for layout in planted.layouts), "community-tests", "none"],
        "handover_id": lambda: [one.pk for one in planted.handovers],
        "substitution_id": lambda: [one.pk for one in planted.substitutions],
        "gate_code": lambda: ["G1", "G3", "G4", "G7", "none"],
        "campaign_id": lambda: [one.pk for one in Campaign.objects.all()],
        "line_id": lambda: [one.pk for one in CampaignLine.frame.order_by("pk")],
        "party_id": lambda: [row.pk for row in planted.rows.get("parties", ())],
        "check_id": lambda: [one.pk for one in AdmissionCheck.objects.all()],
        "referral_id": lambda: [one.pk for one in Referral.objects.order_by("pk")],
        "absence_id": lambda: [row.pk for row in planted.rows.get("absences", ())],
        "asked_id": lambda: [one.pk for one in OwnRequest.objects.all()],
        "act_id": lambda: [one.pk for one in planted.gate_acts],
        "desk_id": lambda: [one.pk for one in planted.data_requests],
        "desk_step": lambda: ["identity", "collect", "decide", "none"],
        "retention_id": lambda: [one.pk for one in planted.retention_plans],
        "gate_delivery_id": lambda: [one.pk for one in GateDelivery.objects.all()],
        "draw_id": lambda: [one.pk for one in TestDraw.objects.all()],
        "due_id": lambda: [due.pk for due in planted.dues],
        "clock_id": lambda: [running.pk for running in planted.clocks],
        "event_id": lambda: [event.pk for event in planted.clock_events],
        "client_id": lambda: clients,
        "person_id": lambda: clients,
        "scheme_id": lambda: [letter.scheme_id for letter in planted.letters[:1]],
        "draft_id": lambda: [draft.pk for draft in planted.drafts],
        "place": lambda: ["r1", "new"] if "rewards/" in address.route else [*(key for draft in planted.drafts for key in ("k1", "k2")), "new"],
        "letter_id": lambda: [letter.pk for letter in planted.letters],
        "archive_id": lambda: [kept.pk for kept in planted.archives],
        "return_id": lambda: [filed.pk for filed in planted.returns],
        "ledger": lambda: ledgers,
        "scan_id": lambda: [scan.pk for scan in (*planted.scans, *planted.paper_scans)],
        "paper_id": lambda: [paper.pk for paper in planted.papers],
        "paper_kind": lambda: ["notice", "pledge"],
        "template_id": lambda: [one.pk for one in planted.paper_templates],
        "served_id": lambda: [paper.pk for paper in planted.served],
        "proof_id": lambda: [proof.pk for paper in planted.served for proof in paper.proofs.all()],
        "delivery_id": lambda: [one.pk for one in planted.deliveries],
        "entry_id": lambda: [entry.pk for entry in planted.entries],
        "code": lambda: indicators
        if "indicators/" in address.route
        else ["absences", "controls", "tests"]
        if address.route.startswith("people/")
        else ledgers,
        "plan_id": lambda: [plan.pk for plan in planted.plans],
        "share_id": lambda: [share.pk for plan in planted.plans for share in plan.shares.all()],
        "bid_id": lambda: [bid.pk for plan in planted.plans for share in plan.shares.all() for bid in share.bids.all()],
        "task_id": lambda: [row.pk for row in planted.rows.get("unit_tasks", ())],
        "need_id": lambda: [need.pk for need in planted.needs],
        "evidence_id": lambda: [proof.pk for model in (TaskEvidence, AssessmentEvidence) for proof in model.objects.all()],
        "round_id": lambda: [planted.round.pk] if planted.round is not None else [],
        "assessment_id": lambda: [one.pk for one in Assessment.objects.order_by("letter__serial")],
        "frame_id": lambda: [one.pk for one in SampleFrame.objects.order_by("pk")],
        "item_id": lambda: [one.pk for one in SampleItem.objects.order_by("pk")[:2]],
        "clause": lambda: ["1.1", "3.2", "9.9"],
        "what": lambda: ["notice", "computed", "none"],
        "of": lambda: ["plan", "summary", "none"],
        "programme_id": lambda: [one.pk for one in planted.programmes],
        "review_id": lambda: [review.pk for one in planted.programmes for review in one.reviews.all()]
        if "programmes/" in address.route
        else [one.pk for one in SupportReview.objects.order_by("pk")],
        "goal_id": lambda: [goal.pk for one in planted.programmes for goal in one.goals.all()],
        "write_id": lambda: [entry.pk for entry in planted.writes],
        "read_id": lambda: [entry.pk for entry in planted.reads],
        "form_id": lambda: [form.pk for form in planted.forms],
        "filling_id": lambda: [filling.pk for filling in planted.fillings],
        "request_id": lambda: [asked.pk for asked in planted.asked],
        "question_id": lambda: [one.pk for asked in planted.asked for one in asked.questions.all()],
        "answer_id": lambda: [
            answer.pk for asked in planted.asked for one in asked.questions.all() for answer in one.answers.all()
        ],
        "order_id": lambda: [order.pk for order in planted.orders],
        "inspection_id": lambda: [one.pk for one in InspectionRound.objects.all()],
        "visit_id": lambda: [visit.pk for visit in planted.visits],
        "photo_id": lambda: [one.pk for one in InspectionPhoto.objects.all()],
        "number": lambda: [0, 1, 9],
        "item": lambda: ["s04", "f03"],
        "act": lambda: ["sign-in", "sign", "recheck", "none"],
        "consequence_id": lambda: [case.pk for case in planted.consequences],
        "reward_draft_id": lambda: [one.pk for one in RewardDraft.objects.all()],
        "table_digest": lambda: [one.digest[:16] for one in reward_tables()[:1]],
        "draft_step": lambda: ["submit", "publish", "none"],
        "proof_of_repair": lambda: [kept.pk for case in planted.consequences for kept in case.files.all()],
        "pattern_id": lambda: [one.pk for one in planted.questions],
        "kept_id": lambda: [kept.pk for one in planted.questions for kept in one.files.all()],
        "file_id": lambda: [kept.pk for order in planted.orders for kept in order.files.all()],
        "unit_id": lambda: [planted.city.units[code].pk for code in ("longdong", "shiqiao", "clinic")],
        "step": lambda: ["submit", "decide", "accept", "none"] if "rewards/" in address.route else ["receive", "answer", "withdraw", "none"],
        "sign_id": lambda: [signed.pk for signed in planted.sign_offs],
        "tab": lambda: ["writes", "reads", "none"],
        "close_id": lambda: [close.pk for close in planted.closes],
        "token_id": lambda: [token.pk for token in planted.tokens],
        "factor_id": lambda: [factor.pk for factor in planted.factors],
        "place_id": lambda: [place.pk for place in planted.places],
        "notice_id": lambda: [notice.pk for notice in planted.notices],
        "move": lambda: ["freeze", "reveal", "none"] if "draws/" in address.route else MOVES.get(address.route.split("/")[0], ["submit", "lock", "none"]),
        "kind": lambda: ["xlsx", "docx", "exe"],
        "username": lambda: ["caseworker", "security", "stranger", "none"],
        "grant_id": lambda: [city_grant(planted, who) for who in ("caseworker", "stranger")],
        "term_id": lambda: [term.pk for term in planted.terms],
        "look_id": lambda: [look.pk for look in planted.looks],
        "suffix": lambda: ["xlsx", "docx", "pdf"],
        "name": lambda: ["id_number", "name", "phone"],
    }
    if gap not in known:
        raise CannotFill(f"{address.name}: <{gap}>")
    return known[gap]()


def city_grant(planted: Planted, who: str) -> int:
    """The key of the role that ``who`` holds."""
    return planted.accounts[who].grants.order_by("pk")[0].pk


def filled(planted: Planted, address: Address) -> Iterator[Kwargs]:
    """Every sensible way to fill the gaps of ``address``. Raises CannotFill."""
    if address.gaps == ("code", "row_id") or address.gaps == ("code", "row_id", "name"):
        names = values_for(planted, address, "name") if "name" in address.gaps else [None]
        for code, rows in planted.rows.items():
            for row, name in product(rows, names):
                yield {"code": code, "row_id": row.pk} | ({"name": name} if name else {})
        return
    if address.gaps == ("code", "key"):
        # A layout is of one ledger: that one with every layout, the others with each in turn, so that every ledger meets a
        # foreign one and every layout foreign ledgers.
        keys = values_for(planted, address, "key")
        for number, code in enumerate(values_for(planted, address, "code")):
            with_keys = keys if code == LAYOUTS_OF else [keys[number % len(keys)]]
            yield from ({"code": code, "key": key} for key in with_keys)
        return
    if address.gaps == ("clock_id", "event_id"):
        # Each event at its own clock, and one at a foreign one.
        pairs = [(event.clock_id, event.pk) for event in planted.clock_events]
        yield from ({"clock_id": one, "event_id": event} for one, event in pairs)
        yield {"clock_id": pairs[0][0], "event_id": pairs[-1][1]}
        return
    if address.gaps == ("ledger", "row_id", "form"):
        # A paper is made from a row of its own ledger; one of another is asked for too.
        for form, code in (("admonition", "measures"), ("detox-receipt", "parties"), ("admonition", "parties")):
            yield from ({"ledger": code, "row_id": row.pk, "form": form} for row in planted.rows[code])
        return
    if address.gaps == ("row_id",):
        # The machine interface has each ledger's own address: its rows, and one row of every other ledger.
        own = next((rows for code, rows in planted.rows.items() if f"ledgers/{code}/" in address.route), [])
        others = [rows[0] for rows in planted.rows.values() if rows and rows[0] not in own]
        yield from ({"row_id": row.pk} for row in (*own, *others[:2]))
        return
    for values in product(*(values_for(planted, address, gap) for gap in address.gaps)):
        yield dict(zip(address.gaps, values, strict=True))


def questions(planted: Planted) -> list[dict[str, str]]:
    """What an address may be asked besides itself: other people's rows, places, numbers, and nonsense."""
    foreign = ",".join(str(row.pk) for rows in planted.rows.values() for row in rows)
    return [
        {"when": "all", "period": "2022", "state": "late", "sort": "name", "batch": str(planted.batches[0].pk), "show": "bad"},
        {"ids": foreign[:3000].rsplit(",", 1)[0]},
        {"indicator": "R05", "part": "missing", "period": "2022-01..2022-10", "division": "999981000000"},
        {"division": "999981102000", "period": "2022", "sort": "-id_number", "result": "positive", "kind": "CD"},
        {"page": "-1", "period": "13月", "division": "' OR 1=1", "sort": "__class__", "q": "\x00%", "show": "none", "when": "x"},
        {"ids": "not-a-number", "indicator": "R99", "batch": "nothing", "page": "99999999999999999999"},
    ]


def url_of(address: Address, kwargs: Mapping[str, Any], query: Mapping[str, str] | None = None) -> str:
    url = "/" + GAP.sub(lambda gap: quote(str(kwargs[gap.group(1)])), address.route)
    return f"{url}?{urlencode(query)}" if query else url


class Visitor:
    """One account at the site (None = a stranger); exceptions of the server are caught and remembered."""

    def __init__(self, walk: Walk, who: str) -> None:
        self.walk, self.who = walk, who
        self.client = Client(raise_request_exception=False)
        account = walk.planted.accounts.get(who)
        if account is not None:
            self.client.force_login(account)
        self.error = ""

    def ask(self, url: str, method: str = "get", data: Mapping[str, Any] | None = None, **headers: str) -> HttpResponseBase:
        self.error = ""
        got_request_exception.connect(self._remember)
        logging.disable(logging.CRITICAL)  # thousands of refusals are what is asked for here
        try:
            response: HttpResponseBase = getattr(self.client, method)(url, data=data or {}, headers=headers)
        finally:
            logging.disable(logging.NOTSET)
            got_request_exception.disconnect(self._remember)
        self.walk.asked += 1
        return response

    def _remember(self, **_signal: Any) -> None:
        frames = traceback.extract_tb(sys.exc_info()[2])
        ours = [f"{frame.filename.split('/qingyuan/')[-1]}:{frame.lineno}" for frame in frames if "/qingyuan/" in frame.filename]
        self.error = f"{sys.exc_info()[1]!r} at {' < '.join(reversed(ours[-3:]))}"

    def read(self, url: str, **headers: str) -> str:
        """GET ``url`` and look at everything in the answer; what is wrong goes to the walk's findings."""
        response = self.ask(url, **headers)
        return self.judge(url, response)

    def judge(self, url: str, response: HttpResponseBase) -> str:
        walk, who = self.walk, self.who
        if response.status_code >= 500:
            walk.wrong(who, url, f"broke: {self.error}")
            return ""
        try:
            text = readable(response)
        except Exception as error:
            walk.wrong(who, url, f"an answer that cannot be read: {error!r}")
            return ""
        if UNKNOWN_TYPE in text:
            walk.wrong(who, url, f"{UNKNOWN_TYPE}: {response.get('Content-Type')}")
        forbidden = walk.planted.forbidden_to(who, in_full="/bad-rows/" in url or "/reveal/" in url)
        for leak in leaks(text, forbidden, own_words=unquote(url)):
            walk.wrong(who, url, f"{response.status_code} shows {leak}")
        for name, forms in masks_seen(text).items():
            walk.forms.setdefault((who, name), {}).setdefault(url.split("?")[0], set()).update(forms)
        return text


def is_public(address: Address) -> bool:
    return address.name in PUBLIC


def each_way(planted: Planted, address: Address, ask: Callable[[Kwargs], HttpResponseBase]) -> None:
    """Ask an address filled in every way, less those of which the answer is known by then.

    One that takes no such method refuses it whatever it names (the walk of posts goes there); one that forbids the role the
    first, the last and a middle object of a ledger (403; an object that is not one's own is 404) forbids it the others, unless
    it gave another answer before. Raises CannotFill."""
    answers: dict[Any, list[int]] = {}
    for kwargs in _ends_first(list(filled(planted, address))):
        of_ledger = answers.setdefault(kwargs.get("code") or kwargs.get("ledger"), [])
        if len(of_ledger) >= FORBIDDEN_ENOUGH and set(of_ledger) == {FORBIDDEN}:
            continue
        status = ask(kwargs).status_code
        if status == METHOD_NOT_ALLOWED:
            return
        of_ledger.append(status)


def _ends_first(ways: list[Kwargs]) -> list[Kwargs]:
    """The first, the last and the middle one, then the others; by ledger where there is one."""
    by_ledger: dict[Any, list[Kwargs]] = {}
    for kwargs in ways:
        by_ledger.setdefault(kwargs.get("code") or kwargs.get("ledger"), []).append(kwargs)
    found = []
    for some in by_ledger.values():
        ends = list(dict.fromkeys((0, len(some) - 1, len(some) // 2)))
        found += [some[place] for place in (*ends, *(place for place in range(len(some)) if place not in ends))]
    return found


def walk_pages(visitor: Visitor, *, asks: Sequence[int] = ()) -> None:
    """GET every address. ``asks``: also with questions, where a list, a figure or an export can be asked something: how many of
    ``questions``, and with which to begin; where not all are asked, the next address is asked the next ones."""
    walk, who = visitor.walk, visitor.who
    queries = questions(walk.planted)
    for turn, address in enumerate(addresses()):
        asked_before: list[Kwargs] = []

        def ask(kwargs: Kwargs, address: Address = address, turn: int = turn, before: list[Kwargs] = asked_before) -> HttpResponseBase:
            url = url_of(address, kwargs)
            response = visitor.ask(url)
            visitor.judge(url, response)
            if asks and response.status_code != METHOD_NOT_ALLOWED and _can_be_asked(address, kwargs, first=not before):
                count, begin = asks
                for place in range(count):
                    visitor.read(url_of(address, kwargs, queries[(turn * count + begin + place) % len(queries)]))
            before.append(kwargs)
            return response

        try:
            each_way(walk.planted, address, ask)
        except CannotFill as error:
            walk.wrong(who, address.route, f"cannot fill {error}")
            continue
        walk.routes.add(address.name)


def _can_be_asked(address: Address, kwargs: Kwargs, *, first: bool) -> bool:
    """Whether an address is a list, a figure or an export that takes questions; some of those with a code stand for all."""
    if address.gaps == ("code",):
        return first or kwargs["code"] in ASKED
    own = LEDGER_OF_PROGRAMS.search(address.route)
    if own:
        return not address.gaps and own[1] in ASKED
    return not address.gaps and not address.name.endswith("openapi-json")


def fingerprint(skip: frozenset[str] = SESSION_TABLES) -> dict[str, str]:
    """A digest of the rows of each table of the main database."""
    found: dict[str, str] = {}
    for model in apps.get_models():
        if model._meta.label in skip or getattr(model, "database", "default") != "default" or not model._meta.managed:
            continue
        with connection.cursor() as cursor:
            cursor.execute(f'select * from "{model._meta.db_table}"')
            found[model._meta.label] = hashlib.sha256("\n".join(sorted(map(repr, cursor.fetchall()))).encode()).hexdigest()
    return found
