"""The words of data that pages show: declared in Chinese in ledgers, YAML and CSV, said in English by the catalogue.

Code lists, schedules, calendars and indicator titles bring their own English (``name_en``, ``title_en``). Everything else is
gathered here into ``data_words.py``, a module whose only use is to be read by gettext.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from qingyuan.casework.clocks.wanted import ledgers_with_clocks, runs_of
from qingyuan.casework.papers.rules import SECRET_GRADES
from qingyuan.casework.procedures.declaration import Procedure
from qingyuan.casework.procedures.loading import all_procedures
from qingyuan.casework.serving.declared import all_forms as paper_forms
from qingyuan.foundation.words import DATA
from qingyuan.governance.forms.catalogue import all_forms
from qingyuan.governance.queries.target_methods import RATE_METHODS
from qingyuan.governance.rewards.shipped import shipped as shipped_tables
from qingyuan.governance.scoring import clause_asks
from qingyuan.governance.scoring.asked import Asked
from qingyuan.governance.scoring.kinds import KINDS
from qingyuan.governance.scoring.scheme import Scheme
from qingyuan.governance.scoring.shipped import shipped, shipped_names
from qingyuan.governance.targets_rules import METHOD_WORDS
from qingyuan.indicators import catalogue
from qingyuan.indicators.definition import Indicator
from qingyuan.indicators.unfed import load_unfed
from qingyuan.journeys.desk.collecting import TITLES
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.layouts.choosing import shipped as shipped_layouts
from qingyuan.reference import holidays, retention, statutes
from qingyuan.reference.clocks import STATE_ZH, Clock, all_clocks, sentences
from qingyuan.reference.packs import get_pack, pack_codes
from qingyuan.web.schemes.clauses import asks_of

FILE: Final = Path(__file__).parent / "data_words.py"
SHARE_WORDS: Final = ("商定", "保底", "封顶")
"""How a share of a target came about, see ``governance.targets_rules``."""
RULE_WORDS: Final = frozenset({"word", "words", "unit", "who", "reason"})
"""Parameters of a rule kind that stand in its sentence."""
MADE: Final = ("缺", "次", "考核组")
"""What a rule kind says where its clause leaves the word out."""
HAN: Final = re.compile(r"[一-鿿]")
HEAD: Final = '''"""Words of data for the catalogue. Made by ``python3 run.py messages``: change the data, not this file."""

from django.utils.translation import pgettext_lazy as pgettext

WORDS = (
'''


def words() -> list[str]:
    """Every Chinese word of data that a page may show, in the order of the characters, each once."""
    return sorted({text for text in _all() if HAN.search(text)})


def module_text() -> str:
    """``data_words.py`` as it should be."""
    lines = (f'    pgettext("{DATA}", {json.dumps(text, ensure_ascii=False)}),\n' for text in words())
    return f"{HEAD}{''.join(lines)})\n"


def _all() -> Iterator[str]:
    for ledger in registry.all_ledgers():
        yield from _of_ledger(ledger)
    for indicator in catalogue.catalogue().versions():
        yield from _of_indicator(indicator)
    for one in load_unfed():
        yield from (one.title, one.would_be, one.why_it_matters, one.reason, one.would_need, one.owner, one.source)
    yield from (table.title for table in shipped_tables())
    for form in all_forms():
        yield from (form.title, form.basis)
        yield from (text for cell in form.cells for text in (cell.title, cell.unit, cell.help))
        yield from (check.message for check in form.checks)
    for name in shipped_names():
        yield from _of_scheme(shipped(name))
    for kind in KINDS.values():
        yield from (kind.title, kind.says, kind.such_as)
        yield from _of_asks(kind.asks)
    yield from _of_asks((*clause_asks.SHEET, *clause_asks.GROUP, *asks_of(())))
    for procedure in all_procedures().values():
        yield from _of_procedure(procedure)
    for paper in paper_forms():
        yield from (paper.title, *paper.titles)
        yield from (text for asked in paper.questions for text in (asked.label, asked.help))
    for layout in shipped_layouts():
        yield from (layout.title, layout.system, layout.note)
    for clock in all_clocks():
        yield from _of_clock(clock)
    yield from (get_pack(code).name_zh for code in pack_codes())
    yield from (value.note for code in pack_codes() for value in get_pack(code).values)
    yield from (*sentences.PATTERNS, *sentences.LENGTHS.values(), *holidays.names())
    yield from STATE_ZH.values()
    yield from (*METHOD_WORDS.values(), *RATE_METHODS.values(), *SHARE_WORDS, *MADE, *SECRET_GRADES)
    yield from (text for rule in retention.rules() for text in (rule.what_zh, rule.note))
    yield from TITLES.values()
    yield from (statutes.law(key).short_zh for key in statutes.law_keys())


def _of_asks(asks: Iterable[Asked]) -> Iterator[str]:
    """What a form made of declarations writes beside its fields."""
    for one in asks:
        yield from (one.label, one.help, *(words for _value, words in one.options))
        yield from _of_asks(one.inside)


def _of_ledger(ledger: Ledger) -> Iterable[str]:
    yield from (ledger.title, ledger.purpose, ledger.unit_label, ledger.retention.text)
    for column in ledger.columns:
        yield from (column.header, column.help, column.unit)


def _of_indicator(item: Indicator) -> Iterable[str]:
    yield from (item.title, item.why_it_matters, item.unit, item.owner, item.checked_by, item.source)
    yield from filter(None, (item.roll_up.units,))
    yield from (item.roll_up.divisions, item.roll_up.periods, *item.includes, *item.excludes)
    yield from (text for term in item.terms for text in (term.title, term.unit))
    yield from (split.title for split in item.breakdowns)


def _of_procedure(found: Procedure) -> Iterable[str]:
    yield from (found.title, found.about, *found.conditions.values(), *found.days.values())
    yield from (party.label for party in found.parties)
    yield from (state.label for state in found.states)
    for step in found.steps:
        yield from (step.label, step.note)
        yield from (text for one in step.needs for text in (one.label, one.help))


def _of_clock(found: Clock) -> Iterable[str]:
    """What stands on buttons, in titles and lists; of a clock that rows run also what its page says about it."""
    yield from (found.name, found.who)
    if found.counter or found.code in running_codes():
        yield from (found.trigger, found.act, found.consequence, found.note)
        yield from (one.note for one in found.terms)
        if found.opens is not None:
            yield from (found.opens.decision, found.opens.by, *found.opens.checklist)
    yield from (one.zh for one in found.terms if one.zh)
    for effect in found.effects:
        yield from (effect.zh, effect.approver, effect.paper)
    yield from dict((found.counter or {}).get("names", {})).values()


def running_codes() -> frozenset[str]:
    """The clocks that rows run."""
    runs = [one for code in ledgers_with_clocks() if (one := runs_of(code)) is not None]
    return frozenset(clock for one in runs for clock in one.columns)


def _of_scheme(scheme: Scheme) -> Iterable[str]:
    yield scheme.title
    yield from (grade.name for grade in scheme.grades)
    for group in scheme.groups:
        yield group.title
    for clause in (*(clause for group in scheme.groups for clause in group.clauses), *scheme.vetoes):
        yield from (clause.title, clause.evidence, clause.verification, clause.source)
        yield from (ref.removeprefix("manual:") for ref in clause.inputs.values() if ref.startswith("manual:"))
        yield from _in_sentence(clause.rule.params)
        yield from (gate.words for gate in clause.requires)


def _in_sentence(params: Mapping[str, Any]) -> Iterator[str]:
    """What of a rule's parameters stands in its sentence, those of its parts too."""
    for name, value in params.items():
        if isinstance(value, str) and name in RULE_WORDS:
            yield value
        for part in value if isinstance(value, list | tuple) else ():
            if isinstance(part, Mapping):
                yield from _in_sentence(part)
