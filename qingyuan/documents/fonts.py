"""Faces that PDFs are set in, and whether they hold every character of a document.

The set-up puts Noto Serif SC (regular and bold, OFL) into `fonts/`. With those alone a document comes out equal on
every machine. An office that owns 仿宋 and 小标宋 may say `use_system=True`; what those lack falls back to Noto.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import typst
from fontTools.ttLib import TTCollection, TTFont

BUNDLED_FOLDER = Path(__file__).parent / "fonts"
BUNDLED_FAMILY = "Noto Serif SC"
_ENDINGS = frozenset({".ttf", ".otf", ".ttc", ".otc"})

# In order of preference; only those that the machine really has are named to Typst.
_WANTED: dict[str, tuple[str, ...]] = {
    "fang": ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong", "FZFangSong-Z02"),
    "hei": ("SimHei", "黑体", "STHeiti", "FZHei-B01"),
    "kai": ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti", "FZKai-Z03"),
    "song": ("SimSun", "宋体", "STSong", "FZShuSong-Z01"),
    "title": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", "STZhongsong", "华文中宋"),
}


class FontsMissing(RuntimeError):
    """There is no face to set a PDF in."""


class MissingGlyphs(ValueError):
    """Characters that no face at hand can print. `characters` lists each once, in order of appearance."""

    def __init__(self, characters: Iterable[str]) -> None:
        self.characters = tuple(characters)
        shown = "、".join(f"“{char}”（U+{ord(char):04X}）" for char in self.characters[:10])
        more = f"等 {len(self.characters)} 个字" if len(self.characters) > 10 else ""
        super().__init__(
            f"现有字体印不出：{shown}{more}。请核对是否用了造字或罕用符号，改用标准字；"
            "确为人名用字的，请管理员把含有该字的字体文件放入 documents/fonts 后重试，或先导出 Word 版。"
        )


@dataclass(frozen=True, slots=True)
class FontChoice:
    """Where faces come from. `use_system` also takes the official faces that the machine happens to have."""

    folder: Path = BUNDLED_FOLDER
    use_system: bool = False


BUNDLED = FontChoice()


def font_files(choice: FontChoice = BUNDLED) -> tuple[Path, ...]:
    """Font files of the folder, sorted by name; empty before the set-up has run."""
    if not choice.folder.is_dir():
        return ()
    return tuple(sorted(path for path in choice.folder.iterdir() if path.suffix.lower() in _ENDINGS))


def require_fonts(choice: FontChoice = BUNDLED) -> tuple[Path, ...]:
    """The font files.

    Raises FontsMissing when there are none.
    """
    files = font_files(choice)
    if not files:
        raise FontsMissing(
            "没有找到排版字体，暂时不能生成 PDF。请在项目目录运行 python3 run.py setup 取得字体后重试；Word 版不受影响。"
        )
    return files


def families(choice: FontChoice = BUNDLED) -> dict[str, list[str]]:
    """Families to set each role in (fang, hei, kai, song, title), best first, always ending in a bundled one."""
    require_fonts(choice)
    ours = _typst_fonts(choice.folder, False).families()
    fallback = [BUNDLED_FAMILY] if BUNDLED_FAMILY in ours else []
    fallback += [family for family in sorted(ours) if family != BUNDLED_FAMILY]
    present = set(_typst_fonts(choice.folder, True).families()) if choice.use_system else set()
    return {role: [name for name in wanted if name in present] + fallback for role, wanted in _WANTED.items()}


def typst_fonts(choice: FontChoice) -> typst.Fonts:
    """The faces as Typst takes them; Typst's own Latin faces are left out so that nothing falls back to them."""
    require_fonts(choice)
    return _typst_fonts(choice.folder, choice.use_system)


@functools.lru_cache(maxsize=8)
def _typst_fonts(folder: Path, use_system: bool) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=use_system, include_embedded_fonts=False, font_paths=[folder])


def missing_glyphs(text: str, choice: FontChoice = BUNDLED) -> tuple[str, ...]:
    """Characters of the text that no file of the folder holds, each once, in order of appearance."""
    held: set[int] = set()
    for path in require_fonts(choice):
        held |= _coverage(path, path.stat().st_mtime_ns)
    return tuple(char for char in dict.fromkeys(text) if ord(char) not in held and not char.isspace())


def check_glyphs(texts: Iterable[str], choice: FontChoice = BUNDLED) -> None:
    """Raises MissingGlyphs when a character of the texts cannot be printed."""
    missing = missing_glyphs("".join(texts), choice)
    if missing:
        raise MissingGlyphs(missing)


@functools.lru_cache(maxsize=32)
def _coverage(path: Path, _changed: int) -> frozenset[int]:
    """Code points that a font file holds; the time of change is part of the key so that a new file is read anew."""
    if path.suffix.lower() in {".ttc", ".otc"}:
        with TTCollection(str(path), lazy=True) as collection:
            return frozenset().union(*(font.getBestCmap() or {} for font in collection.fonts))
    with TTFont(str(path), lazy=True) as font:
        return frozenset(font.getBestCmap() or {})
