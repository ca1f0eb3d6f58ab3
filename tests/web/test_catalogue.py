"""The English catalogue holds every string of the source, has kept the gaps, and is compiled as it is written."""

from __future__ import annotations

import ast
import gettext
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.template.base import Lexer, TokenType
from django.test import Client
from django.urls import reverse
from django.utils.text import smart_split
from django.utils.translation import override

from qingyuan.foundation import clock
from tests.cast import City
from tests.web.pages import browser_of, text_of

FOLDER = Path(settings.PACKAGE) / "locale" / "en" / "LC_MESSAGES"
CONTEXT = "\x04"
GAP = re.compile(r"%\(\w+\)0?\d*[sd]|%%|</?[a-z][^>]*>")
LINE = re.compile(r'(?:(msg\S+) )?(".*")')
INLINE = re.compile(r"""_\(("[^"]*"|'[^']*')\)""")
HAN = re.compile(r"[一-鿿]")
MARKERS = {"_", "gettext", "gettext_lazy", "gettext_noop", "pgettext"}

# Han characters may stand in English only as what a person types or reads in a workbook, or as a place's own name.
KEPT_CHINESE = re.compile(r"“[^”]*”|、|\d+(\.\d+)?(克|公斤)|2022年9月3日|李秀|王平|云岭市|禁毒法|戒毒条例")

# Words of the frame and of the pages below; none may be left on an English page.
UI_WORDS = (
    "登录 口令 演示账号 跳到正文 禁毒工作平台 主导航 范围 时期 修改口令 退出 今天 指标分解 责任状 审计日志 等我办 等别人办 "
    "没有等您办的事 打开台账 签字页 按文号排列 得分图 此刻得分 失分最多 未登记 关闭"
).split()


@dataclass
class Entry:
    """One message: ``key`` as the compiled file has it, and its texts by plural form."""

    parts: dict[str, str] = field(default_factory=dict)
    fuzzy: bool = False

    @property
    def source(self) -> str:
        return self.parts["msgid"]

    @property
    def key(self) -> str:
        return f"{self.parts['msgctxt']}{CONTEXT}{self.source}" if "msgctxt" in self.parts else self.source

    @property
    def texts(self) -> dict[int | None, str]:
        found = ((name, text) for name, text in self.parts.items() if name.startswith("msgstr"))
        return {None if name == "msgstr" else int(name[7:-1]): text for name, text in found}


def entries() -> list[Entry]:
    """Every message of django.po but its header."""
    found = []
    for block in (FOLDER / "django.po").read_text(encoding="utf-8").split("\n\n"):
        entry, name = Entry(), ""
        for line in block.splitlines():
            if not line or line.startswith("#"):
                entry.fuzzy = entry.fuzzy or (line.startswith("#,") and "fuzzy" in line)
                continue
            keyword, quoted = LINE.fullmatch(line).groups()  # type: ignore[union-attr]
            name = keyword or name
            entry.parts[name] = entry.parts.get(name, "") + json.loads(quoted)
        if entry.parts.get("msgid"):
            found.append(entry)
    return found


ENTRIES = entries()


def called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def marked_in_python(path: Path) -> Iterator[str]:
    """What a module hands to gettext, as keys of the catalogue."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or called(node) not in MARKERS:
            continue
        words = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if words:
            yield CONTEXT.join(words[:2]) if called(node) == "pgettext" else words[0]


def marked_in_template(path: Path) -> Iterator[str]:
    """What a template translates: ``translate`` tags and ``blocktranslate`` blocks with gaps for their variables."""
    block: list[str] | None = None
    for token in Lexer(path.read_text(encoding="utf-8")).tokenize():
        name = token.contents.split(" ", 1)[0]
        if token.token_type in (TokenType.BLOCK, TokenType.VAR):
            yield from (words[1:-1] for words in INLINE.findall(token.contents))
        if token.token_type == TokenType.BLOCK and name == "translate":
            yield list(smart_split(token.contents))[1][1:-1].replace("%", "%%")
        elif token.token_type == TokenType.BLOCK and name == "blocktranslate":
            block = []
        elif token.token_type == TokenType.BLOCK and name in ("plural", "endblocktranslate") and block is not None:
            yield "".join(block)
            block = [] if name == "plural" else None
        elif block is not None and token.token_type == TokenType.VAR:
            block.append(f"%({token.contents})s")
        elif block is not None and token.token_type == TokenType.TEXT:
            block.append(token.contents.replace("%", "%%"))


def marked() -> dict[str, Path]:
    """Every Chinese string of the source that is to be translated → a file that has it."""
    found: dict[str, Path] = {}
    for pattern, reader in (("*.py", marked_in_python), ("*.html", marked_in_template)):
        for path in Path(settings.PACKAGE).rglob(pattern):
            found |= {key: path for key in reader(path) if HAN.search(key)}
    return found


def in_english(browser: Client, name: str) -> HttpResponse:
    return browser.get(reverse(f"web:{name}"), headers={"accept-language": "en"})


def left_over(response: HttpResponse) -> list[str]:
    words = text_of(response)
    return [word for word in UI_WORDS if word in words]


def test_the_census_of_the_source_sees_both_kinds_of_file() -> None:
    files = {path.suffix for path in marked().values()}
    assert files == {".py", ".html"} and len(marked()) > 1000


def test_every_marked_chinese_string_is_in_the_catalogue() -> None:
    known = {entry.key for entry in ENTRIES} | {entry.parts.get("msgid_plural", "") for entry in ENTRIES}
    missing = [f"{path.name}: {key}" for key, path in marked().items() if key not in known]
    assert missing == [], "python3 run.py messages"


def test_the_catalogue_holds_nothing_the_source_no_longer_says() -> None:
    said = marked()
    assert [entry.key for entry in ENTRIES if HAN.search(entry.key) and entry.key not in said] == []


def test_every_message_has_its_english_and_none_is_a_guess() -> None:
    assert [entry.source for entry in ENTRIES if not all(entry.texts.values()) or not entry.texts] == []
    assert [entry.source for entry in ENTRIES if entry.fuzzy] == []


def test_no_message_stands_twice() -> None:
    keys = [entry.key for entry in ENTRIES]
    assert len(keys) == len(set(keys))


def test_english_has_the_gaps_of_the_chinese() -> None:
    def gaps(text: str) -> set[str]:
        return {re.sub(r"0?\d(?=[sd]$)", "", gap) if gap.startswith("%(") else gap for gap in GAP.findall(text)}

    wrong = [
        (entry.source, text) for entry in ENTRIES for text in entry.texts.values() if gaps(text) != gaps(entry.source)
    ]
    assert wrong == []


def test_english_keeps_the_space_a_fragment_starts_with_or_none() -> None:
    """Fragments of a sentence are put together as they are: one that starts with a comma must not start with a space."""
    wrong = [text for entry in ENTRIES for text in entry.texts.values() if text.startswith((" ,", " ;", " :", " ."))]
    assert wrong == []


def test_english_holds_chinese_only_where_a_person_types_or_reads_it() -> None:
    wrong = [text for entry in ENTRIES for text in entry.texts.values() if HAN.search(KEPT_CHINESE.sub("", text))]
    assert wrong == []


def test_the_compiled_catalogue_is_the_written_one() -> None:
    with (FOLDER / "django.mo").open("rb") as compiled:
        catalogue = gettext.GNUTranslations(compiled)._catalog  # type: ignore[attr-defined]
    written = {
        entry.key if form is None else (entry.key, form): text
        for entry in ENTRIES
        for form, text in entry.texts.items()
    }
    assert {key: text for key, text in catalogue.items() if key != ""} == written


def test_the_sign_in_page_is_english_for_an_english_browser() -> None:
    response = in_english(Client(), "sign-in")
    assert "Password" in text_of(response) and left_over(response) == []


@pytest.mark.parametrize("who", ["caseworker", "supervisor", "clerk"])
@pytest.mark.parametrize("name", ["today", "letters", "profile"])
def test_pages_leave_no_chinese_of_ours_to_an_english_reader(city: City, who: str, name: str) -> None:
    response = in_english(browser_of(city, who), name)
    assert response.status_code == 200 and left_over(response) == []


def test_the_day_is_written_as_the_language_writes_it(city: City) -> None:
    browser, day = browser_of(city, "caseworker"), clock.today()
    assert "Wednesday, 23 November" in text_of(in_english(browser, "today")), day
    assert "11月23日 星期三" in text_of(browser.get(reverse("web:today")))


def test_the_switch_changes_the_language_and_back() -> None:
    browser = Client()
    page = reverse("web:sign-in")
    assert "口令" in text_of(browser.get(page))
    for language, word in (("en", "Password"), ("zh-hans", "口令")):
        answer = browser.post(reverse("web:language"), {"language": language, "next": page})
        assert answer.status_code == 302 and answer["Location"] == page
        assert word in text_of(browser.get(page))


def test_a_language_we_do_not_have_is_answered_in_chinese() -> None:
    response = Client().get(reverse("web:sign-in"), headers={"accept-language": "fr"})
    assert "口令" in text_of(response)


def test_an_official_circular_is_chinese_whoever_makes_it(city: City) -> None:
    browser = browser_of(city, "clerk")
    address = reverse("web:situation-circular", args=["docx"])
    with override("en"):
        answer = browser.get(address, headers={"accept-language": "en"})
    assert answer.status_code == 200
    assert "utf-8''" in answer["Content-Disposition"] and "Circular" not in answer["Content-Disposition"]
