"""How an endpoint is asked and for how long: probe, plans under a schema, streams, rests. All on loopback."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import breaker
from assistant.breaker import FIRST_REST, LONGEST_REST, Breaker
from assistant.endpoint import Endpoint, endpoint_of
from assistant.manners import described, plan_schema, response_format
from assistant.probe import LASTS, Findings, Found
from assistant.service import JunhengService
from assistant.settings import Settings, SettingsError
from assistant.streaming import CutOffError, LongReplyError, Patience
from assistant.toolkit import schema
from assistant.written import answer_in, plan_in
from indexes.store import Store
from tests.indexes_fixtures import WordEmbedder
from tests.scripted_endpoint import (
    DROP,
    Reply,
    Request,
    ScriptedEndpoint,
    Step,
    call,
    fail,
    masters_calls,
    message,
    say,
    told,
)
from tools import TOOLS

QUESTION = "青禾县2023年小学在校生有多少人？"
CALL = {"name": "look_up", "arguments": {"place": "甲县", "year": "2021"}}
PLAN = say(json.dumps({"calls": [CALL]}, ensure_ascii=False))
AS_TEXT = say("```json\n" + json.dumps(CALL, ensure_ascii=False) + "\n```")


class Notes:
    """A memory as the store has it."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def __call__(self, key: str, value: str | None = None) -> str | None:
        if value is not None:
            self.kept[key] = value
        return self.kept.get(key)


def form_of(request: Request) -> str:
    return str(
        (request.get("response_format") or {}).get("type") or ("tools" if "tools" in request else "none")
    )


def by_form(**steps: Step) -> Callable[[Request], Reply]:
    """Return a step that answers by what the request enforces."""

    def step(request: Request) -> Reply:
        chosen = steps.get(form_of(request), fail(400))
        return chosen if isinstance(chosen, Reply) else chosen(request)

    return step


def connect(server: ScriptedEndpoint, notes: Notes | None = None, silence: float = 5.0) -> Endpoint:
    settings = Settings(llm_base_url=server.url, llm_model="scripted", llm_timeout=silence)
    return endpoint_of(settings, notes or Notes())


# The probe


@pytest.mark.parametrize(
    ("probe", "manner", "asked"),
    [
        (masters_calls, "native", ["tools"]),
        (by_form(tools=AS_TEXT, json_schema=PLAN), "schema", ["tools", "json_schema"]),
        (by_form(tools=fail(500), json_schema=PLAN), "schema", ["tools", "json_schema"]),
        (by_form(tools=call("guess", value="1"), json_schema=PLAN), "schema", ["tools", "json_schema"]),
        (by_form(tools=AS_TEXT, json_schema=AS_TEXT, json_object=PLAN), "json", ["tools", "json_schema", "json_object"]),
        (
            by_form(tools=AS_TEXT, json_schema=say('{"answer": "1200人"}'), json_object=PLAN), "json",
            ["tools", "json_schema", "json_object"],
        ),
        (by_form(tools=say("我不会"), none=AS_TEXT), "words", ["tools", "json_schema", "json_object", "none"]),
    ],
    ids=["native", "call as text", "tools refused", "another tool", "schema ignored", "another form", "nothing enforced"],
)  # fmt: skip
def test_probe_finds_what_the_endpoint_masters(probe, manner, asked):
    """The best manner is taken that the endpoint and its model are seen to master, and is remembered."""
    notes = Notes()
    with ScriptedEndpoint([say("")], probe) as server:
        assert connect(server, notes).manner() == manner
        assert [form_of(request) for request in server.probes] == asked
        assert connect(server, notes).manner() == manner
        assert len(server.probes) == len(asked), "what was found is remembered"
        other = endpoint_of(Settings(llm_base_url=server.url, llm_model="another", llm_timeout=5.0), notes)
        assert other.manner() == manner
        assert len(server.probes) == 2 * len(asked), "by endpoint and model"


@pytest.mark.parametrize("kept", ["", "no json", "[]", '{"manner": "telepathy"}', '{"manner": "native"}'])
def test_spoilt_finding_is_not_believed(kept):
    notes = Notes()
    notes("llm-probe:k", kept)
    assert Findings(notes, "k").last() is None


def test_finding_ages():
    notes = Notes()
    findings = Findings(notes, "k")
    findings.keep(Found("schema", time.time() - LASTS - 1, 0.1))
    assert findings.last() is None
    findings.keep(Found("schema", time.time() - LASTS / 2, 0.1))
    assert findings.last() is not None


@pytest.mark.parametrize("status", [401, 403, 404, 429])
def test_failure_says_nothing_of_manners(status):
    """A wrong key or model name is told, and nothing is remembered of it."""
    notes = Notes()
    with ScriptedEndpoint([fail(status)], fail(status)) as server:
        with pytest.raises(Exception, match=str(status)):
            connect(server, notes).manner()
        assert not any(key.startswith("llm-probe") for key in notes.kept)


def test_silence_ends_the_probe():
    with ScriptedEndpoint([say("")], Reply(delay=5.0)) as server:
        begun = time.monotonic()
        with pytest.raises(Exception, match=r"(?i)time|no reply"):
            connect(server, silence=0.3).manner()
        assert time.monotonic() - begun < 2
        assert len(server.probes) == 1


# Plans under a schema


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    home = tmp_path_factory.mktemp("endpoint") / "home"
    report = home.parent / "report.txt"
    report.write_text(
        "青禾县2023年教育事业发展公报\n一、基本情况\n2023年，全县共有小学18所，小学在校生21460人。\n"
        "2023年，全县共有初中9所，初中在校生10935人。\n",
        "utf-8",
    )
    with Store.open(home, embedder=WordEmbedder()) as store:
        JunhengService(store, Settings(home=home)).ingest([report], region="青禾县")
        yield store


def enforced(request: Request) -> Mapping[str, Any]:
    found = request["response_format"]["json_schema"]["schema"]
    assert isinstance(found, dict)
    return found


def planning(*answers: Callable[[Request], Any]) -> Callable[[Request], Reply]:
    """Return a step of a small model under a schema: a look-up first, then ``answers`` one after the other."""
    rest = list(answers)

    def step(request: Request) -> Reply:
        assert form_of(request) == "json_schema"
        if "[e:" not in told(request):
            assert set(enforced(request)["properties"]) == {"calls"}, (
                "without evidence only calls can be written"
            )
            one = {"name": "find_facts", "arguments": {"query": "小学在校生", "regions": ["青禾县"]}}
            return say(json.dumps({"calls": [one]}))
        return say(json.dumps({"answer": (rest.pop(0) if len(rest) > 1 else rest[0])(request)}))

    return step


def key_beside(request: Request, words: str) -> str:
    line = next(line for line in told(request).splitlines() if words in line and "[e:" in line)
    return re.findall(r"\[e:([0-9a-f]{8})\]", line)[-1]


WEAK = by_form(tools=AS_TEXT, json_schema=PLAN)


def test_small_model_is_served_by_a_schema(store):
    """It picks evidence, which speaks for itself; only evidence that exists can be picked."""
    seen: list[Request] = []

    def pick(request: Request) -> Any:
        seen.append(request)
        return [{"evidence": [key_beside(request, "21460")]}]

    with ScriptedEndpoint([planning(pick)], WEAK) as server:
        service = JunhengService(store, Settings(home=store.home, llm_base_url=server.url, llm_model="small"))
        answer = service.ask(QUESTION)

    assert (answer.status, answer.mode, answer.warnings) == ("answered", "llm", ())
    assert [value.value for value in answer.values] == ["21460"]
    answering = enforced(seen[0])["anyOf"][1]["properties"]["answer"]["items"]["properties"]
    assert set(answering["evidence"]["items"]["enum"]) == set(
        re.findall(r"\[e:([0-9a-f]{8})\]", told(seen[0]))
    )
    assert QUESTION in seen[0]["messages"][-1]["content"]
    assert {m["role"] for m in seen[0]["messages"]} == {"system", "user", "assistant"}


def test_rewrite_only_names_evidence(store):
    """Words of its own that were objected to are not asked for again."""
    forms: list[Mapping[str, Any]] = []

    def wrong(request: Request) -> Any:
        return [{"evidence": [key_beside(request, "21460")], "text": "小学在校生99999人"}]

    def right(request: Request) -> Any:
        forms.append(enforced(request))
        return [{"evidence": [key_beside(request, "21460")]}]

    with ScriptedEndpoint([planning(wrong, right)], WEAK) as server:
        service = JunhengService(store, Settings(home=store.home, llm_base_url=server.url, llm_model="small"))
        answer = service.ask(QUESTION)

    assert (answer.mode, [v.value for v in answer.values]) == ("llm", ["21460"])
    assert "text" not in json.dumps(forms[0]["anyOf"][1]), "a rewrite holds no words"


def test_other_figure_than_the_rules_find(store):
    """A true figure that the question does not ask for is contradicted by what the rules find."""

    def beside(request: Request) -> Any:
        return [{"evidence": [key_beside(request, "18所")]}]

    def step(request: Request) -> Reply:
        if "[e:" not in told(request):
            one = {"name": "find_facts", "arguments": {"query": "小学所数", "regions": ["青禾县"]}}
            return say(json.dumps({"calls": [one]}))
        return say(json.dumps({"answer": beside(request)}))

    with ScriptedEndpoint([step], WEAK) as server:
        service = JunhengService(store, Settings(home=store.home, llm_base_url=server.url, llm_model="small"))
        answer = service.ask(QUESTION)

    assert answer.mode == "embedded"
    assert [v.value for v in answer.values] == ["21460"]


@pytest.mark.parametrize(("same", "rounds"), [(True, 3), (False, 6)], ids=["the same call", "new calls"])
def test_rounds_of_a_plan_end(store, same, rounds):
    """A model that would call tools for ever may only answer after some rounds, or once it repeats itself."""
    forms: list[Mapping[str, Any]] = []

    def step(request: Request) -> Reply:
        form = enforced(request)
        forms.append(form)
        if "calls" in json.dumps(form):
            query = "小学在校生" + ("" if same else "人" * len(forms))
            one = {"name": "find_facts", "arguments": {"query": query, "regions": ["青禾县"]}}
            return say(json.dumps({"calls": [one]}))
        return say(json.dumps({"answer": [{"evidence": [key_beside(request, "21460")]}]}))

    with ScriptedEndpoint([step], WEAK) as server:
        service = JunhengService(store, Settings(home=store.home, llm_base_url=server.url, llm_model="small"))
        answer = service.ask(QUESTION)

    assert (answer.mode, [v.value for v in answer.values]) == ("llm", ["21460"])
    assert len(forms) == rounds


def test_schema_names_every_tool_and_is_bounded():
    """Every string and list that a model may write has an end, and every tool is offered with its parameters."""
    offered = [schema(tool) for tool in TOOLS.values()]
    form = plan_schema(offered, ["0123abcd"])
    calls = form["anyOf"][0]["properties"]["calls"]["items"]["anyOf"]
    assert {c["properties"]["name"]["const"] for c in calls} == set(TOOLS)

    def bounded(found: Any) -> bool:
        if isinstance(found, list):
            return all(bounded(item) for item in found)
        if not isinstance(found, dict):
            return True
        if found.get("type") == "string" and not ({"maxLength", "enum"} & set(found)):
            return False
        if found.get("type") == "array" and "maxItems" not in found:
            return False
        return all(bounded(item) for item in found.values())

    assert bounded(form)
    lines = described(offered)
    assert all(f"- {name}：" in lines for name in TOOLS)
    assert len(lines) < sum(len(json.dumps(t, ensure_ascii=False)) for t in offered) / 2
    assert response_format("words", offered, ()) is None


@given(st.text(max_size=40), st.lists(st.sampled_from(["0123abcd", "deadbeef", "x"]), max_size=3))
def test_written_answer_keeps_its_words_and_marks(text, keys):
    """What a model says is neither lost nor changed, and no call is read out of it."""
    written = json.dumps({"answer": [{"text": text, "evidence": keys}]})
    draft = answer_in(written, {"0123abcd": "甲县有小学5所"})
    assert draft is not None and plan_in(written) == []
    for key in keys:
        if key == "deadbeef" and text.strip():
            assert "[e:deadbeef]" in draft
    if text.strip():
        assert re.sub(r"\s*\[e:[0-9a-f]{8}\]", "", text).strip().replace("\n", " ") in draft
    elif "0123abcd" in keys:
        assert draft == "甲县有小学5所[e:0123abcd]"


@pytest.mark.parametrize("text", ["甲县有小学5所。", '{"a": 1}', '{"calls": []}', "[1, 2]", "", '{"answer'])
def test_what_is_no_written_answer(text):
    assert answer_in(text, {}) is None


# Streams


def test_reply_is_asked_for_as_a_stream_and_may_come_whole(store):
    """An endpoint that ignores the wish for a stream is understood all the same."""
    for streams in (True, False):
        reply = Reply(message("你好").body, streams=streams)
        with ScriptedEndpoint([reply]) as server:
            found = connect(server).reply([])
            assert (found.text, server.requests[0].get("stream")) == ("你好", True)


def test_stream_that_ends_early_is_no_reply():
    """Half a reply is thrown away, also when the connection is closed in good order."""
    body = 'data: {"id":"c","object":"chat.completion.chunk","created":0,"model":"s","choices":[{"index":0,"delta":{"role":"assistant","content":"小学在校生2146"},"finish_reason":null}]}\n\n'
    with ScriptedEndpoint([Reply(body, raw=True)]) as server, pytest.raises(CutOffError):
        connect(server).reply([])


def test_reply_without_end_is_cut_off():
    """A model that finds no end is stopped, and a reply that a limit cut short is none."""
    with ScriptedEndpoint([say("没完没了" * 10_000)]) as server, pytest.raises(LongReplyError):
        connect(server).reply([])
    cut = message("小学在校生2146").body.replace('"stop"', '"length"')
    with ScriptedEndpoint([Reply(cut)]) as server, pytest.raises(LongReplyError):
        connect(server).reply([])


def test_busy_endpoint_is_asked_once_more():
    with ScriptedEndpoint([fail(503), say("好")]) as server:
        assert connect(server).reply([]).text == "好"
    with ScriptedEndpoint([fail(503)]) as server:
        with pytest.raises(Exception, match="503"):
            connect(server).reply([])
        assert len(server.requests) == 2


# Rests


def test_silent_endpoint_is_asked_once(store, monkeypatch):
    """After a silence the next questions cost nothing, the answers say so, and a later one tries again."""
    monkeypatch.setattr(breaker, "DEAR", 0.2)
    with ScriptedEndpoint([Reply(delay=5.0)]) as server:
        settings = Settings(home=store.home, llm_base_url=server.url, llm_model="silent", llm_timeout=0.3)
        first = JunhengService(store, settings).ask(QUESTION)
        again = JunhengService(store, settings).ask(QUESTION)  # as another command would
        asked = len(server.requests)
        lines = {item: (state, detail) for item, state, detail in JunhengService(store, settings).doctor()}

    assert [v.value for v in first.values] == [v.value for v in again.values] == ["21460"]
    assert any("没有按时答复" in w for w in first.warnings)
    assert any("没有按时答复" in w and "以前不再询问" in w for w in again.warnings)
    assert asked == 1 and again.elapsed_ms is not None and again.elapsed_ms < 1500
    state, detail = lines["语言模型"]
    assert state == "degraded" and "以前不再询问" in detail


def test_rests_grow_and_end():
    now = [1000.0]
    notes = Notes()
    held = Breaker(notes, "k", lambda: now[0])
    assert held.rest() is None
    held.failed("没有按时答复", took=0.1)
    assert held.rest() is None, "a cheap failure costs nobody anything"
    pauses = []
    for _ in range(6):
        held.failed("没有按时答复", took=20)
        rest = Breaker(notes, "k", lambda: now[0]).rest()
        assert rest is not None and rest.why == "没有按时答复"
        pauses.append(rest.until - now[0])
        now[0] = rest.until
        assert held.rest() is None
    assert pauses[:3] == [FIRST_REST, 2 * FIRST_REST, 4 * FIRST_REST] and max(pauses) == LONGEST_REST
    held.failed("没有按时答复", took=20)
    now[0] -= 10_000_000
    assert held.rest() is None, "a clock that was set back does not make a rest of years"
    now[0] += 10_000_000
    held.worked()
    assert held.rest() is None
    held.failed("没有按时答复", took=20)
    again = held.rest()
    assert again is not None and again.until - now[0] == FIRST_REST


# What doctor tells, and the settings


def test_doctor_tells_the_manner(store):
    """It probes afresh: what is remembered may no longer hold."""
    with ScriptedEndpoint([say("")], WEAK) as server:
        settings = Settings(home=store.home, llm_base_url=server.url, llm_model="doctor")
        service = JunhengService(store, settings)
        state, detail = next((s, d) for item, s, d in service.doctor() if item == "语言模型")
        assert state == "ok" and "json_schema" in detail and server.url in detail
        server.probe = masters_calls
        state, detail = next((s, d) for item, s, d in service.doctor() if item == "语言模型")
        assert state == "ok" and "native" in detail
        server.probe = fail(401)
        state, detail = next((s, d) for item, s, d in service.doctor() if item == "语言模型")
        assert state == "degraded" and "401" in detail and "scripted" not in detail


def test_doctor_finds_nobody_there(store):
    with ScriptedEndpoint([DROP]) as gone:
        url = gone.url
    settings = Settings(home=store.home, llm_base_url=url, llm_model="gone")
    state, detail = next((s, d) for i, s, d in JunhengService(store, settings).doctor() if i == "语言模型")
    assert state == "degraded" and "连接不上" in detail


def test_warming_probes_and_waits_for_nobody(store):
    """The page is ready while a slow endpoint is still being tried."""
    with ScriptedEndpoint([say("")], Reply(delay=3.0)) as server:
        settings = Settings(home=store.home, llm_base_url=server.url, llm_model="warm", llm_timeout=2.0)
        service = JunhengService(store, settings)
        service.warm()
        begun = time.monotonic()
        while not server.probes and time.monotonic() - begun < 5:
            time.sleep(0.02)
        assert len(server.probes) == 1
        assert time.monotonic() - begun < 1.5


@pytest.mark.parametrize("written", ["0", "-1", "1.5", "soon", "601"])
def test_patience_is_a_whole_number_of_seconds(written):
    with pytest.raises(SettingsError, match="JUNHENG_LLM_TIMEOUT"):
        Settings.from_env({"JUNHENG_LLM_TIMEOUT": written})


def test_patience_follows_from_one_setting():
    assert Settings.from_env({"JUNHENG_LLM_TIMEOUT": "90"}).llm_timeout == 90
    patience = Patience(Settings().llm_timeout)
    assert patience.connecting <= 5 < patience.silence < patience.reply < patience.question
    assert Patience(1).connecting <= 1
