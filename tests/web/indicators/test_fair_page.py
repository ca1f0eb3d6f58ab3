"""«公平比较»: no rank, a tie unless the numbers say otherwise, and of few people only the groups they could be in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from qingyuan.indicators import catalogue
from qingyuan.indicators.definition import DENOMINATOR, NUMERATOR
from qingyuan.indicators.fair import Group, Place
from qingyuan.indicators.refresh import refresh
from qingyuan.reference.periods import Period
from qingyuan.situation.queries import fair
from qingyuan.web.fair_words import group_text, group_tone
from tests.cast import TODAY
from tests.governance.conftest import Desk, desk
from tests.web.letters.conftest import settle
from tests.web.pages import browser_of, text_of

__all__ = ["desk"]
YTD = Period.parse("2022-01..2022-11")
ADDRESS = "/indicators/R05/fair/?period=2022"


@pytest.fixture
def town(desk: Desk) -> Desk:
    settle(desk, people=6, tested=16)
    return desk


@pytest.fixture
def clerk(town: Desk) -> Client:
    return browser_of(town.city, "clerk")


@pytest.mark.django_db
def test_a_town_of_few_is_not_comparable_and_its_numbers_stay_closed(clerk: Client) -> None:
    page = text_of(clerk.get(ADDRESS))
    assert "公平比较" in page and "全部并列" in page
    assert "龙洞镇 不可比" in page and "88.9" not in page and "16" not in page.split("龙洞镇")[1][:30]


@pytest.mark.django_db
def test_a_cell_without_a_number_folds_away_on_a_phone(clerk: Client) -> None:
    rows = BeautifulSoup(clerk.get(ADDRESS).content.decode(), "html.parser").select("table.folds tbody td")
    dashes = [cell for cell in rows if cell.get_text(strip=True) == "—"]
    assert dashes and all("blank" in (cell.get("class") or ()) for cell in dashes)
    assert not [cell for cell in rows if "blank" in (cell.get("class") or ()) and cell not in dashes]


@pytest.mark.django_db
def test_the_town_itself_sees_its_numbers(town: Desk) -> None:
    found = fair.beside(
        code="R05", division=town.city.divisions["云岭市"], period=YTD, reader=town.actor("supervisor"), on=TODAY
    )
    assert found is not None
    line = found.of(town.city.divisions["龙洞镇"].pk)
    assert line is not None and line.figure.denominator == 18 and line.group is Group.INCOMPARABLE


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/indicators/E01/fair/", "/indicators/R06/fair/", "/indicators/R25/fair/"])
def test_what_may_not_be_judged_is_not_compared(clerk: Client, address: str) -> None:
    assert "这个指标不作比较" in text_of(clerk.get(address))


@pytest.mark.django_db
def test_unknown_indicators_and_splits_are_not_found(clerk: Client) -> None:
    assert clerk.get("/indicators/R99/fair/").status_code == 404
    assert clerk.get("/indicators/R05/fair/?mix=person").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("more", ["&beside=size", "&mix=schedule", "&beside=other"])
def test_every_way_to_compare_has_its_page(clerk: Client, more: str) -> None:
    page = clerk.get(ADDRESS + more)
    assert page.status_code == 200 and "龙洞镇" in text_of(page)


@pytest.mark.django_db
def test_roles_without_figures_are_refused(town: Desk) -> None:
    refresh()
    assert browser_of(town.city, "doctor").get(ADDRESS).status_code == 403


@pytest.mark.django_db
def test_the_indicator_leads_to_it_where_it_may_be_compared(clerk: Client) -> None:
    assert "/indicators/R05/fair/" in clerk.get("/indicators/R05/?period=2022").content.decode()
    assert "/indicators/E01/fair/" not in clerk.get("/indicators/E01/?period=2022").content.decode()


# --- words and counts -----------------------------------------------------------------------------------------------------


def test_groups_are_said_without_a_place_in_a_list() -> None:
    assert group_text({Group.LOWER}) == "明显低于" and group_tone({Group.LOWER}) == "apart"
    assert group_text({Group.HIGHER, Group.SAME}) == "无明显差别或明显高于" and group_tone({Group.HIGHER, Group.SAME}) == ""
    assert group_text({Group.INCOMPARABLE}) == "不可比" and group_text(()) == "不公开"


def test_a_weighted_rate_rests_on_its_answers() -> None:
    indicator = catalogue.get("P01", date(2022, 11, 23))
    terms = {part.key: Decimal(20) for part in indicator.parts} | {NUMERATOR: Decimal(6300), DENOMINATOR: Decimal(9000)}
    assert indicator.sample and fair.counts_of(indicator, terms) == (14, 20)


def test_a_plain_rate_rests_on_its_base() -> None:
    indicator = catalogue.get("R05", date(2022, 11, 23))
    assert fair.counts_of(indicator, {NUMERATOR: Decimal(15), DENOMINATOR: Decimal(20)}) == (15, 20)
    assert fair.counts_of(indicator, {NUMERATOR: None, DENOMINATOR: Decimal(20)}) == (0, 0)
    assert fair.counts_of(indicator, {NUMERATOR: Decimal(0), DENOMINATOR: Decimal(0)}) == (0, 0)


def test_what_the_few_could_be_does_not_depend_on_how_many_they_are() -> None:
    """The groups shown of a closed figure are the same for every number of people from one to four."""

    def guessed(missing: int) -> set[tuple[int, int]]:
        return set(fair._guesses(Place(1, {"": (200 - missing, 200)}, people=50)))

    assert len({frozenset(guessed(missing)) for missing in range(1, 17)}) == 1
    assert {200 - done for done, _due in guessed(3)} == set(range(1, 17))
