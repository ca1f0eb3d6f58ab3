"""Measures of the sheet, from GB/T 9704-2012 (党政机关公文格式), shared by Word and PDF.

Lengths in millimetres end in _MM, type sizes and pitches in points end in _PT. The standard gives 22 lines of
28 characters on 156 × 225 mm; line and character pitch follow from that.
"""

from __future__ import annotations

from typing import Final

PT_PER_MM: Final = 72 / 25.4

PAGE_WIDTH_MM: Final = 210.0
PAGE_HEIGHT_MM: Final = 297.0
MARGIN_TOP_MM: Final = 37.0  # 天头, 5.2.1
MARGIN_LEFT_MM: Final = 28.0  # 订口, 5.2.1
TEXT_WIDTH_MM: Final = 156.0  # 版心, 5.2.1
TEXT_HEIGHT_MM: Final = 225.0
MARGIN_RIGHT_MM: Final = PAGE_WIDTH_MM - MARGIN_LEFT_MM - TEXT_WIDTH_MM
MARGIN_BOTTOM_MM: Final = PAGE_HEIGHT_MM - MARGIN_TOP_MM - TEXT_HEIGHT_MM

LINES_PER_PAGE: Final = 22  # 5.2.3
CHARS_PER_LINE: Final = 28
TEXT_WIDTH_PT: Final = TEXT_WIDTH_MM * PT_PER_MM
CHAR_PITCH_PT: Final = TEXT_WIDTH_PT / CHARS_PER_LINE
LINE_PITCH_PT: Final = 28.95  # 225 mm over 22 lines, less the trailing gap

BODY_PT: Final = 16.0  # 3号
TITLE_PT: Final = 22.0  # 2号
TITLE_PITCH_PT: Final = 33.0
SMALL_PT: Final = 14.0  # 4号: 版记 and page numbers
TABLE_PT: Final = 12.0  # 小4号; the standard leaves tables free
TABLE_DENSE_PT: Final = 10.5  # 5号, for tables of six columns and more
NOTE_PT: Final = 10.5
CELL_INSET_PT: Final = 4.0
FINE_PT: Final = 9.0  # notice and verification, ours

RED_HEAD_DROP_MM: Final = 35.0  # 7.2.4: top of the mark below the top of 版心
LETTER_HEAD_TOP_MM: Final = 30.0  # 10.1: from the page's top edge
LETTER_RULE_MM: Final = 170.0  # 10.1: double rules of a 函
LETTER_FOOT_MM: Final = 20.0  # 10.1: lower rule above the page's bottom edge
RED_RULE_GAP_MM: Final = 4.0  # 7.2.7: rule below the number
FOLIO_DROP_MM: Final = 7.0  # 7.5: page number below 版心
THICK_RULE_MM: Final = 0.35  # 7.4.1: first and last rule of 版记
THIN_RULE_MM: Final = 0.25
QR_MM: Final = 20.0  # below the page number it must end above the printer's edge

RED: Final = "E60012"
RED_HEAD_MAX_PT: Final = 58.0
RED_HEAD_MIN_PT: Final = 22.0
LETTER_HEAD_MAX_PT: Final = 40.0

# Names that Word looks for; the standard's own faces. Whoever opens the file has them or has a substitute.
FACE_FANG: Final = "仿宋_GB2312"
FACE_HEI: Final = "黑体"
FACE_KAI: Final = "楷体_GB2312"
FACE_SONG: Final = "宋体"
FACE_TITLE: Final = "方正小标宋简体"
