"""A language model's look-up in the form that the tool wants: it tends to put the whole question into one argument."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.question import Known
from assistant.reading import metric_name
from assistant.slots import read_ask


def loosened(tool: str, arguments: Mapping[str, Any], known: Known) -> dict[str, Any]:
    """Return ``arguments`` with place, year and stage taken out of the words that are searched for.

    What the model gave in their own arguments stays as it is.
    """
    made = dict(arguments)
    query = made.get("query")
    if tool != "find_facts" or not isinstance(query, str) or not query.strip():
        return made
    ask = read_ask(query, known, ())
    words = metric_name(ask) if len(ask.metric_ids) == 1 else ask.words.replace(" ", "")
    if not words:
        return made
    made["query"] = words
    for name, said in (
        ("regions", ask.regions or ask.unknown_regions),
        ("periods", ask.periods),
        ("stages", ask.stages),
    ):
        if said and not made.get(name):
            made[name] = list(said)
    return made
