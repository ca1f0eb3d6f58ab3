"""The template of a ledger: what people download, fill in and import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from django.utils.translation import gettext as _

from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.reading.spec import ColumnSpec
from qingyuan.ledgers.reading.text import letters
from qingyuan.ledgers.sheets.export import finish, set_page, write_titles
from qingyuan.ledgers.sheets.styles import LINE_HEIGHT, PALETTE, Book, Target
from qingyuan.ledgers.sheets.values import NUMBER_KINDS, column_width, header_texts, lines_of, sheet_name

READY_ROWS: Final = 2_000
_HELP_WIDTHS: Final = (20, 8, 44, 24, 40)
_LONGEST_PROMPT: Final = 255
_LONGEST_PROMPT_TITLE: Final = 32
SERIAL_HEADER: Final = "序号"  # these two words are read back by the import, in any language
EXAMPLE_WORD: Final = "示例"
_SERIAL_WIDTH: Final = 7


class TemplateColumn(ColumnSpec, Protocol):
    """A column with what helps a person fill it in."""

    @property
    def help(self) -> str: ...

    @property
    def example(self) -> str: ...


def write_template(
    target: Target,
    *,
    title: str,
    columns: Sequence[TemplateColumn],
    choices: Mapping[str, Sequence[str]] | None = None,
    notice: str = "",
    instructions: Sequence[str] = (),
) -> None:
    """Writes a workbook of three sheets: the table to fill in, how to fill it in, and the lists to choose from.

    ``choices``: per column name the words of its drop-down list. ``instructions``: sentences put first on the second
    sheet. The line of examples is marked 示例 and left out on import.
    """
    choices = choices or {}
    with Book(target) as book:
        data = book.workbook.add_worksheet(sheet_name(title))
        ranges = _reserve_lists(columns, choices)
        _write_table(book, data, title, columns, notice, ranges)
        _write_help(book, columns, choices, instructions)
        _write_lists(book, columns, choices)
        data.activate()


def _write_table(
    book: Book, sheet: Any, title: str, columns: Sequence[TemplateColumn], notice: str, ranges: Mapping[str, str]
) -> None:
    hint = _("红色栏目必填;“示例”一行导入时不读,可删可留;一行一条,不要合并单元格。")
    header_row = write_titles(book, sheet, title, f"{notice}  {hint}" if notice else hint, len(columns) + 1)
    sheet.set_row(header_row, 34)
    sheet.set_column(0, 0, _SERIAL_WIDTH, book.format(align="center"))
    sheet.write_string(header_row, 0, SERIAL_HEADER, book.header())
    sheet.write_string(header_row + 1, 0, EXAMPLE_WORD, _example(book, Kind.TEXT))
    for index, (column, header) in enumerate(zip(columns, header_texts(columns), strict=True), start=1):
        text = f"{header}*" if column.required else header
        sheet.set_column(index, index, column_width(column, text, [column.example or None]), _input(book, column.kind))
        sheet.write_string(header_row, index, text, book.header(required=column.required))
        sheet.write_string(header_row + 1, index, column.example, _example(book, column.kind))
        _validate(sheet, header_row + 2, index, column, ranges.get(column.name, ""))
    finish(sheet, header_row, header_row + 1, len(columns) + 1)


def _input(book: Book, kind: Kind) -> Any:
    """Cells to fill in: text for everything but plain numbers, so that Excel changes neither numbers of people nor
    dates. Masses are text too: people write them with their unit."""
    plain = kind in {Kind.INTEGER, Kind.DECIMAL}
    return book.format() if plain else book.format(num_format="@")


def _example(book: Book, kind: Kind) -> Any:
    plain = {} if kind in NUMBER_KINDS else {"num_format": "@"}
    return book.format(font_color=PALETTE["quiet"], bg_color=PALETTE["example"], **plain)


def _validate(sheet: Any, first_row: int, index: int, column: TemplateColumn, source: str) -> None:
    """A drop-down where there is a list, and the help beside the cell. Other words may be typed: the import asks."""
    prompt = column.help or _how(column)
    rule: dict[str, Any] = {
        "validate": "any",
        "input_title": column.header[:_LONGEST_PROMPT_TITLE],
        "input_message": prompt[:_LONGEST_PROMPT],
    }
    if source:
        rule |= {
            "validate": "list",
            "source": source,
            "error_type": "warning",
            "error_title": _("不在列表里"),
            "error_message": _("最好从列表里选。仍要这样填,导入时会请您核对。"),
        }
    sheet.data_validation(first_row, index, first_row + READY_ROWS, index, rule)


def _how(column: ColumnSpec) -> str:
    """How to fill in a column, by its kind."""
    ways = {
        Kind.DATE: _("写年月日,如 2022-09-03 或 2022年9月3日"),
        Kind.ID_NUMBER: _("18 位,本列已设为文本,请逐位核对"),
        Kind.QUANTITY: _("连单位一起写,如 350克、1.2公斤;只写数字的按克"),
        Kind.INTEGER: _("只填整数"),
        Kind.DECIMAL: _("只填数字"),
        Kind.CODE: _("从下拉列表选"),
        Kind.BOOLEAN: _("填“是”或“否”"),
        Kind.STAFF: _("姓名之间用顿号隔开,如 李秀、王平"),
        Kind.PERSON_NAME: _("一格一人,写全名"),
        Kind.PHONE: _("11 位手机号,或带区号的座机号"),
        Kind.DIVISION: _("写乡镇(街道)或村(社区)全称"),
        Kind.UNIT: _("写单位全称"),
    }
    if column.month_enough:
        return _("写到月,如 2022-09 或 2022年9月")
    return ways.get(column.kind, _("按实际情况填写"))


def _listed(columns: Sequence[TemplateColumn], choices: Mapping[str, Sequence[str]]) -> list[TemplateColumn]:
    return [column for column in columns if choices.get(column.name)]


def _lists_name() -> str:
    return sheet_name(_("可选项"))


def _reserve_lists(columns: Sequence[TemplateColumn], choices: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Per column the range its list will stand in; Excel holds long lists only as a range."""
    ranges = {column.name: "" for column in columns}
    for index, column in enumerate(_listed(columns, choices)):
        letter, last = letters(index), len(choices[column.name]) + 1
        ranges[column.name] = f"='{_lists_name()}'!${letter}$2:${letter}${last}"
    yes_no = ",".join((_("是"), _("否")))
    for column in columns:
        if column.kind == Kind.BOOLEAN and not ranges[column.name]:
            ranges[column.name] = f'"{yes_no}"'
    return ranges


def _write_lists(book: Book, columns: Sequence[TemplateColumn], choices: Mapping[str, Sequence[str]]) -> None:
    listed = _listed(columns, choices)
    if not listed:
        return
    sheet = book.workbook.add_worksheet(_lists_name())
    for index, column in enumerate(listed):
        sheet.write_string(0, index, column.header, book.header())
        sheet.set_column(index, index, column_width(column, column.header, list(choices[column.name])))
        for row, word in enumerate(choices[column.name], start=1):
            sheet.write_string(row, index, word, book.body(Kind.TEXT))
    sheet.freeze_panes(1, 0)


def _write_help(
    book: Book, columns: Sequence[TemplateColumn], choices: Mapping[str, Sequence[str]], instructions: Sequence[str]
) -> None:
    sheet = book.workbook.add_worksheet(sheet_name(_("填写说明")))
    wrapped = book.format(text_wrap=True)
    for row, sentence in enumerate(instructions):
        sheet.merge_range(row, 0, row, 4, "", wrapped)
        sheet.write_string(row, 0, sentence, wrapped)
    top = len(instructions) + 1 if instructions else 0
    headings = (_("栏目"), _("要求"), _("怎么填"), _("例子"), _("也认这些写法"))
    for index, (heading, width) in enumerate(zip(headings, _HELP_WIDTHS, strict=True)):
        sheet.set_column(index, index, width)
        sheet.write_string(top, index, heading, book.header())
    for row, column in enumerate(columns, start=top + 1):
        listed = choices.get(column.name, ())
        how = column.help or _how(column)
        if listed:
            how += _(":") + "、".join(listed[:12]) + (_(" 等") if len(listed) > 12 else "")
        texts = (
            column.header,
            _("必填") if column.required else _("选填"),
            how,
            column.example,
            "、".join(column.aliases),
        )
        sheet.set_row(
            row, LINE_HEIGHT * max(lines_of(text, width) for text, width in zip(texts, _HELP_WIDTHS, strict=True))
        )
        for index, text in enumerate(texts):
            sheet.write_string(row, index, text, book.body(Kind.LONG_TEXT))
    sheet.freeze_panes(top + 1, 0)
    set_page(sheet, top)
