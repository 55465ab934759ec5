"""Conversations: kept whole, per owner, across restarts and processes, within bounds, and gone when deleted."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from indexes_fixtures import WordEmbedder

from assistant.service import JunhengService
from assistant.settings import Settings
from indexes import conversations, unanswered
from indexes.conversations import FILE, Conversations, Turn
from indexes.errors import StoreError
from indexes.store import Store

ROOT = Path(__file__).parents[1]
REPORT = (
    "安吉县2022年义务教育优质均衡发展自评报告\n一、经费保障\n"
    "2022年一般公共预算教育支出4200.50万元，2021年为4000.00万元。\n"
)
ASKED = "安吉县2022年一般公共预算教育支出是多少？"


def turn(question: str, at: str = "2030-01-01T00:00:00.000+00:00", **answer: Any) -> Turn:
    return Turn(question, {"text": "答", **answer}, at)


@contextlib.contextmanager
def opened(home: Path) -> Iterator[Conversations]:
    with contextlib.closing(Conversations(home)) as kept:
        yield kept


def open_service(home: Path, **settings: Any) -> JunhengService:
    store = Store.open(home, embedder=WordEmbedder())
    return JunhengService(store, Settings(home=home, **settings))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with one report."""
    path = tmp_path / "report.txt"
    path.write_text(REPORT, encoding="utf-8")
    with contextlib.closing(open_service(tmp_path / "home")) as service:
        service.ingest([path])
    return tmp_path / "home"


def test_turns_come_back_in_order_after_a_restart(tmp_path: Path) -> None:
    """Every turn returns exactly, to its own conversation; the newest conversation is listed first."""
    with opened(tmp_path) as kept:
        kept.add("t1", turn("多少？", values=["1.50"], text="“甲”\n"), most=10)
        kept.add("t2", turn("别的", "2030-01-02T00:00:00.000+00:00"), most=10)
        kept.add("t1", turn("那上年呢？", "2030-01-03T00:00:00.000+00:00"), most=10)
    with opened(tmp_path) as kept:
        found = kept.turns("t1")
        assert [one.question for one in found] == ["多少？", "那上年呢？"]
        assert found[0].answer == {"text": "“甲”\n", "values": ["1.50"]}
        assert kept.turns("t1", last=1) == found[1:]
        assert kept.turns("?") == []
        assert [(one.id, one.title, one.turns) for one in kept.listed()] == [
            ("t1", "多少？", 2),
            ("t2", "别的", 1),
        ]


def test_owners_do_not_meet(tmp_path: Path) -> None:
    """The same id in two owners' hands is two conversations; none sees, renames or deletes the other's."""
    with opened(tmp_path) as kept:
        for owner in ("", "甲", "乙"):
            kept.add("t", replace(turn(f"问{owner}"), receipt=f"r{owner}"), owner=owner, most=10)
        assert kept.rename("t", "改了", owner="甲") and not kept.rename("x", "改了", owner="甲")
        assert kept.delete("t", owner="乙") and not kept.delete("t", owner="乙")
        assert [one.title for one in kept.listed(owner="甲")] == ["改了"]
        assert [one.title for one in kept.listed()] == ["问"]
        assert (
            kept.receipt("r甲", owner="甲")
            and not kept.receipt("r甲")
            and not kept.receipt("r乙", owner="乙")
        )


def test_what_is_kept_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The conversations longest left alone go, of an owner only his own; of a long one the oldest turns."""
    monkeypatch.setattr(conversations, "TURNS", 3)
    with opened(tmp_path) as kept:
        kept.add("other", turn("别人的"), owner="甲", most=1)
        for number in range(5):
            kept.add(f"t{number}", turn("问", f"2030-01-0{number + 1}T00:00:00.000+00:00"), most=3)
        kept.add("t2", turn("又问", "2030-02-01T00:00:00.000+00:00"), most=3)
        for number in range(5):
            kept.add("t4", turn(f"第{number}次", f"2030-02-0{number + 2}T00:00:00.000+00:00"), most=3)
        assert [one.id for one in kept.listed()] == ["t4", "t2", "t3"]
        assert [one.question for one in kept.turns("t4")] == ["第2次", "第3次", "第4次"]
        assert kept.count(owner="甲") == 1


@given(
    texts=st.lists(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80), min_size=1, max_size=4
    )
)
def test_any_text_is_kept_as_it_is(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    """Questions, answers and ids return character for character, whatever they hold."""
    with opened(tmp_path_factory.mktemp("home")) as kept:
        for text in texts:
            kept.add(texts[0], turn(text, text=text), owner=text[:9], most=10)
        for owner in {text[:9] for text in texts}:
            mine = [text for text in texts if text[:9] == owner]
            found = kept.turns(texts[0], owner=owner)
            assert [(one.question, one.answer["text"]) for one in found] == [(one, one) for one in mine]


def test_deleted_is_overwritten(tmp_path: Path) -> None:
    """After a conversation is deleted its words stand in no file of the home, and the file was private before."""
    with opened(tmp_path) as kept:
        kept.add("t", turn("秘密的问题"), most=10)
        held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        assert "秘密的问题".encode() in held
        if os.name == "posix":
            modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
            assert modes == {0o600}
        assert kept.delete("t")
        held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        assert "秘密的问题".encode() not in held


def test_conversation_goes_on_after_a_restart(home: Path) -> None:
    """A follow-up in a new process carries place and indicator from the turn before, and says so."""
    with contextlib.closing(open_service(home)) as service:
        first = service.ask(ASKED)
    with contextlib.closing(open_service(home)) as service:
        follow = service.ask("2021年呢？", thread_id=first.thread_id)
        apart = service.ask("2021年呢？", thread_id=first.thread_id, owner="甲")
        named = service.talks.conversation(first.thread_id)
    assert "4000.00万元" in follow.text
    assert {"region", "metric"} <= set(follow.context["carried"])
    assert apart.status != "answered"
    assert named is not None and [one.question for one in named[1]] == [ASKED, "2021年呢？"]


def test_place_and_year_given_beside_the_question_are_carried(home: Path) -> None:
    """What a caller says of region and period is part of how the turn was read, not of what was typed."""
    with contextlib.closing(open_service(home)) as service:
        first = service.ask("一般公共预算教育支出是多少？", region="安吉县", period="2022")
    with contextlib.closing(open_service(home)) as service:
        follow = service.ask("2021年呢？", thread_id=first.thread_id)
        [first_turn, _] = service.talks.file.turns(first.thread_id)
    assert "4200.50万元" in first.text and "4000.00万元" in follow.text
    assert first_turn.question == "一般公共预算教育支出是多少？" and "安吉县2022年" in first_turn.said


@pytest.mark.parametrize("settings", [{"max_conversations": 0, "log_unanswered": False}, {}])
def test_trial_runs_and_switched_off_keeping_leave_nothing(home: Path, settings: dict[str, Any]) -> None:
    """Nothing reaches the file, yet a follow-up knows what was said before in this process."""
    with contextlib.closing(open_service(home, **settings)) as service:
        kept = bool(settings)
        first = service.ask(ASKED, kept=kept)
        follow = service.ask("2021年呢？", thread_id=first.thread_id, kept=kept)
        service.ask("丙县有多少学校？", kept=kept)
        assert "4000.00万元" in follow.text
        assert first.receipt is None
        assert service.talks.count() == 0 and service.talks.unanswered(done=None) == []


def test_conversations_of_earlier_versions_are_taken_over(home: Path) -> None:
    """What an earlier version kept beside the reports goes on, once, and is dropped there."""
    base = sqlite3.connect(home / "junheng.sqlite3")
    with contextlib.closing(base), base:
        base.execute(
            "create table turn (row integer primary key, thread_id text, question text, answer text)"
        )
        base.execute("insert into turn(thread_id, question, answer) values ('old', ?, '{}')", (ASKED,))
    for _ in range(2):
        with contextlib.closing(open_service(home)) as service:
            follow = service.ask("2021年呢？", thread_id="old")
            assert "4000.00万元" in follow.text
            asked = [one.question for one in service.talks.file.turns("old")]
    assert asked == [ASKED, "2021年呢？", "2021年呢？"]


def test_full_disk_costs_the_record_not_the_answer(home: Path) -> None:
    """The answer comes with one line that it was not kept; the follow-up is understood, nothing is half-written."""
    with contextlib.closing(open_service(home)) as service:
        first = service.ask(ASKED)
        with service.talks.file.file.idle() as connection:
            pages = connection.execute("pragma page_count").fetchone()[0]
            connection.execute(f"pragma max_page_count = {pages}")
        answers = [service.ask("2021年呢？", thread_id=first.thread_id) for _ in range(10)]
        refused = [one for one in answers if one.receipt is None]
        assert refused and all("4000.00万元" in one.text for one in answers)
        [line] = [one for one in refused[0].warnings if "没有存入" in one]
        assert "磁盘已满" in line and "\n" not in line
        kept = service.talks.file.turns(first.thread_id)
        assert len(kept) == 1 + len(answers) - len(refused)


def test_broken_file_is_one_line(tmp_path: Path) -> None:
    """A file that is none of SQLite's, or one of a newer version, is said in one line that names it."""
    (tmp_path / FILE).write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError, match="对话记录") as caught:
        Conversations(tmp_path)
    assert FILE in str(caught.value) and "重新导入" not in str(caught.value)
    (tmp_path / FILE).unlink()
    with opened(tmp_path) as kept, kept.file.change() as connection:
        connection.execute("update meta set value = '99' where key = 'format'")
    with pytest.raises(StoreError, match="更新的版本"):
        Conversations(tmp_path)


def test_threads_share_a_conversation(tmp_path: Path) -> None:
    """Turns that several threads add at once are all there, each whole."""
    with opened(tmp_path) as kept:

        def add(name: int) -> None:
            for number in range(20):
                kept.add("t", turn(f"{name}-{number}"), most=10)

        workers = [threading.Thread(target=add, args=(name,)) for name in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        found = [one.question for one in kept.turns("t")]
    assert sorted(found) == sorted(f"{name}-{number}" for name in range(4) for number in range(20))


WRITER = """
import sys
sys.path.insert(0, {root!r})
from pathlib import Path
from indexes.conversations import Conversations, Turn
kept = Conversations(Path({home!r}))
for number in range(100000):
    kept.add("t" + sys.argv[1], Turn("问" * 50, {{"n": number}}, "2030"), most=10)
    print(number, flush=True)
"""


def test_killed_writers_lose_nothing_they_told(tmp_path: Path) -> None:
    """Two processes write at once and are killed; every turn that either told as kept is there, and the file works."""
    script = WRITER.format(root=str(ROOT), home=str(tmp_path))
    children = [
        subprocess.Popen([sys.executable, "-c", script, str(one)], stdout=subprocess.PIPE, text=True)
        for one in range(2)
    ]
    told = []
    for child in children:
        assert child.stdout is not None
        for _ in range(40):
            line = child.stdout.readline()
        assert line.strip() == "39"
    for child in children:
        child.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
        out, _ = child.communicate(timeout=60)
        told.append(int(out.split()[-1]) if out.split() else 39)
    with opened(tmp_path) as kept:
        for one, last in enumerate(told):
            numbers = [found.answer["n"] for found in kept.turns(f"t{one}")]
            assert numbers == list(range(numbers[0], numbers[-1] + 1)) and numbers[-1] >= last
        kept.add("t0", turn("以后"), most=10)


def test_unanswered_are_logged_without_a_name(home: Path) -> None:
    """A refusal is logged with its reason and reading, an answer is not; no owner and no conversation is in it."""
    with contextlib.closing(open_service(home)) as service:
        service.ask(ASKED, owner="某人")
        service.ask("安吉县2019年一般公共预算教育支出是多少？", thread_id="某次", owner="某人")
        [entry] = service.talks.unanswered()
        assert (entry.status, entry.reason) == ("refused", "no_such_period")
        assert entry.read_as["region"] == "安吉县" and entry.read_as["period"] == "2019"
        with service.talks.file.file.session() as connection:
            columns = [row[1] for row in connection.execute("pragma table_info(unanswered)")]
        assert not {"owner", "thread", "conversation"} & set(columns)
        assert service.talks.settle([entry.number]) == 1 and service.talks.unanswered() == []
        [settled] = service.talks.unanswered(done=True)
        assert settled.done and service.talks.settle([entry.number], done=False) == 1
        assert [one.number for one in service.talks.unanswered()] == [entry.number]


def test_doctor_tells_what_is_kept(home: Path) -> None:
    """How many conversations and open questions there are, what is switched off, and a file that cannot be used."""
    with contextlib.closing(open_service(home)) as service:
        service.ask("安吉县2019年一般公共预算教育支出是多少？")
        told = {item: (state, detail) for item, state, detail in service.doctor()}
        assert told["对话记录"] == ("ok", "1次，最多保存5000次") and told["未答问题"] == ("ok", "1条未处理")
    with contextlib.closing(open_service(home, max_conversations=0, log_unanswered=False)) as service:
        told = {item: (state, detail) for item, state, detail in service.doctor()}
        assert (told["对话记录"][0], told["未答问题"][0]) == ("off", "off")
    (home / FILE).write_bytes(b"no database at all" * 100)
    with contextlib.closing(open_service(home)) as service:
        told = {item: (state, detail) for item, state, detail in service.doctor()}
        assert told["对话记录"][0] == "degraded" and FILE in told["对话记录"][1]
        answer = service.ask(ASKED)
        assert "4200.50万元" in answer.text and any(FILE in line for line in answer.warnings)


def test_log_is_bounded_and_can_be_cleared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of too many entries those dealt with go first, then the oldest."""
    monkeypatch.setattr(unanswered, "MOST", 3)
    with opened(tmp_path) as kept:
        log = unanswered.Log(kept.file)
        for number in range(3):
            log.add(f"问{number}", "refused", "not_reported", {}, "2030")
        log.settle([2], "2031")
        for number in range(3, 5):
            log.add(f"问{number}", "refused", "not_reported", {}, "2030")
        assert [one.question for one in log.listed(done=None)] == ["问2", "问3", "问4"]
        assert log.clear() == 3 and log.listed(done=None) == []
