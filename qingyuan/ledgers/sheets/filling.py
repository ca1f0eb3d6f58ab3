"""Filling another office's workbook: their file, our figures. Only the cells written to and the sheet of sources are ours.

The sheet's XML is changed in place, so styles, merges, pictures, other sheets and the form's own formulas stay as they came.
openpyxl would write the whole file anew and lose what it does not know.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from lxml import etree

from qingyuan.documents.blank import Annex, Entry
from qingyuan.foundation.office_package import CONTENT_TYPES, OFFICE, RELS, TYPES, Package, relations_part, xml_text
from qingyuan.ledgers.reading.blank import MAIN, NS, open_form, position, reference, sheets
from qingyuan.ledgers.sheets.values import display_width, sheet_name

_XML_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_SHEET_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_SHEET_RELATION: Final = f"{OFFICE}/worksheet"
_HUNDRED: Final = Decimal(100)
_NARROWEST, _WIDEST = 8, 48
_LONGEST_TEXT: Final = 32_000


def fill_workbook(data: bytes, entries: Mapping[str, Entry], annex: Annex, filename: str = "") -> bytes:
    """``data`` with ``entries`` (by address) written and ``annex`` as a further sheet; equal input gives equal bytes.

    A cell's formula goes only where an entry takes its place. Stored results of the other formulas are dropped: they were
    of the empty form, and the office's program computes them on opening. Raises PackageRefused.
    """
    package = open_form(data, filename)
    by_sheet: dict[int, dict[str, Entry]] = {}
    for address, entry in entries.items():
        number, _mark, place = address.partition("!")
        by_sheet.setdefault(int(number), {})[place] = entry
    lost_formula = False
    for sheet, _seen in sheets(package):
        root = package.parse(sheet.part)
        written = by_sheet.get(sheet.number, {})
        lost_formula |= _write(root, written)
        stale = _drop_results(root) if entries else False
        if written or stale:
            package.replace(sheet.part, root)
    if lost_formula:
        _drop_calculation_chain(package)
    _compute_on_opening(package)
    _add_sheet(package, annex)
    return package.save()


def _write(root: Any, entries: Mapping[str, Entry]) -> bool:
    """Write the cells; true when a formula had to go."""
    if not entries:
        return False
    data = root.find(f"{NS}sheetData")
    rows = {int(row.get("r", "0")): row for row in data.iterfind(f"{NS}row")}
    lost = False
    for place, entry in sorted(entries.items(), key=lambda item: position(item[0])):
        number, column = position(place)
        cell = _cell(_row(data, rows, number + 1), place, column)
        lost |= cell.find(f"{NS}f") is not None
        _put(cell, entry)
    return lost


def _row(data: Any, rows: dict[int, Any], number: int) -> Any:
    row = rows.get(number)
    if row is None:
        row = etree.Element(f"{NS}row", r=str(number))
        numbers = [int(one.get("r", "0")) for one in data.iterfind(f"{NS}row")]
        data.insert(bisect_left(numbers, number), row)
        rows[number] = row
    return row


def _cell(row: Any, place: str, column: int) -> Any:
    cells = list(row.iterfind(f"{NS}c"))
    for cell in cells:
        if cell.get("r") == place:
            return cell
    made = etree.Element(f"{NS}c", r=place)
    if row.get("customFormat") in {"1", "true"} and row.get("s"):
        made.set("s", row.get("s"))
    row.insert(bisect_left([position(cell.get("r", ""))[1] for cell in cells], column), made)
    row.attrib.pop("spans", None)
    return made


def _put(cell: Any, entry: Entry) -> None:
    for child in list(cell):
        if child.tag in {f"{NS}f", f"{NS}v", f"{NS}is"}:
            cell.remove(child)
    cell.attrib.pop("t", None)
    cell.attrib.pop("cm", None)
    if entry.number is not None:
        number = entry.number / _HUNDRED if entry.percent else entry.number
        etree.SubElement(cell, f"{NS}v").text = format(number, "f")
        return
    cell.set("t", "inlineStr")
    _text_of(etree.SubElement(cell, f"{NS}is"), entry.text)


def _text_of(parent: Any, text: str) -> None:
    node = etree.SubElement(parent, f"{NS}t")
    node.text = _clean(text)
    node.set(_XML_SPACE, "preserve")


def _drop_results(root: Any) -> bool:
    dropped = False
    for cell in root.iterfind(f"{NS}sheetData/{NS}row/{NS}c"):
        value = cell.find(f"{NS}v")
        if value is not None and cell.find(f"{NS}f") is not None:
            cell.remove(value)
            cell.attrib.pop("t", None)
            dropped = True
    return dropped


def _drop_calculation_chain(package: Package) -> None:
    """The list of formulas to compute; a program makes it anew, and one that names a cell without formula is damage."""
    main = package.main_part()
    name = next((part for part in package.relations(main).values() if part.lower().endswith("calcchain.xml")), "")
    if not name:
        return
    links = package.parse(relations_part(main))
    for one in list(links.iterfind(f"{{{RELS}}}Relationship")):
        if one.get("Type", "").endswith("/calcChain"):
            links.remove(one)
    package.replace(relations_part(main), links)
    types = package.parse(CONTENT_TYPES)
    for one in list(types.iterfind(f"{{{TYPES}}}Override")):
        if one.get("PartName", "").lstrip("/") == name:
            types.remove(one)
    package.replace(CONTENT_TYPES, types)
    package.remove(name)


_BEFORE_CALC: Final = (
    "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups externalReferences definedNames"
).split()


def _compute_on_opening(package: Package) -> None:
    main = package.main_part()
    root = package.parse(main)
    calc = root.find(f"{NS}calcPr")
    if calc is None:
        calc = etree.Element(f"{NS}calcPr")
        last = [one for one in root if one.tag in {f"{NS}{name}" for name in _BEFORE_CALC}][-1]
        last.addnext(calc)
    calc.set("fullCalcOnLoad", "1")
    package.replace(main, root)


def _add_sheet(package: Package, annex: Annex) -> None:
    main = package.main_part()
    root = package.parse(main)
    listed = root.find(f"{NS}sheets")
    names = {one.get("name", "").lower() for one in listed}
    ids = [int(one.get("sheetId", "0")) for one in listed]
    folder = main.rsplit("/", 1)[0] if "/" in main else ""
    part = _free((f"{folder}/worksheets/sheet{n}.xml" for n in range(1, 10_000)), package.names)
    links = package.parse(relations_part(main))
    relation = _free((f"rIdSources{n}" for n in range(1, 10_000)), [one.get("Id", "") for one in links])
    etree.SubElement(
        links, f"{{{RELS}}}Relationship", Id=relation, Type=_SHEET_RELATION, Target=f"/{part}"
    )
    package.replace(relations_part(main), links)
    etree.SubElement(
        listed,
        f"{NS}sheet",
        {
            "name": _free(_names(sheet_name(annex.title)), names, lower=True),
            "sheetId": str(max(ids, default=0) + 1),
            f"{{{OFFICE}}}id": relation,
        },
    )
    package.replace(main, root)
    types = package.parse(CONTENT_TYPES)
    etree.SubElement(types, f"{{{TYPES}}}Override", PartName=f"/{part}", ContentType=_SHEET_TYPE)
    package.replace(CONTENT_TYPES, types)
    package.add(part, _annex_sheet(annex))


def _names(title: str) -> Iterable[str]:
    yield title
    yield from (f"{title[:27]} {number}" for number in range(2, 1000))


def _free(wanted: Iterable[str], taken: Iterable[str], *, lower: bool = False) -> str:
    used = set(taken)
    return next(name for name in wanted if (name.lower() if lower else name) not in used)


def _annex_sheet(annex: Annex) -> Any:
    """A plain sheet in the workbook's own default style: adding styles would change the office's styles part."""
    lines: list[tuple[str, ...]] = [(annex.title,), *((note,) for note in annex.notes)]
    for table in annex.tables:
        lines += [(), *([(table.title,)] if table.title else []), table.header, *table.rows]
    root = etree.Element(f"{NS}worksheet", nsmap={None: MAIN})
    properties = etree.SubElement(root, f"{NS}sheetPr")
    etree.SubElement(properties, f"{NS}pageSetUpPr", fitToPage="1")
    _columns(root, annex)
    data = etree.SubElement(root, f"{NS}sheetData")
    for number, line in enumerate(lines):
        row = etree.SubElement(data, f"{NS}row", r=str(number + 1))
        for column, text in enumerate(line):
            cell = etree.SubElement(row, f"{NS}c", r=reference(number, column), t="inlineStr")
            _text_of(etree.SubElement(cell, f"{NS}is"), text)
    etree.SubElement(root, f"{NS}pageSetup", paperSize="9", orientation="landscape", fitToHeight="0")
    return root


def _columns(root: Any, annex: Annex) -> None:
    """Wide enough for the first table; the texts of the others may run over."""
    first = annex.tables[0] if annex.tables else None
    if first is None:
        return
    columns = etree.SubElement(root, f"{NS}cols")
    for index in range(len(first.header)):
        widest = max(display_width(row[index]) for row in (first.header, *first.rows))
        width, number = min(max(widest + 2, _NARROWEST), _WIDEST), str(index + 1)
        etree.SubElement(columns, f"{NS}col", min=number, max=number, width=str(width), customWidth="1")


def _clean(text: str) -> str:
    """What XML can hold, and no more than a cell can."""
    return xml_text(text)[:_LONGEST_TEXT]
