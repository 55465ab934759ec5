"""What a question about schools leaves open, filled from the one before."""

from __future__ import annotations

from dataclasses import replace

from assistant.question import Known
from assistant.schools import ways
from assistant.schools.ask import SchoolAsk, SchoolOp
from assistant.schools.supposing import suppositions
from assistant.schools.ways import says


def only_state(masked: str, op: SchoolOp) -> str:
    """Return which schools are wanted: those that fail, comply, or lack data."""
    if says(ways.LACKING, masked):
        return "no_data"
    if op not in ("schools", "overview"):
        return ""
    if says(ways.SHORT, masked):
        return "not_met"
    if says(r"情况|怎么样|如何|怎样", masked):
        return ""
    if says(ways.ENOUGH, masked):
        return ""
    whether = says(r"能(?:不能|否|够)?|可以|有望|[吗么]\??$", masked)
    if whether and not says(r"哪|几所|多少所|名单", masked):
        return ""  # whether, not which
    return "met" if says(ways.REACHED, masked) else ""


_OF_A_SCHOOL = ("school", "additions", "why", "what_if", "limit", "county", "cell")


def filled(
    ask: SchoolAsk, masked: str, known: Known, last: SchoolAsk | None, place: str | None, *, goes_on: bool
) -> SchoolAsk:
    """Fill what the turn leaves open from the one before, and the place from the talk."""
    carried: list[str] = []
    changes: dict[str, object] = {}
    if ask.region is None and not ask.unknown_regions and place is not None:
        changes["region"] = place
        carried += ["region"] if last is not None and last.region == place else []
    same_place = ask.region is None or last is None or last.region in (None, ask.region)
    if last is not None:
        if not ask.year and last.year and same_place:
            changes["year"] = last.year
        named = bool(ask.schools or ask.candidates or ask.unknown)
        everyone = says(ways.ALL_SCHOOLS, masked) or says(r"全县|全市|全区|县里|要全部|所有", masked)
        if goes_on and same_place and last.schools and not named and not everyone and ask.op in _OF_A_SCHOOL:
            changes["schools"] = last.schools
            carried.append("school")
        if goes_on and not ask.stages and last.stages and not (named and ask.schools != last.schools):
            changes["stages"] = last.stages
            carried.append("stage")
        overall = says(ways.WHICH_ITEMS, masked) or ask.op in ("overview", "rule")
        overall = overall or (ask.op == "additions" and last.op == "school" and not last.codes)
        overall = overall or (ask.op == "school" and named and says(ways.REACHED, masked))
        if goes_on and not ask.codes and last.codes and not overall:
            changes["codes"] = last.codes
            carried.append("metric")
        if goes_on and ask.op == last.op and ask.op in ("schools", "county") and not ask.only:
            changes["only"] = last.only
        if goes_on and same_place and ask.op == last.op == "what_if":
            changes["changes"] = last.changes
    ask = replace(ask, **changes, carried=tuple(dict.fromkeys(carried)))  # type: ignore[arg-type]
    if ask.op == "what_if":
        ask = replace(ask, changes=(*ask.changes, *suppositions(masked, ask)))
    return ask
