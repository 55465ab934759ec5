"""Record what a language model writes from given evidence, in its own words, for ``tests/test_recorded_drafts.py``.

    python scripts/record_drafts.py QUESTIONS.jsonl OUT.yaml REPORT...

For each question the tools are called as the rules call them, and passages are searched as well; the
model of the environment (``JUNHENG_LLM_BASE_URL``, ``JUNHENG_LLM_MODEL``) then has to put an answer into
words. Kept are the question, what each cited piece of evidence says and what the model wrote. Whether a
draft is ``right`` (all of it true and an answer to the question) is for a person to add: ``null`` until then.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from score import read_lines

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage  # noqa: E402

from assistant.endpoint import evidence_of  # noqa: E402
from assistant.knowledge import known_of  # noqa: E402
from assistant.loosening import loosened  # noqa: E402
from assistant.manners import in_words, plan_schema  # noqa: E402
from assistant.models import language_model  # noqa: E402
from assistant.planning import Pending, respond  # noqa: E402
from assistant.procedures import Desk  # noqa: E402
from assistant.prompts import SYSTEM  # noqa: E402
from assistant.service import open_service  # noqa: E402
from assistant.settings import Settings  # noqa: E402
from assistant.streaming import Patience, gather  # noqa: E402
from assistant.toolkit import as_langchain, settle  # noqa: E402
from assistant.written import as_reply  # noqa: E402
from corpus.errors import JunhengError  # noqa: E402
from indexes.store import Store  # noqa: E402
from tools import TOOLS, Evidence  # noqa: E402

MOST = 8
"""Pieces of evidence that a model is shown."""


def gathered(
    question: str, desk: Desk, store: Store, calls: Sequence[Mapping[str, Any]] = ()
) -> list[Evidence]:
    """Return what the rules' own calls find, the nearest passages, and what a model's ``calls`` find."""
    results: list[list[Evidence]] = []
    while isinstance(step := respond([question], results, desk), Pending) and len(results) < 6:
        results.append(_run(step.call.name, step.call.arguments, store))
    near = _run("search_passages", {"query": question, "k": 3}, store)
    found = {item.key: item for items in results for item in items[:MOST]}
    chosen = [*list(found.values())[: MOST - len(near)], *(e for e in near if e.key not in found)]
    for call in calls:
        for arguments in (call["arguments"], loosened(call["name"], call["arguments"], desk.known)):
            with suppress(JunhengError):  # a call that makes no sense found nothing then either
                chosen += _run(call["name"], settle(TOOLS[call["name"]], arguments, store, {}), store)
    return chosen


def _run(name: str, arguments: Mapping[str, Any], store: Store) -> list[Evidence]:
    call = {"name": name, "args": dict(arguments), "id": "c", "type": "tool_call"}
    found: list[Evidence] = as_langchain(TOOLS[name], store).invoke(call).artifact
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("questions", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("reports", type=Path, nargs="+")
    given = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="junheng-drafts-"))
    settings = replace(Settings.from_env(), home=home, empty=True)
    service = open_service(home, empty=True, settings=settings)
    service.ingest(given.reports)
    desk = Desk(known_of(service.store), service.store.report)
    patience = Patience(settings.llm_timeout)
    model = language_model(settings, patience)
    done = yaml.safe_load(given.out.read_text("utf-8")) if given.out.exists() else []
    for case in read_lines(given.questions):
        question = case["turns"][-1]
        if len(case["turns"]) > 1 or any(question == d["question"] for d in done):
            continue
        held = gathered(question, desk, service.store)
        told = ToolMessage("\n".join(f"{e.text} [e:{e.key}]" for e in held), tool_call_id="c", artifact=held)
        messages = [HumanMessage(question), AIMessage("", tool_calls=[]), told]
        keys = evidence_of(messages)
        if not keys:
            continue
        form = plan_schema([], keys, may_call=False)
        sentence = form["properties"]["answer"]["items"]
        sentence["required"] = ["evidence", "text"]  # in its own words
        form["properties"]["answer"]["maxItems"] = 3
        asked = model.bind(
            extra_body={
                "response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": form}}
            }
        )
        prompt = [SystemMessage(SYSTEM), *in_words(messages)]
        try:
            draft = str(as_reply(gather(asked, prompt, patience.reply), keys).text)
        except Exception as error:
            print(f"{case['id']}: {type(error).__name__}", file=sys.stderr)
            continue
        cited = dict.fromkeys(re.findall(r"\[e:([0-9a-f]{8})\]", draft))
        for at, key in enumerate(cited):
            draft = draft.replace(f"[e:{key}]", f"[{at}]")
        done.append(
            {
                "id": case["id"],
                "question": question,
                "draft": draft,
                "evidence": [keys[k] for k in cited],
                "right": None,
            }
        )
        given.out.write_text(yaml.safe_dump(done, allow_unicode=True, sort_keys=False, width=110), "utf-8")
        print(f"{case['id']} {draft}", file=sys.stderr)
    service.close()


if __name__ == "__main__":
    main()
