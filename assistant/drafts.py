"""What the guard cannot know about a language model's draft: is it an answer to the question at all?

The guard holds a draft against its evidence. The rule model has gathered its evidence for the question;
a language model may have looked up something else, and then says something true that nobody asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from assistant.guard import MARK, Sources
from assistant.question import Ask
from assistant.schools.ask import SchoolAsk
from corpus.catalogue import settled
from corpus.model import Fact
from tools.calculation import Calculation
from tools.evidence import Evidence, Missing, Sentence, Statement
from tools.order import obstacles

_BRACKETED = re.compile(r"[\[【(（]([^\[\]【】()（）\n]{4,120})[\]】)）]")
_LINE = re.compile(r"^([^「」\n]{6,}?)((?:\[e:[0-9a-f]{8}\])+)[。.]?$", re.M)
_KEY = re.compile(r"(?<![0-9a-f])[0-9a-f]{8}(?![0-9a-f])")
_ONLY_KEYS = re.compile(
    r"(?:证据|编号|来源|依据|[eE]|[::,，、;；\s\[\]]|(?<![0-9a-f])[0-9a-f]{8}(?![0-9a-f]))+"
)


def tidy(text: str, evidence: Mapping[str, Evidence]) -> str:
    """Return a draft with plain emphasis removed and its marks, however bracketed, as ``[e:12345678]``.

    A line that is, word for word, part of a cited sentence of a report is a quotation and marked as one.
    """

    def mark(match: re.Match[str]) -> str:
        keys = _KEY.findall(match[1])
        meant = keys and _ONLY_KEYS.fullmatch(match[1])
        if meant and ("e" in re.sub(_KEY, "", match[1]).lower() or all(k in evidence for k in keys)):
            return "".join(f"[e:{key}]" for key in keys)
        return match[0]

    def quote(match: re.Match[str]) -> str:
        said = match[1].strip()
        cited = (evidence[key].item for key in _KEY.findall(match[2]) if key in evidence)
        verbatim = any(isinstance(item, Sentence) and said in item.text for item in cited)
        return f"「{said}」{match[2]}" if verbatim else match[0]

    text = _BRACKETED.sub(mark, text)
    text = re.sub(r"\*\*|__|^#+\s*|^[-*•]\s+", "", text, flags=re.M)
    text = re.sub(r"\s+(?=\[e:[0-9a-f]{8}\])", "", text)
    return _LINE.sub(quote, re.sub(r"\n\s*\n+", "\n", text).strip())


def doubts(draft: str, sources: Sources, asks: Sequence[Ask]) -> list[str]:
    """Return, in Chinese for the model to act on, how ``draft`` is beside the question."""
    if not sources.evidence:
        return ["还没有用工具查过资料，请先调用工具"]
    cited = [sources.evidence[key] for key in MARK.findall(draft) if key in sources.evidence]
    if not cited:
        return ["没有一处注明依据"]
    return [*_beside(cited, sources, asks), *_incomparable(cited, sources)]


def doubts_of_schools(draft: str, sources: Sources, asks: Sequence[SchoolAsk]) -> list[str]:
    """Return how ``draft`` is beside a question about schools: another school, stage or indicator than asked."""
    cited = [sources.evidence[key] for key in MARK.findall(draft) if key in sources.evidence]
    if not sources.evidence:
        return ["还没有用工具查过资料，请先调用工具"]
    if not cited:
        return ["没有一处注明依据"]
    found: list[str] = []
    said = [e.item for e in cited if isinstance(e.item, Statement)]
    schools = {name for statement in said for name in statement.schools}
    wanted = {name for ask in asks for name in ask.schools}
    if wanted and schools and not wanted & schools:
        found.append(f"问的是{'、'.join(sorted(wanted))}，所引的是别的学校")
    for what, asked, held in (
        ("学段", {s for ask in asks for s in ask.stages}, {s.stage for s in said}),
        ("指标", {c for ask in asks for c in ask.codes}, {s.code for s in said}),
    ):
        own = {x for x in held if x}
        if asked and own and not asked & own:
            found.append(f"所引的不是所问的{what}")
    return found


def _facts(items: Sequence[Evidence]) -> list[Fact]:
    found: list[Fact] = []
    for item in items:
        if isinstance(item.item, Fact):
            found.append(item.item)
        elif isinstance(item.item, Calculation):
            found += [i.fact for i in item.item.inputs if i.fact is not None]
    return found


def _beside(cited: list[Evidence], sources: Sources, asks: Sequence[Ask]) -> list[str]:
    """Evidence of another place, year or indicator than the question names does not answer it."""
    facts = _facts(cited)
    found: list[str] = []
    places = {f.region for f in facts if f.region}
    for report_id in {*(f.report_id for f in facts), *_reports(cited)}:
        report = sources.report(report_id)
        places |= {report.region} if report and report.region else set()
    wanted = {region for ask in asks for region in ask.regions}
    if wanted and places and not wanted & places:
        found.append(f"问的是{'、'.join(sorted(wanted))}，所引证据是{'、'.join(sorted(places))}的")
    years = {p[:4] for ask in asks if "period" not in ask.carried for p in (*ask.periods, *ask.against)}
    years = {year for year in years if year.isdigit()}
    held = {y for f in facts for y in re.findall(r"(?:19|20)\d\d", f"{f.period} {f.base_period}")}
    if years and held and not years & held and not _absent(cited):
        found.append(f"问的是{'、'.join(sorted(years))}年，所引证据是{'、'.join(sorted(held))}年的")
    named = {i for ask in asks if not ask.generic and "metric" not in ask.carried for i in ask.metric_ids}
    metrics = {settled(f) for f in facts}
    if named and facts and None not in metrics and not named & metrics and not _absent(cited):
        found.append(f"所引证据是“{'、'.join(sorted({f.metric for f in facts}))}”，不是问的指标")
    return found


def _reports(cited: list[Evidence]) -> set[str]:
    return {e.item.report_id for e in cited if isinstance(e.item, Sentence)}


def _absent(cited: list[Evidence]) -> bool:
    return any(isinstance(e.item, Missing) for e in cited)


def _incomparable(cited: list[Evidence], sources: Sources) -> list[str]:
    """What a tool called incomparable, or is so by its slots, must be said to be so."""
    if any(isinstance(e.item, Missing) and e.item.reason == "not_comparable" for e in cited):
        return []
    for item in sources.evidence.values():
        if isinstance(item.item, Missing) and item.item.reason == "not_comparable":
            return [f"工具说明“{item.text}”[e:{item.key}]，须照实写出并注明这个编号"]
    for item in cited:
        made = item.item
        if isinstance(made, Calculation) and made.name in ("difference", "ratio", "growth_rate"):
            sides = [i.fact for i in made.inputs if i.fact is not None]
            if len(sides) == 2 and sides[0].region != sides[1].region and (why := obstacles(*sides)):
                return [f"这两个数不能直接比较：{'；'.join(why)}"]
    return []
