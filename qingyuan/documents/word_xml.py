"""The few pieces of Word's XML that python-docx does not reach: East Asian faces, rules, fields, floating parts."""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Mm, Pt

from qingyuan.documents import sheet

LATIN_FACE = "Times New Roman"
_WPS = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
# Child order that Word insists on inside w:pPr and w:rPr; python-docx keeps it for what it sets itself.
_PPR_ORDER = (
    "w:pStyle w:keepNext w:keepLines w:pageBreakBefore w:framePr w:widowControl w:numPr w:suppressLineNumbers w:pBdr "
    "w:shd w:tabs w:suppressAutoHyphens w:kinsoku w:wordWrap w:overflowPunct w:topLinePunct w:autoSpaceDE w:autoSpaceDN "
    "w:bidi w:adjustRightInd w:snapToGrid w:spacing w:ind w:contextualSpacing w:mirrorIndents w:suppressOverlap w:jc "
    "w:textDirection w:textAlignment w:textboxTightWrap w:outlineLvl w:divId w:cnfStyle w:rPr w:sectPr w:pPrChange"
).split()


_TBLPR_ORDER = (
    "w:tblStyle w:tblpPr w:tblOverlap w:bidiVisual w:tblStyleRowBandSize w:tblStyleColBandSize w:tblW w:jc "
    "w:tblCellSpacing w:tblInd w:tblBorders w:shd w:tblLayout w:tblCellMar w:tblLook w:tblCaption w:tblDescription"
).split()


def element(tag: str, **attributes: object) -> Any:
    """A `w:` element with `w:` attributes."""
    made: Any = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def put(parent: Any, child: Any) -> None:
    """Set a child of w:pPr or w:tblPr in the place Word expects, replacing one of the same name."""
    for old in parent.findall(child.tag):
        parent.remove(old)
    order = [qn(name) for name in (_TBLPR_ORDER if parent.tag == qn("w:tblPr") else _PPR_ORDER)]
    rank = order.index(child.tag)
    later = next((one for one in parent if one.tag in order and order.index(one.tag) > rank), None)
    if later is None:
        parent.append(child)
    else:
        later.addprevious(child)


def set_faces(properties: Any, face: str, *, latin: str = LATIN_FACE) -> None:
    """Name the faces of a run or style; the hint makes “ ” … — take the Chinese face, not the Latin one."""
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    fonts = element("rFonts", hint="eastAsia", ascii=latin, hAnsi=latin, eastAsia=face, cs=latin)
    # rStyle alone may stand before rFonts.
    first = next((one for one in properties if one.tag != qn("w:rStyle")), None)
    if first is None:
        properties.append(fonts)
    else:
        first.addprevious(fonts)


def indent(properties: Any, *, first_chars: int = 0, first_pt: float = 0.0) -> None:
    """First-line indent in characters (hundredths), with the length in points for programs that only know lengths."""
    put(properties, element("ind", firstLineChars=first_chars, firstLine=round(first_pt * 20)))


def red_rule(properties: Any, side: str, *, kind: str = "single", eighths: int = 12, gap_pt: int = 0) -> None:
    """A red rule along one side of a paragraph; `eighths` is its weight in eighths of a point."""
    made = element("pBdr")
    made.append(element(side, val=kind, sz=eighths, space=gap_pt, color=sheet.RED))
    put(properties, made)


def field(run: Any, code: str) -> None:
    """A field such as PAGE inside a run."""
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("text", "1"), ("end", "")):
        if kind == "":
            child = element("instrText")
            child.set(qn("xml:space"), "preserve")
            child.text = f" {text} "
        elif kind == "text":
            child = element("t")
            child.text = text
        else:
            child = element("fldChar", fldCharType=kind)
        run.append(child)


def cell_margins(table: Any, *, x_pt: float, y_pt: float) -> None:
    margins = element("tblCellMar")
    for side, points in (("top", y_pt), ("left", x_pt), ("bottom", y_pt), ("right", x_pt)):
        margins.append(element(side, w=round(points * 20), type="dxa"))
    put(table._tbl.tblPr, margins)


def table_rules(table: Any, **sides: int) -> None:
    """Rules of a table by side, in eighths of a point; a side left out has none."""
    made = element("tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        if side in sides:
            made.append(element(side, val="single", sz=sides[side], space=0, color="000000"))
        else:
            made.append(element(side, val="nil"))
    put(table._tbl.tblPr, made)


def hang_at_foot(carrier: Any, table: Any, *, width_mm: float, height_pt: float) -> None:
    """Hang a table at the foot of the text area of the page on which the paragraph ``carrier`` stands.

    In a text box, not as a floating table: LibreOffice leaves a floating table as wide as the text where the text ends.
    """
    box: Any = parse_xml(
        f'<w:r {nsdecls("w", "wp", "a")} xmlns:wps="{_WPS}"><w:drawing><wp:anchor distT="88900" distB="0" distL="0" '
        'distR="0" simplePos="0" relativeHeight="3" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="0">'
        '<wp:simplePos x="0" y="0"/>'
        '<wp:positionH relativeFrom="margin"><wp:align>center</wp:align></wp:positionH>'
        '<wp:positionV relativeFrom="margin"><wp:align>bottom</wp:align></wp:positionV>'
        f'<wp:extent cx="{Mm(width_mm)}" cy="{Pt(height_pt)}"/><wp:effectExtent l="0" t="0" r="0" b="0"/>'
        '<wp:wrapTopAndBottom/><wp:docPr id="7001" name="版记" descr="版记"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic><a:graphicData uri="{_WPS}"><wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="{Mm(width_mm)}" cy="{Pt(height_pt)}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        "<a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr><wps:txbx><w:txbxContent/></wps:txbx>"
        '<wps:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="b"><a:noAutofit/></wps:bodyPr>'
        "</wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></w:r>"
    )
    content = next(box.iter(qn("w:txbxContent")))
    content.append(table._tbl)
    # Word wants a paragraph after a table; it takes no room.
    last: Any = parse_xml(
        f'<w:p {nsdecls("w")}><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr></w:p>'
    )
    content.append(last)
    carrier._p.append(box)


def hint_chinese(run: Any) -> None:
    """Say that “ ” … — · in this run are Chinese; Word listens to this on the run only."""
    properties = run._r.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = element("rFonts")
        properties.insert(0, fonts)
    fonts.set(qn("w:hint"), "eastAsia")


def hang_picture(inline: Any, *, top_mm: float, left_mm: float) -> None:
    """Turn an inline picture into one hanging at `top_mm` from the page's upper edge, `left_mm` from the text's."""
    width, height = inline.extent.cx, inline.extent.cy
    inline.docPr.set("descr", "核验二维码")
    anchor: Any = parse_xml(
        f'<wp:anchor {nsdecls("wp", "a", "pic", "r")} distT="0" distB="0" distL="0" distR="0" simplePos="0" '
        'relativeHeight="2" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1">'
        '<wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="margin"><wp:posOffset>{Mm(left_mm)}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{Mm(top_mm)}</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="{Emu(width)}" cy="{Emu(height)}"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
        "</wp:anchor>"
    )
    for child in (inline.docPr, inline.find(qn("wp:cNvGraphicFramePr")), inline.graphic):
        if child is not None:
            anchor.append(child)
    inline.getparent().replace(inline, anchor)


def exact(paragraph_format: Any, points: float) -> None:
    """Fixed line pitch, to the twentieth of a point."""
    paragraph_format.line_spacing = Pt(points)
