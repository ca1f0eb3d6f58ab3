"""What cannot be computed says why, has no file that computes it all the same, and is read as strictly as what can."""

from __future__ import annotations

from pathlib import Path

import pytest

from qingyuan.indicators import catalogue
from qingyuan.indicators.definition_file import BadDefinition
from qingyuan.indicators.unfed import UNFED, load_unfed


def test_each_says_why_and_what_it_would_need_and_nothing_computes_it() -> None:
    found = load_unfed()
    assert [one.code for one in found] == ["R20"]
    assert not {one.code for one in found} & {one.code for one in catalogue.catalogue().all()}
    for one in found:
        assert "÷" in one.would_be and len(one.reason) > 20 and len(one.would_need) > 10


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [("reason:", "why_not:", "why_not"), ("code: R20", "code: R21", "code"), ("owner: 卫健局", "owner: ''", "owner"), ("code: R20", "- R20", "YAML")],
)
def test_a_file_that_is_wrong_names_itself_and_the_key(tmp_path: Path, old: str, new: str, key: str) -> None:
    text = (UNFED / "R20.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "R20.yaml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BadDefinition) as error:
        load_unfed(tmp_path)
    assert (error.value.file, error.value.key) == ("R20.yaml", key)
