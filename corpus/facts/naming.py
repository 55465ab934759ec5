"""What a number is called: its metric, the indicator of the catalogue, its stage and its subject."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.catalogue import indicators, indicators_in
from corpus.facts import labels
from corpus.facts.spots import Spot
from corpus.folding import fold
from corpus.gazetteer import mentions
from corpus.model import Fact, Report
from corpus.units import dimension

HEADING = re.compile(
    r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十\d]+\)|\d+[.、](?!\d)|[一二三四五六七八九十]是|第[一二三四五六七八九十]+(?:[章节条]|部分))\s*"
)
_NO_NOUN = re.compile(
    r"^(?:增|减|下降|上升|提高|和$|及$|与$|以上|以下|左右|、|到|至|增至|提高到|的?(?:比例|比重|占比|份额|增幅|降幅)|实行|正在|相比|同比|环比)"
)
_ELSEWHERE = re.compile(r"^(?:当地|同级|全省|全市|全国|公务员|财政)")
_ACTS = re.compile(r"^(?:对|(?:全部|主要|全都|均)?用于|进行|开展|拨付|安排)")
"""Words after a number that say what is done with it; they name nothing."""
_VERBAL = re.compile(
    r"(?:核定|新增|新建|改扩建|改建|扩建|招聘|补充|培训|建成|完成|投入|投资|召开|开展|举办|印发|出动|查出|排查|下发|批准|设立|批准设立"
    r"|配备|选派|引进|增加|减少|撤并|合并|资助|拥有|实施|打造|改造|更新|购置|移交|引导|遴选|认定|命名|组建|分流|化解|消除|设|有|辖|对.{0,20})$"
)
_COEFFICIENT = "校际差异系数"
_RATIO_NAMES = ("比", "率", "比例", "比重", "占比")


@dataclass(frozen=True, slots=True)
class Name:
    metric: str
    metric_id: str | None
    stage: str | None
    subject: str | None


@dataclass(frozen=True, slots=True)
class Around:
    """What the sentence and the headings add to a name: ``titles`` innermost first, then ``parents``."""

    intro: str
    titles: tuple[str, ...]
    whole: Fact | None
    wholes: tuple[Fact, ...]
    told: tuple[str | None, str]
    """The indicator last told by stage and the dimension of its unit."""
    topic: tuple[str, str] | None
    head: str = ""
    """The clause before, when it has no number: "生均教学仪器设备值,小学2684元、初中3517元"."""


def noun_after(after: str) -> str:
    """Return the noun that the words after a number give it ("72名公办幼儿园教师编制")."""
    words = after.replace("\x00", "").strip(" 、")
    if not words or _NO_NOUN.match(words):
        return ""
    return words.removeprefix("的").strip()[:40]


def verbal(name: str) -> bool:
    """True if ``name`` is a verb without its object ("新增", "批准设立")."""
    return bool(_VERBAL.search(name))


def other_place(before: str, report: Report) -> str | None:
    """Return a place of higher or equal level that the words name and that is not the report's own."""
    for mention in reversed(mentions(before.replace("\x00", " "))):
        names = {place.name for place in mention.places}
        if report.region in names or names & set(report.region_path):
            continue
        if mention.full or mention.written == "全国":
            return mention.written if len(names) != 1 else next(iter(names))
    if re.search(r"全国平均|全国", before) and report.region != "全国":
        return "全国"
    own = report.region_path
    if re.search(r"全省", before) and len(own) > 1 and own[0] != report.region:
        return own[0]
    if re.search(r"全市平均", before) and len(own) > 2 and own[1] != report.region:
        return own[1]
    return None


def staged(text: str, noun: str, unit: str, around: Around) -> tuple[str | None, str | None]:
    """Return (stage id, words that say it) of a number: from its own words, else what they stand under."""
    if found := labels.stage_in(text):
        return found
    counted = dimension(unit) not in ("money", "percent", "percent_point", "none", "ratio")
    if noun and (counted or not text) and not _ACTS.match(noun) and (found := labels.stage_in(noun)):
        return found
    if _several(text):
        return None, None
    if around.topic and not _ELSEWHERE.match(text):
        return around.topic
    if stage := labels.implied_stage(f"{text} {noun}"):
        return stage, None
    return None, None


def _several(text: str) -> bool:
    """True if the words name stages in a list; then no single one is meant and none is inherited."""
    return bool(
        re.search(
            r"(?:小学|初中|高中|幼儿园|中职)[、和与及](?:[^,;]{0,4})(?:小学|初中|高中|幼儿园|中职)", text
        )
    )


def name_share(
    text: str, noun: str, whole: str | None, unit: str, anchor: Fact | None, around: Around
) -> Name:
    """Name a share: of what ("专任教师中本科以上学历的"), and in which whole if that is said."""
    base = labels.trim(text) or (anchor.metric if anchor else "") or labels.trim(noun)
    stage, subject = staged(text, noun, unit, around)
    if anchor and not text:
        stage, subject = (anchor.stage, anchor.subject) if anchor.stage else (stage, subject)
    if whole:
        whole = re.sub(r"^(?:我|本|全)[市县区省国]|^同期", "", labels.trim(whole)).replace("\x00", "")
        metric = f"{base}占{whole}比例"
    else:
        metric = base if base.endswith(_RATIO_NAMES) else f"{base}占比"
    metric_id = labels.metric_in(metric, unit)
    for other in around.wholes:
        metric_id = metric_id or labels.metric_across(labels.trim(other.metric), metric, unit)
    return Name(metric, metric_id, stage, subject)


def name_number(text: str, noun: str, spot: Spot, unit: str, moving: bool, around: Around) -> Name:
    """Name a level, a base or a change; ``moving``: the unit is that of the change, not of the metric."""
    stage, subject = staged(text, noun, unit, around)
    core = labels.trim(text)
    own_stage = labels.stage_in(text) is not None
    metric_id = _any_metric(text) if moving else labels.metric_in(text, unit)
    if metric_id is None and noun and not text and not moving:
        metric_id = labels.metric_in(noun, unit)
    bare = labels.is_elliptical(core) and not noun
    if metric_id is None and bare:
        contexts = (around.head,) if around.head and own_stage else (around.intro, *around.titles)
        for context in contexts:
            metric_id = _any_metric(context) if moving else labels.metric_in(context, unit)
            if metric_id:
                break
        if (
            metric_id is None
            and own_stage
            and not around.head
            and not moving
            and around.told[1] == dimension(unit)
        ):
            metric_id = around.told[0]
    if metric_id is None and unit == "%" and core.endswith("率"):
        for other in around.wholes:
            metric_id = metric_id or labels.metric_across(labels.trim(other.label), core, unit)
    if metric_id is not None:
        return Name(indicators()[metric_id].name, metric_id, stage, subject)
    name = core
    if noun and (not name or verbal(name)) and not _ACTS.match(noun):
        name = labels.trim(noun) or name
    if (
        bare
        and own_stage
        and around.whole is not None
        and not moving
        and around.whole.label != around.whole.subject
    ):
        name = around.whole.metric  # 在校学生100人,其中小学60人
    if bare and own_stage and around.head:
        name = labels.trim(around.head)
    name = name or labels.trim(spot.wide) or labels.trim(around.intro)
    return Name(name or text.strip(" \x00、,") or subject or "", None, stage, subject)


def name_bound(named: Fact, levels: list[Fact], everyone: bool) -> Name:
    """Name a bound: that of ``named``, or of all ``levels`` of its list ("均不高于0.50")."""
    listed = [f for f in levels if f.unit == named.unit] if everyone else [named]
    alike = len({f.stage for f in listed} | {named.stage}) == 1
    stage, subject = (named.stage, named.subject) if alike else (None, None)
    metric, metric_id = named.metric, named.metric_id
    if len({f.metric for f in listed}) > 1 and metric.endswith(_COEFFICIENT):
        metric, metric_id = _COEFFICIENT, labels.metric_in(_COEFFICIENT, named.unit)
    return Name(metric, metric_id, stage, subject)


def topic_of(titles: tuple[str, ...]) -> tuple[str, str] | None:
    """Return the stage that the innermost heading with a stage says and nothing else ("五、特殊教育")."""
    for title in reversed(titles):
        if labels.stage_in(title):
            return labels.bare_stage(title)
    return None


def _any_metric(text: str) -> str | None:
    found = indicators_in(text)
    return found[-1].id if found else None


def plain_titles(path: tuple[str, ...]) -> tuple[str, ...]:
    """Return the headings without their numbering, folded, outermost first."""
    return tuple(HEADING.sub("", fold(title))[: labels.LONGEST] for title in path)


_INTRO = re.compile(r"(?:情况)?(?:如下|为|是|分别是|分别为)?[:]\s*$")


def introduction(words: str) -> str | None:
    """Return the sentence if it ends as one that introduces what follows ("…情况为:")."""
    return words.strip() if _INTRO.search(words.strip("\n ")) else None
