"""Building the whole city once, in the order in which a real office would start."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from qingyuan.demo import (
    asking,
    assessing,
    campaigning,
    clocks,
    closings,
    duties,
    foreign,
    governing,
    handovers,
    inspections,
    orders,
    papers,
    questions,
    reminding,
    rewarding,
    serving,
    treating,
    undone,
    ways,
)
from qingyuan.demo import books as workbooks
from qingyuan.demo.founding import found
from qingyuan.demo.loading import import_workbooks, share_caseload
from qingyuan.demo.story.telling import tell
from qingyuan.foundation import audit
from qingyuan.indicators.refresh import refresh
from qingyuan.organisation.models import Account

Step = Callable[[str, int, int], None]
"""Called with what is being done, how many are done, how many there are."""


def clear() -> None:
    """Remove the demo city's data, keys and files: ``make demo FRESH=1``."""
    connections.close_all()
    home = Path(settings.QINGYUAN_CITY_HOME)
    for path in home.iterdir():
        if path.name in {"city.env", "secret-key"}:
            continue
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def prepare_databases() -> None:
    """Bring both databases to the present schema."""
    for database in ("default", "audit"):
        call_command("migrate", database=database, verbosity=0, interactive=False)


def is_begun() -> bool:
    """Whether there is a city here at all; anything else in the folder is left from a build that broke off."""
    return (Path(settings.QINGYUAN_CITY_HOME) / "built").is_file()


def is_built() -> bool:
    """Whether the last step of ``build`` was reached: a half-built city is built again from nothing."""
    return is_begun() and Account.objects.exists()


def build(step: Step) -> None:
    """Found the city, import what its offices keep, and set up what the commission does with it."""
    story = tell()
    step("建立区划、单位、账号", 0, 1)
    found(story.staff)
    step("建立区划、单位、账号", 1, 1)
    whole = len(workbooks.books(story))
    for number, _imported in enumerate(import_workbooks(story), start=1):
        step("导入各单位台账", number, whole)
    step("分派社工", 0, 1)
    share_caseload()
    step("分派社工", 1, 1)
    for name, do in _after_the_ledgers():
        step(name, 0, 1)
        do()
        step(name, 1, 1)
    (Path(settings.QINGYUAN_CITY_HOME) / "built").write_text("1\n", encoding="ascii")


def _after_the_ledgers() -> list[tuple[str, Callable[[], object]]]:
    """What follows the ledgers, in order; facts are refreshed before anything is computed from them."""
    return [
        ("登记合法缺席", governing.excuse_some),
        ("接送、小组和计划", ways.walk),
        ("门诊台账", treating.treat),
        ("门诊月汇总", treating.tell_months),
        ("登记期限事件", clocks.record_events),
        ("没有办完的", undone.leave_undone),
        ("动态管控登记", campaigning.on_two_registers),
        ("移交和代办", handovers.hand_over),
        ("普查帮教", campaigning.check_up),
        ("计划目标和鼓励", ways.plan),
        ("帮扶", campaigning.help_people),
        ("报表", governing.file_returns),
        ("汇总事实", refresh),
        ("指标分解", _targets),
        ("责任状签订与评定", _letters),
        ("关账", closings.close_months),
        ("单位之间的配合", duties.work_together),
        ("行动计划和协商", duties.plan_ahead),
        ("公文印发与签收", papers.issue_papers),
        ("文书送达", serving.serve_papers),
        ("依法移交", treating.hand_across),
        ("个人信息请求", asking.ask),
        ("督办", orders.give_orders),
        ("联合检查", inspections.inspect),
        ("上年考核评审", _last_year),
        ("上年结果运用", rewarding.decide_last_year),
        ("数据问询", _questions),
        ("得分快照", governing.take_snapshots),
        ("来表和要数", foreign.serve_others),
        ("提醒", reminding.reach),
        ("封存审计", _seal),
    ]


def _targets() -> None:
    governing.posts_of_the_office()
    governing.set_targets()


def _letters() -> None:
    governing.give_figures(governing.sign_letters())
    governing.sign_unit_letters()
    refresh()


def _last_year() -> None:
    assessing.assess_last_year()
    refresh()


def _questions() -> None:
    questions.type_together()
    refresh()
    questions.ask()


def _seal() -> None:
    for database in ("default", "audit"):
        audit.seal(database)
