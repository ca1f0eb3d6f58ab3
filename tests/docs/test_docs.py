"""The documentation says what there is: links lead somewhere, commands and variables exist, planted problems are where it says."""

from __future__ import annotations

import pkgutil
import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from importlib import import_module
from pathlib import Path

import pytest

from qingyuan.__main__ import COMMANDS
from qingyuan.demo import books as workbooks
from qingyuan.demo.city import TOWNS
from qingyuan.demo.clocks import EXHIBITS
from qingyuan.demo.story import cases, counts, journeys, meetings, police, testing
from qingyuan.demo.story.police import Police
from qingyuan.demo.story.telling import SEED, tell
from qingyuan.demo.units import CITY_ACCOUNTS, MEMBERS, PASSWORD, accounts
from qingyuan.foundation import identity
from qingyuan.ledgers import registry
from qingyuan.organisation.enums import Role

ROOT = Path(__file__).resolve().parents[2]
READMES = (ROOT / "README.md", ROOT / "README.en.md")
HANDBOOK = ROOT / "docs" / "handbook"
PAGES = (*READMES, *sorted((ROOT / "docs").rglob("*.md")))
names = [str(page.relative_to(ROOT)) for page in PAGES]
every_page = pytest.mark.parametrize("page", PAGES, ids=names)
every_readme = pytest.mark.parametrize("readme", READMES, ids=[page.name for page in READMES])

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CALLED = re.compile(r"(?:`qingyuan |-m qingyuan )([a-z][a-z-]*)")
VARIABLE = re.compile(r'"(QINGYUAN_[A-Z_]+|(?:AUDIT_)?DATABASE_URL)"')
NOT_FOR_READERS = re.compile(
    r"(?<![`/])TODO|FIXME|coming soon|敬请期待|pypi\.|npmjs|registry\.(?:npm|yarn|docker)|pythonhosted|unpkg|jsdelivr|/work/",
    re.I,
)


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def commands() -> set[str]:
    """The commands there are, found as the command line finds them."""
    return {
        info.name.strip("_").replace("_", "-")
        for package in COMMANDS
        for info in pkgutil.iter_modules(import_module(package).__path__)
    }


def variables() -> set[str]:
    """The environment variables that the settings read."""
    return set(VARIABLE.findall(text_of(ROOT / "qingyuan" / "config" / "settings.py")))


def anchors_of(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", text_of(page), re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@every_page
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(text_of(page)):
        if target.startswith(("http:", "https:", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.is_relative_to(ROOT), f"{target} leads out of the repository"
        assert found.exists(), f"{target} leads nowhere"
        if anchor:
            assert anchor in anchors_of(found), f"{target}: there is no such heading"


@every_page
def test_nothing_is_promised_and_no_machine_is_named(page: Path) -> None:
    assert NOT_FOR_READERS.findall(text_of(page)) == []


@every_page
def test_every_command_named_exists(page: Path) -> None:
    assert set(CALLED.findall(text_of(page))) <= commands()


@every_readme
def test_the_readme_names_every_command(readme: Path) -> None:
    assert set(CALLED.findall(text_of(readme))) == commands()


def test_the_settings_are_found_where_this_test_looks() -> None:
    assert {"QINGYUAN_HOME", "QINGYUAN_CITY", "QINGYUAN_HTTPS", "DATABASE_URL", "AUDIT_DATABASE_URL"} <= variables()


@every_readme
def test_the_readme_lists_every_variable_and_none_that_is_gone(readme: Path) -> None:
    listed = {
        name
        for line in text_of(readme).splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`((?:QINGYUAN_|DATABASE|AUDIT)[A-Z_]+)`", line.split("|")[1])
    }
    assert listed == variables()


@every_readme
def test_the_readme_shows_the_accounts_that_are_printed(readme: Path) -> None:
    text = text_of(readme)
    shown = [line for line in accounts(tell().staff) if line.shown]
    assert {line.username for line in CITY_ACCOUNTS} <= {line.username for line in shown}
    assert [line.username for line in shown if f"`{line.username}`" not in text] == []
    assert PASSWORD in text


@every_readme
def test_the_readme_has_the_two_commands_and_what_they_need(readme: Path) -> None:
    text = text_of(readme)
    for words in ("make demo", "make test", "apt install git make python3-venv", "FRESH=1", "PORT=", "Mulan PSL v2"):
        assert words in text, words


def test_the_readmes_are_twins() -> None:
    chinese, english = (re.findall(r"^#+ ", text_of(readme), re.M) for readme in READMES)
    assert chinese == english
    links = [{link for link in LINK.findall(text_of(readme)) if link.startswith("docs/")} for readme in READMES]
    assert links[0] == links[1]


@every_readme
def test_the_tour_imports_a_workbook_that_is_there(readme: Path) -> None:
    path = re.search(r"examples/ledgers/\S+?\.xlsx", text_of(readme))
    assert path is not None
    assert (ROOT / path[0]).is_file()
    assert path[0].endswith(workbooks.month_to_import(tell()).path)


def test_the_tour_counts_the_rows_of_that_workbook() -> None:
    story = tell()
    good, bad = len(story.november), len(story.november_flaws)
    assert f"新增 {good}、有问题 {bad}" in text_of(READMES[0])
    assert f"{good} new" in text_of(READMES[1])
    assert f"只入库没问题的 {good} 行" in text_of(READMES[1])


@pytest.mark.parametrize("role", list(Role), ids=[role.value for role in Role])
def test_every_role_has_a_page_of_the_handbook(role: Role) -> None:
    page = HANDBOOK / f"{role.value}.md"
    assert page.is_file(), f"write {page.relative_to(ROOT)}"
    text = text_of(page)
    assert text.startswith(f"# {role.label}\n")
    assert "看不到什么" in text
    assert "**找谁**" in text
    assert len(text.splitlines()) <= 40, "a page is one screen"
    assert f"({role.value}.md)" in text_of(HANDBOOK / "README.md")


def test_the_handbook_has_no_page_of_a_role_that_is_gone() -> None:
    assert {page.stem for page in HANDBOOK.glob("*.md")} - {"README"} == {role.value for role in Role}


def test_a_path_and_a_task_of_the_handbook_are_one_screen() -> None:
    for folder in ("paths", "tasks"):
        pages = list((HANDBOOK / folder).glob("*.md"))
        assert pages
        for page in pages:
            assert len(text_of(page).splitlines()) <= 40, f"{page.name}: a page is one screen"


def test_a_line_of_a_role_or_a_task_is_one_act() -> None:
    """No wall of text squeezed into a screen: the whole of a line is read at a glance. A link counts as its words."""
    for page in (*(HANDBOOK / f"{role.value}.md" for role in Role), *(HANDBOOK / "tasks").glob("*.md")):
        for line in text_of(page).splitlines():
            assert len(re.sub(r"\]\([^)]*\)", "]", line)) <= 120, f"{page.name}: {line}"


def test_every_task_is_found_from_the_index_and_from_a_role() -> None:
    index = set(LINK.findall(text_of(HANDBOOK / "README.md")))
    roles = {link for role in Role for link in LINK.findall(text_of(HANDBOOK / f"{role.value}.md"))}
    for page in (HANDBOOK / "tasks").glob("*.md"):
        assert f"tasks/{page.name}" in index, f"README.md does not list {page.name}"
        assert f"tasks/{page.name}" in roles or page.stem == "sign-in", f"no role is sent to {page.name}"


def buttons_of(text: str) -> set[str]:
    """Words in bold: names of pages and buttons. Numbers and headings of a paragraph are left out."""
    found = re.findall(r"\*\*([^*\n]+)\*\*", text)
    return {words.strip() for words in found}


def test_the_buttons_of_the_handbook_stand_on_the_pages() -> None:
    on_pages = "".join(
        path.read_text(encoding="utf-8")
        for pattern in ("templates/**/*.html", "**/*.py")
        for room in ("web", "journeys")  # the words of the to-dos stand in journeys
        for path in (ROOT / "qingyuan" / room).glob(pattern)
    )
    named = {
        (page.stem, part.strip())
        for page in HANDBOOK.rglob("*.md")
        for line in text_of(page).splitlines()
        for words in buttons_of(line.partition("** — ")[2] if re.match(r"\d+\. \*\*[^*]+\*\* — ", line) else line)
        for part in words.split("…")
        if part.strip() and not line.startswith("**")
    }
    assert len(named) > 60
    assert {where for where in named if where[1] not in on_pages} == set()


def demo_city() -> str:
    return text_of(ROOT / "docs" / "demo-city.md")


def test_the_planted_problems_are_those_of_the_story() -> None:
    text = demo_city()
    headings = re.findall(r"^### [1-7]\. (.+)$", text, re.M)
    assert [heading.partition(":")[0] for heading in headings] == [
        testing.BROKEN_TOWN,
        journeys.LATE_TOWN,
        counts.RISING_TOWN,
        meetings.SILENT_TOWN,
        police.LOST_CASE,
        "全市",
        police.THEFT_TOWN,
    ]
    broken, late, rising, silent, lost, shifted, thefts = headings
    assert f"缺检 {testing.BROKEN_MISSED} 人次" in broken
    assert f"{testing.BROKEN_FROM.year} 年 {testing.BROKEN_FROM.month}、{testing.BROKEN_FROM.month + 1} 月" in broken
    assert f"{journeys.LATE_FROM.year} 年 {journeys.LATE_FROM.month} 月以来" in late
    assert f"{counts.RISING_FROM.year} 年 {counts.RISING_FROM.month} 月以来" in rising
    assert f"{meetings.SILENT_YEAR} 年" in silent
    assert f"{police.LOST_GRAMS.normalize()} 克" in lost and f"{police.LOST_CASE[7:11]} 年" in lost
    assert f"{cases.SHIFT_YEAR} 年" in shifted
    assert f"{police.THEFT_FROM.year} 年 {police.THEFT_FROM.month} 月以来" in thefts


def test_the_missing_grams_are_those_of_the_story() -> None:
    text = demo_city()
    steps = [
        one
        for one in Police(tell()).movements()
        if (one.case, one.exhibit) == (police.LOST_CASE, f"W{police.LOST_ITEM}")
    ]
    stages = {one.stage: one for one in steps}
    assert list(stages) == ["seized", "sampled", "stored", "destroyed"]
    seized, stored = stages["seized"], stages["stored"]
    assert f"扣押的 {seized.quantity} 克海洛因" in text and seized.drug == "OP01"
    assert f"{seized.on} 扣押" in text and f"{stored.on:%m-%d} 入库 {stored.quantity} 克" in text
    assert f"{stages['destroyed'].on} 集中销毁 {stages['destroyed'].quantity} 克" in text
    assert seized.quantity - stages["sampled"].quantity - stored.quantity == police.LOST_GRAMS


def test_the_corridor_of_the_story_moved_as_the_page_says() -> None:
    text = demo_city()
    grams: dict[tuple[int, str], Decimal] = {}
    times: dict[tuple[int, str], int] = {}
    for one in tell().seizures:
        if one.seized.month <= 10:
            key = (one.seized.year, one.origin)
            grams[key] = grams.get(key, Decimal(0)) + one.grams
            times[key] = times.get(key, 0) + 1
    before, after = cases.SHIFT_YEAR - 1, cases.SHIFT_YEAR
    old, new = cases.OLD_CORRIDOR, cases.NEW_CORRIDOR
    assert (before, new) not in grams
    assert f"云南方向 {grams[before, old].normalize():f} 克,广西方向没有" in text
    assert f"{after} 年同期云南方向 {grams[after, old]} 克" in text
    whole = sum((weight for (year, _origin), weight in grams.items() if year == after), Decimal(0))
    share = (100 * grams[after, new] / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert re.search(rf"{grams[after, new]} 克,占全部的 {share}%", text)
    assert f"云南方向 {times[before, old]} 起变 {times[after, old]} 起" in text
    assert f"广西方向 0 起变 {times[after, new]} 起" in text


def test_the_thefts_of_the_story_are_those_of_the_page() -> None:
    def counted(year: int, *, town: bool) -> int:
        return sum(
            1
            for one in Police(tell()).linked_crimes()
            if one.happened.year == year and one.happened.month <= 10 and (one.town == police.THEFT_TOWN) is town
        )

    year = police.THEFT_FROM.year
    assert f"1—10 月 {counted(year, town=True)} 起,去年同期 {counted(year - 1, town=True)} 起,全部是盗窃" in demo_city()
    assert f"合计 {counted(year, town=False)} 起,去年同期 {counted(year - 1, town=False)} 起" in demo_city()
    of_town = [one for one in Police(tell()).linked_crimes() if one.town == police.THEFT_TOWN and one.happened.year == year]
    assert {one.kind for one in of_town} == {"theft"}


def test_the_rows_of_the_police_are_as_many_as_the_page_says() -> None:
    told = Police(tell())
    movements = len(told.movements()) + len(EXHIBITS)
    counts = (len(told.parties()), len(told.penalties()), movements, len(told.linked_crimes()))
    assert "{} 人次、{} 人次、{} 次、{} 起".format(*counts) in demo_city()


def windows_of_the_broken_town(since: date, until: date, *, with_november: bool) -> list[tuple[str, bool]]:
    """Told without a database: who each window that ends in [since, until) belongs to, and whether a test answers it."""
    story = tell()
    tests = [test for test in story.tests if test.town == testing.BROKEN_TOWN]
    days = [(test.person.id_number, test.tested) for test in (*tests, *(story.november if with_november else ()))]
    return [
        (number, any(who == number and window.opens <= day < window.closes for who, day in days))
        for measure in story.measures
        if measure.town == testing.BROKEN_TOWN and measure.reported is not None
        for number in (measure.person.id_number,)
        for window in testing.windows_of(measure)
        if since <= window.last_day < until
    ]


def test_the_planted_gap_is_of_ten_people() -> None:
    windows = windows_of_the_broken_town(testing.BROKEN_FROM, date(2022, 11, 1), with_november=False)
    missed = [person for person, done in windows if not done]
    assert len(missed) == testing.BROKEN_MISSED
    assert f"涉及 {len(set(missed))} 人" in demo_city()


@pytest.mark.parametrize(("with_november", "total"), [(False, "80.79"), (True, "84.33")])
def test_the_points_of_the_tour_are_those_of_the_sheet(with_november: bool, total: str) -> None:
    """The two clauses that move, counted by hand from the story; what stands beside them does not move."""
    windows = windows_of_the_broken_town(date(2022, 1, 1), journeys.TODAY, with_november=with_november)
    missed, due = sum(not done for _who, done in windows), len(windows)
    deducted = Decimal(10) - Decimal("0.5") * missed
    rate = Decimal(100) * (due - missed) / due
    linear = (15 * (rate - 70) / 28).quantize(Decimal("0.01"), ROUND_HALF_UP)
    beside = Decimal(20 + 20 + 3 + 25)
    assert str(deducted + linear + beside) == total
    for page in (*READMES, ROOT / "docs" / "demo-city.md"):
        assert total in text_of(page)
    assert f"缺检 {missed}、2.3 得 {deducted.normalize()}" in demo_city()


def test_the_minors_of_the_cases_are_as_many_as_the_page_says() -> None:
    caught = [(one.person.id_number, one.caught) for one in Police(tell()).parties() if one.caught is not None]
    minors = [number for number, day in caught if identity.parse(number).age_on(day) < 18]
    assert f"涉案人员里有 {len(minors)} 人到案时不满 18 周岁" in demo_city()


def test_the_numbers_of_the_city_are_those_of_the_story() -> None:
    text = demo_city()
    spaced = [f"{number:,}".replace(",", " ") for number in (counts.REGISTERED, counts.CURRENT, counts.ABSTINENT)]
    assert " / ".join(spaced) in text
    assert f"{journeys.IN_DETOX} / {journeys.IN_REHABILITATION} / {journeys.IN_ISOLATION}" in text
    assert f"{sum(town.population for town in TOWNS):,}".replace(",", " ") in text
    assert f"共 {len(TOWNS)} 个" in text
    assert f"成员单位 {len(MEMBERS)}" in text
    assert f"账号 {len(accounts(tell().staff))} 个" in text
    assert str(SEED) in text


def test_the_number_of_workbooks_is_that_of_the_folder() -> None:
    files = [path for path in (ROOT / "examples" / "ledgers").rglob("*") if path.is_file() and path.name != workbooks.PLANTED]
    assert len(files) == len(workbooks.books(tell())) + 1
    assert f"共 {len(files)} 个文件" in demo_city()


def test_the_readme_counts_the_ledgers() -> None:
    words = {53: ("五十三本台账", "Fifty-three ledgers"), 56: ("五十六本台账", "Fifty-six ledgers")}
    chinese, english = words[len(registry.all_ledgers())]
    assert chinese in text_of(READMES[0])
    assert english in text_of(READMES[1])


def test_every_decision_has_its_own_number_and_says_what_it_costs() -> None:
    pages = [page for page in (ROOT / "docs" / "adr").glob("*.md") if page.name != "TEMPLATE.md"]
    numbers = sorted(page.name[:4] for page in pages)
    assert numbers == [f"{number:04d}" for number in range(1, len(pages) + 1)]
    for page in pages:
        text = text_of(page)
        assert text.startswith(f"# {page.name[:4]} — ")
        for heading in ("## What was the matter", "## Decision", "## Why", "## What it costs"):
            assert heading in text, f"{page.name}: {heading}"


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "how-to").glob("*.md")), ids=lambda page: page.stem)
def test_the_files_that_a_how_to_names_are_there(page: Path) -> None:
    named = re.findall(r"`((?:qingyuan|tests|docs)/[\w./-]+)`", text_of(page))
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_house_names_every_room() -> None:
    rooms = {path.parent.name for path in (ROOT / "qingyuan").glob("*/__init__.py")}
    text = text_of(ROOT / "docs" / "house.md")
    assert {room for room in rooms if f"`{room}`" not in text} == set()


def test_the_checks_would_see_a_wrong_word(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("[gone](nowhere.md) `qingyuan fly` TODO", encoding="utf-8")
    assert not (page.parent / LINK.findall(text_of(page))[0]).exists()
    assert not set(CALLED.findall(text_of(page))) <= commands()
    assert NOT_FOR_READERS.findall(text_of(page))
