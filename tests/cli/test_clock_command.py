"""`qingyuan clock`: any declared clock or counter asked from a file, without a page and without an account."""

from __future__ import annotations

import argparse
import io
import json
from pathlib import Path
from typing import Any

import pytest

from qingyuan.cli.commands import clock
from qingyuan.cli.output import Refused


def call(*words: str) -> int:
    parser = argparse.ArgumentParser()
    clock.add_arguments(parser)
    return clock.run(parser.parse_args(list(words)))


@pytest.fixture
def asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def ask(code: str, events: list[dict[str, Any]], *words: str) -> Any:
        file = tmp_path / "events.json"
        file.write_text(json.dumps(events, ensure_ascii=False), encoding="utf-8")
        assert call(code, "--events", str(file), *words) == 0
        told = capsys.readouterr().out
        return json.loads(told) if "--json" in words else told

    return ask


def test_json_gives_the_day_the_state_and_every_reason_with_its_article(asked: Any) -> None:
    told = asked("D20", [{"event": "start", "on": "2022-03-01"}], "--on", "2022-03-10", "--json")
    assert (told["last_day"], told["state"], told["days_left"]) == ("2022-03-16", "running", 6)
    assert told["reasons"][0]["basis"] == "《戒毒条例》第十四条" and "次日起算" in told["reasons"][0]["text"]
    assert told["confirmed"] is True and told["opens"] is None


def test_a_person_reads_the_steps_and_what_a_person_has_to_decide(asked: Any) -> None:
    told = asked("D20", [{"event": "start", "on": "2022-03-01"}], "--on", "2022-03-20")
    assert "2022-03-16" in told and "已过 4 日" in told and "《戒毒条例》第十四条" in told.replace("\n", "")
    assert "需要人决定" in told and "□" in told


def test_what_if_and_as_known_then(asked: Any) -> None:
    events = [
        {"id": "a", "event": "start", "on": "2022-03-01"},
        {"corrects": "a", "event": "start", "on": "2022-03-05", "recorded_on": "2022-04-01"},
    ]
    assert asked("D20", events, "--on", "2022-04-02", "--json")["last_day"] == "2022-03-21"
    assert asked("D20", events, "--on", "2022-04-02", "--known-on", "2022-03-31", "--json")["last_day"] == "2022-03-16"


def test_a_counter_is_asked_the_same_way(asked: Any) -> None:
    events = [{"event": "refused", "on": f"2022-0{month}-01"} for month in (1, 2, 3)]
    told = asked("D24", events, "--on", "2022-12-31", "--json")
    assert told["times"] == 3 and told["reached_on"] == "2022-03-01" and told["opens"]["checklist"]
    assert "3 次" in asked("D24", events, "--on", "2022-12-31")


def test_a_province_is_chosen_by_its_pack(asked: Any) -> None:
    told = asked("D20", [{"event": "start", "on": "2022-03-01"}], "--on", "2022-03-02", "--pack", "zhejiang", "--json")
    assert (told["last_day"], told["latest"], told["confirmed"]) == ("2022-03-03", "2022-03-16", False)


def test_events_come_from_standard_input_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"events": [{"event": "start", "on": "2022-03-01"}]}'))
    assert call("D20", "--events", "-", "--on", "2022-03-02", "--json") == 0
    assert json.loads(capsys.readouterr().out)["last_day"] == "2022-03-16"


def test_without_events_it_says_what_may_happen_and_without_code_it_lists_all(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert call("D72") == 0
    assert "extended_1" in capsys.readouterr().out
    assert call("D24", "--json") == 0
    assert {one["event"] for one in json.loads(capsys.readouterr().out)["events"]} == {"refused", "evaded", "lawful"}
    assert call("--json") == 0
    assert len(json.loads(capsys.readouterr().out)["clocks"]) == 140
    assert call() == 0
    assert "D205" in capsys.readouterr().out


def test_what_cannot_be_read_is_refused_with_what_to_do(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("[{", encoding="utf-8")
    gbk = tmp_path / "gbk.json"
    gbk.write_bytes('[{"event": "起算", "on": "2022-03-01"}]'.encode("gb18030"))
    deep = tmp_path / "deep.json"
    deep.write_text("[" * 100_000, encoding="utf-8")
    good = tmp_path / "good.json"
    good.write_text('[{"event": "start", "on": "2022-03-01"}]', encoding="utf-8")
    for words, why in (
        (("D20", "--events", str(broken)), "不是 JSON"),
        (("D20", "--events", str(deep)), "不是 JSON"),
        (("D20", "--events", str(gbk)), "UTF-8"),
        (("D20", "--events", str(tmp_path / "none.json")), "读不到"),
        (("D999", "--events", str(good)), "没有代码"),
        (("D20", "--events", str(good), "--pack", "atlantis"), "national"),
        (("D20", "--events", str(good), "--on", "昨天"), "2022-03-20"),
        (("D60b", "--events", str(good)), "不适用"),
    ):
        with pytest.raises(Refused, match=why):
            call(*words)
