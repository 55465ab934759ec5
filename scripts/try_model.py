"""Ask a language model the questions of a file, with the guard on and off and the rules beside it.

    python scripts/try_model.py QUESTIONS.jsonl OUT.jsonl REPORT... [--home DIR]

The endpoint is that of the environment (``JUNHENG_LLM_BASE_URL``, ``JUNHENG_LLM_MODEL``). One line a
question goes to OUT as soon as it is answered, and a question that is there is not asked again, so a
slow run can be broken off and taken up. "Guard off" is the model's first draft as it stands, without
its marks: what a reader would have been shown. A question whose calls never end has no draft.

Printed are, for each of the three, the right answers and the wrong numbers as ``score.py`` counts them,
the questions that fell back to the rules with the reasons, and the seconds a question took.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from matching import NUMBER
from score import Outcome, read_lines, score

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from assistant.endpoint import Endpoint  # noqa: E402
from assistant.service import JunhengService, open_service  # noqa: E402
from assistant.settings import Settings  # noqa: E402

MARK = re.compile(r"\s*\[e:[0-9a-f]{8}\]")
ABSENT = re.compile(r"没有|查不到|无法|未(?:提供|载明|找到|提及)|不能")


class Listener:
    """Notes what a model replies, between the graph and the endpoint."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._reply = endpoint.reply
        setattr(endpoint, "reply", self.reply)  # noqa: B010 (a method of one object)
        self.calls: list[dict[str, Any]] = []
        self.drafts: list[str] = []
        self.evidence: dict[str, str] = {}

    def reply(self, messages: Sequence[Any], places: Sequence[str] = ()) -> Any:
        found = self._reply(messages, places)
        for message in messages:
            for item in getattr(message, "artifact", None) or []:
                self.evidence[item.key] = item.text
        if found.tool_calls or found.invalid_tool_calls:
            self.calls += [{"name": c["name"], "arguments": c["args"]} for c in found.tool_calls]
        else:
            self.drafts.append(str(found.text))
        return found

    def heard(self) -> dict[str, Any]:
        """Return what was noted since the last time; only evidence that a draft cites."""
        cited = {key for draft in self.drafts for key in re.findall(r"\[e:([0-9a-f]{8})\]", draft)}
        noted = {
            "calls": self.calls,
            "drafts": self.drafts,
            "evidence": {key: text for key, text in self.evidence.items() if key in cited},
        }
        self.calls, self.drafts, self.evidence = [], [], {}
        return noted


def unguarded(drafts: Sequence[str]) -> dict[str, Any] | None:
    """Return the answer that the first draft would have been."""
    if not drafts:
        return None
    text = MARK.sub("", drafts[0]).strip()
    figures = [
        {"text": m[0], "start": m.start(), "end": m.end(), "source": "citation:0"} for m in NUMBER.finditer(text)
    ]  # fmt: skip
    absent = not text or (ABSENT.search(text) is not None)
    return {
        "status": "refused" if absent else "answered",
        "reason": None,
        "text": text,
        "values": [],
        "figures": figures,
        "citations": [{"quote": " ", "start": 0, "end": 1}],
    }


def ask(service: JunhengService, turns: Sequence[str], listener: Listener | None = None) -> dict[str, Any]:
    """Return the answer to the last of ``turns``; the listener then knows of that turn only."""
    thread = None
    for turn in turns:
        if listener is not None:
            listener.heard()
        answer = service.ask(turn, thread_id=thread)
        thread = answer.thread_id
    return answer.as_json()


def run(
    cases: Sequence[Mapping[str, Any]], out: Path, service: JunhengService, rules: JunhengService
) -> None:
    done = {line["id"] for line in read_lines(out)} if out.exists() else set()
    endpoint = service._language.endpoint()
    assert endpoint is not None, "set JUNHENG_LLM_BASE_URL and JUNHENG_LLM_MODEL"
    print(f"the model is asked by {endpoint.manner()}", file=sys.stderr)
    listener = Listener(endpoint)
    with out.open("a", encoding="utf-8") as file:
        for case in cases:
            if case["id"] in done:
                continue
            begun = time.perf_counter()
            answer = ask(service, case["turns"], listener)
            took = round(time.perf_counter() - begun, 1)
            line = {
                "id": case["id"],
                "turns": case["turns"],
                "answer": answer,
                "rules": ask(rules, case["turns"]),
                "seconds": took,
                **listener.heard(),
            }
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            file.flush()
            print(f"{case['id']} {answer['mode']} {took} s", file=sys.stderr)


def report(cases: Sequence[Mapping[str, Any]], lines: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the summary of what was asked, a table and the fallbacks."""
    asked = {line["id"]: line for line in lines}
    known = [case for case in cases if case["id"] in asked]
    single = [case for case in known if len(case["turns"]) == 1]
    found = [
        f"{len(known)} questions, {len(single)} of a single turn",
        f"{'':<24}{'asked':>6}{'right':>6}{'wrong':>6}",
    ]
    for name, chosen, answers in (
        ("language model, guarded", known, {i: line["answer"] for i, line in asked.items()}),
        ("rules alone", known, {i: line["rules"] for i, line in asked.items()}),
        ("first draft, no guard", known, {i: u for i, line in asked.items() if (u := unguarded(line["drafts"]))}),
    ):  # fmt: skip
        outcomes: list[Outcome] = score(chosen, answers)
        right, wrong = sum(o.right for o in outcomes), sum(o.wrong is not None for o in outcomes)
        found.append(f"{name:<24}{len(outcomes):>6}{right:>6}{wrong:>6}")
    modes = Counter(asked[case["id"]]["answer"]["mode"] for case in known)
    why = Counter(
        w for case in known for w in asked[case["id"]]["answer"]["warnings"] if "本答案由内置规则给出" in w
    )
    seconds = sorted(asked[case["id"]]["seconds"] for case in known)
    found.append(f"answered by the model {modes['llm']}, by the rules {modes['embedded']}")
    found += [f"  {count} × {text}" for text, count in why.most_common()]
    if seconds:
        found.append(
            f"seconds a question: median {statistics.median(seconds):.0f}, longest {seconds[-1]:.0f}"
        )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("questions", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("reports", type=Path, nargs="*")
    parser.add_argument("--home", type=Path, help="where the reports are kept (default: a folder of its own)")
    parser.add_argument("--limit", type=int, help="ask only the first N questions")
    given = parser.parse_args()
    cases = read_lines(given.questions)[: given.limit]
    if given.reports:
        home = given.home or Path(tempfile.mkdtemp(prefix="junheng-model-"))
        settings = replace(Settings.from_env(), home=home, empty=True)
        service = open_service(home, empty=True, settings=settings)
        service.ingest(given.reports)
        rules = JunhengService(service.store, Settings(home=home))
        run(cases, given.out, service, rules)
        service.close()
    print("\n".join(report(cases, read_lines(given.out))))


if __name__ == "__main__":
    main()
