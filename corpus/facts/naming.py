"""What a number is called: its metric, the indicator of the catalogue, its stage and its subject."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.alone import alone_in
from corpus.catalogue import indicators, indicators_in, stages_in
from corpus.facts import alongside, averages, gained, labels, nouns, parts, rates
from corpus.facts.spots import Spot
from corpus.model import Fact
from corpus.units import dimension

_ELSEWHERE = re.compile(
    r"^(?:均|都)?(?:不?(?:低于|高于)|超过|达到|优于|[与比较和])?(?:当地|同级|全省|全市|全国|公务员|财政)"
)
_SPANNING = re.compile(r"一贯制|完全中学|完中|职业中专|职业中学|技工|中等专业|特校|进修学校|培智|聋|盲校")
"""Schools that are of no single stage told before them."""
_BARE_RATE = re.compile(r"(?:三年|六年|毛|净)?(?:巩固|入学|升学|毕业|辍学|流失|保留|完成|合格|留存)率")
_BOTH = re.compile(r"率(?:和|、|及|与|以及)[^,;。]{2,}率")
_SUMMED = re.compile(r"(?:共计|合计|累计|总计|共)(?:投入|支出|安排|拨付)(?:了|约|近)?$")
_MANNER = re.compile(r"(?:按计划|按期|如期|按时|提前|顺利|全部|基本)+")
_SETTLED_FOR = re.compile(r"^(?:全面|严格|及时|足额|认真)*(?:落实|执行|兑现)了?(?=.{4})")
_MEMBERS = re.compile(r"(?P<whole>[\u4e00-\u9fff]{3,10}?)中(?![小学职等心级考高]|专(?!科))")
_ACTS = re.compile(r"^(?:对|(?:全部|主要|全都|均)?用于|进行|开展|拨付|安排)")
"""Words after a number that say what is done with it; they name nothing."""
_OF_CHILDREN = "kindergarten_share"
"""The indicators that tell shares of children; those of kindergartens are named after their number."""
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
    parent: Fact | None = None
    """The whole that 其中 or a bracket divides, in the dimension of the number."""
    owner: Fact | None = None
    """The schools of one kind that the numbers told with them belong to."""
    before: tuple[Fact, ...] = ()
    """The wholes of the sentence before, in the same paragraph."""
    passed: tuple[Fact, ...] = ()
    """The wholes of all sentences before in the paragraph, the nearest first."""
    latest: Fact | None = None
    """The last level in the dimension of the number."""
    bracket: str = ""
    """The words before the bracket that holds the number, where no number stands there."""
    near: str = ""
    """What stands before a colon in the sentence of the number itself."""
    joined: bool = False
    """Whether only 、 stands between the number before and the words of this one."""
    prior: str = ""
    """The clause before, where it has no number."""
    last: Fact | None = None
    """The level told last in the same part of the sentence."""
    headed: str = ""
    """What a list in the clause tells of each of its names ("补助标准为小学生1000元、初中生1250元")."""
    head: str = ""
    """The clause before, when it has no number: "生均教学仪器设备值,小学2684元、初中3517元"."""
    within: bool = False
    """Whether the number stands in a bracket behind another number, which says its stage."""
    parents: tuple[Fact, ...] = ()
    """The wholes in all dimensions that 其中 or a bracket divides."""
    said: str = ""
    """The words of the sentence before the number."""
    levels: tuple[Fact, ...] = ()
    """The levels that the sentence told before, the last ones."""
    opening: str = ""
    """What stands before the colon that the list of the sentence follows ("本科以上学历占比:小学84.9%,初中95.1%")."""


def staged(text: str, noun: str, unit: str, around: Around) -> tuple[str | None, str | None]:
    """Return (stage id, words that say it) of a number: from its own words, else what they stand under."""
    if found := labels.stage_in(text) or labels.grade_in(text):
        return found
    for opening in (around.near, around.opening if not around.within else ""):
        if opening and (found := labels.stage_in(opening)):
            return found
    verbal = nouns.verbal(labels.trim(text))
    counted = dimension(unit) not in ("money", "percent", "percent_point", "none", "ratio")
    if (
        noun
        and (counted or not text or verbal)
        and not _ACTS.match(noun)
        and (found := labels.stage_in(noun))
    ):
        return found
    if _several(text) or _ALL_KINDS.search(text):
        return None, None
    divided = max(around.parents, key=lambda fact: fact.start, default=None)
    if divided is not None and divided.stage not in (None, "special"):
        if counted or dimension(unit) == "money":
            return divided.stage, divided.subject  # 资助普通高中学生100人,其中脱贫户30人
    if opened := _MEMBERS.match(labels.trim(text)):
        known = (*around.wholes, *around.before)
        whole = next((f for f in known if labels.trim(f.label).endswith(opened["whole"])), None)
        if whole is not None and whole.stage:
            return whole.stage, whole.subject  # 学前教育专任教师324人。专任教师中专科以上学历90%
    told = around.last
    if (
        unit == "%"
        and told is not None
        and dimension(told.unit) in ("percent", "person")
        and told.stage
        and _BARE_RATE.fullmatch(labels.trim(text))
    ):
        return told.stage, told.subject  # 初中入学率100%,巩固率99.1%
    if dimension(unit) in ("所", "个") and _SPANNING.search(labels.trim(text)):
        return labels.implied_stage(text), None
    if around.topic and around.topic[0] != "special" and (own := labels.implied_stage(text)):
        return (own, None) if own != around.topic[0] else around.topic  # 义务教育…;公办园在园幼儿…
    if around.topic and not _ELSEWHERE.match(text):
        return around.topic
    if stage := labels.implied_stage(f"{text} {noun}"):
        return stage, None
    return None, None


_ALL_KINDS = re.compile(r"各级各类|各类(?:学校|教育|学生)|全部学校|全体学生")


def _several(text: str) -> bool:
    """True if the words name stages in a list; then no single one is meant and none is inherited."""
    return bool(
        re.search(
            r"(?:小学|初中|高中|幼儿园|中职)[、和与及](?:[^,;]{0,4})(?:小学|初中|高中|幼儿园|中职)", text
        )
    )


def name_share(
    text: str, noun: str, whole: str | None, unit: str, anchor: Fact | None, around: Around, link: str = "占"
) -> Name:
    """Name a share: of what ("专任教师中本科以上学历的"), and in which whole if that is said."""
    base = labels.trim(text) or (anchor.metric if anchor else "") or labels.trim(noun)
    if (
        anchor
        and anchor.metric_id is None
        and base != anchor.metric
        and text == anchor.label
        and "占" not in anchor.metric
    ):
        base = anchor.metric if base in anchor.metric else base
    if anchor and labels.bare_stage(base) and not labels.bare_stage(anchor.metric):
        base = anchor.metric  # 留守儿童…其中,小学1064人,占…10.55%
    stage, subject = staged(text, noun, unit, around)
    if anchor and not text:
        stage, subject = (anchor.stage, anchor.subject) if anchor.stage else (stage, subject)
    if whole:
        whole = re.sub(r"^(?:我|本|全)[市县区省国]|^同期", "", labels.trim(whole)).replace("\x00", "")
        metric = f"{base}{link}{whole}比例"
    else:
        metric = base if base.endswith(_RATIO_NAMES) else f"{base}占比"
    metric_id = labels.metric_in(metric, unit)
    for other in (*around.wholes, *around.before):
        metric_id = metric_id or labels.metric_across(labels.trim(other.metric), metric, unit)
    if metric_id and whole and metric_id == labels.metric_in(f"占{whole}比例", unit):
        metric_id = None  # 高级职称占在编教师比例: 在编教师比例 is another thing
    if metric_id and anchor is not None and dimension(anchor.unit) in ("所", "个", "家"):
        if indicators()[metric_id].family == _OF_CHILDREN:
            metric_id = alone_in(f"{base}数占比", unit)
    return Name(metric, metric_id, stage, subject)


def name_number(text: str, noun: str, spot: Spot, unit: str, moving: bool, around: Around) -> Name:
    """Name a level, a base or a change; ``moving``: the unit is that of the change, not of the metric."""
    stage, subject = staged(text, noun, unit, around)
    core = labels.trim(text)
    own_stage = labels.stage_in(text) is not None
    asked = (
        None
        if noun or moving
        else alongside.opinion(core, unit, (around.near, around.intro, *around.titles[:1]))
    )
    if asked:
        return Name(asked[0], labels.metric_in(asked[0], unit) if asked[1] else None, stage, subject)
    metric_id = _any_metric(text) if moving else labels.metric_in(text, unit)
    if unit == "%" and (both := _BOTH.search(core)) and not moving:
        stages = {found.id for found in stages_in(core)}
        metric_id = None if len(stages) > 1 else metric_id  # 小学净入学率和初中净入学率均在99.9%以上
        stage, subject = (None, None) if len(stages) > 1 or not both else (stage, subject)
    if metric_id is None and noun and not text and not moving:
        metric_id = labels.metric_in(noun, unit)
    summed = _SUMMED.search(spot.before.rstrip(" \x00"))
    if metric_id is None and not noun and summed and dimension(unit) == "money" and nouns.bare_verb(core):
        metric_id = labels.metric_in(around.prior, unit)  # 教育经费投入逐年增长,共计投入50亿元
    bare = labels.is_elliptical(core) and not noun
    if metric_id is None and bare:
        contexts = (around.head,) if around.head and own_stage else (around.intro, *around.titles)
        if _opened(around):
            contexts = (around.opening,)  # the colon before the list names what it is of
        for context in contexts:
            metric_id = _any_metric(context) if moving else labels.metric_in(context, unit)
            if metric_id and context in around.titles and _joins(context, metric_id):
                metric_id = None
            if metric_id:
                break
        if (
            metric_id is None
            and own_stage
            and not around.head
            and not moving
            and around.told[1] == dimension(unit)
            and (around.whole is None or around.whole.metric_id is not None)
        ):
            metric_id = around.told[0]
    if metric_id is None and unit == "%" and not own_stage and subject and _BARE_RATE.fullmatch(core):
        metric_id = labels.metric_in(f"{subject}{core}", unit)
    if unit == "%" and not noun and (elsewhere := _of_place(core, around)):
        return Name(elsewhere, None, around.last.stage if around.last else stage, subject)
    if metric_id is None and unit == "%" and core.endswith("率"):
        others = (*around.wholes, *around.before, *around.passed)
        metric_id = labels.rate_of([*(labels.trim(f.label) for f in others), *around.titles], core, unit)
    if metric_id is None and averages.bare(core):
        average = averages.named(core, unit, around.latest, around.titles)
        metric_id = averages.metric_of(average, unit) if average else None
        core = average or core
        if around.latest is not None and average and stage is None:
            stage, subject = around.latest.stage, around.latest.subject
    host = around.parent
    if (
        host is not None
        and host.stage
        and stage
        and not moving
        and stage in _STAGED_WITHIN.get(host.stage, ())
    ):
        # 特殊教育学校在校学生100人,其中小学60人: those 60 are no pupils of primary schools
        return Name(
            f"{host.subject}{core or subject or ''}{parts.plain(host.metric)}", None, host.stage, host.subject
        )
    if not moving and not noun and (part_of_gain := gained.part_of(core, unit, around.parents)):
        return Name(*part_of_gain, stage, subject)
    if metric_id is not None:
        return Name(indicators()[metric_id].name, metric_id, stage, subject)
    if not noun and not moving and (full := rates.specified(core, unit, around.said, around.levels)):
        return Name(full, labels.metric_in(full, unit), stage, subject)
    if metric_id is None and not noun and unit == "%" and (rate := _rate_of_head(core, around)):
        return Name(rate, labels.metric_in(rate, unit), stage, subject)
    if not noun and not moving and (beside := alongside.named(core, unit, around.last)):
        return Name(beside, labels.metric_in(beside, unit), stage, subject)
    name = core
    if not noun and not moving and around.latest is not None and _MANNER.fullmatch(core):
        done = next((verb for verb in ("完成", "建成", "实现") if verb in spot.before[-6:]), "")
        name = f"{parts.plain(around.latest.metric)}{core}{done}"  # 项目12个,已按计划完成9个
    if not noun and not moving and nouns.bare_verb(core):
        name = _of_verb(core, around) or name
    if noun and not _ACTS.match(noun):
        name = nouns.joined(name, noun, spot.before, unit)
    whole_of = around.parent is None or (around.parent.stage is None and not gained.verb_of(around.parent))
    whole_of = whole_of or (
        around.parent is not None and parts.words().heads.search(parts.plain(around.parent.metric)) is None
    )
    whole_of = whole_of and not (around.parent and parts.words().limits.search(around.parent.metric))
    alone = dimension(unit) in ("所", "家") and whole_of and parts.words().heads.search(core)
    if (
        bare
        and own_stage
        and not alone
        and around.whole is not None
        and not moving
        and around.whole.metric != around.whole.subject
    ):
        name = parts.plain(around.whole.metric)  # 在校学生100人,其中小学60人
    elif _only_stage(core) and not moving and not alone and (opened := _opened(around)):
        name = opened
    elif _of_kind(core, unit) and not moving and not noun and (opened := _opened(around)):
        name = f"{core}{opened}"
    elif _only_stage(core) and not moving and around.whole is None and dimension(unit) not in ("所", "个"):
        name = _unwhole(unit, around) or name
    elif not moving and not noun and _GENERIC.fullmatch(name):
        name = _specified(name, unit, around) or name
    if bare and own_stage and around.head:
        name = labels.trim(around.head)
    if not moving:
        first = next((f for f in around.before if dimension(f.unit) == dimension(unit)), None)
        part = parts.composed(name, unit, around.parent, around.whole or first)
        if not part and around.owner is not None:
            part = parts.owned(name, unit, around.owner)
            stage, subject = (around.owner.stage, around.owner.subject) if part else (stage, subject)
        name = part or name
        told = (
            nouns.verbal(name) or nouns.lead_of(name)[0] or name[:1].isdigit() or dimension(unit) == "money"
        )
        if around.joined and around.last is not None and not told:
            name = nouns.lead_of(around.last.metric)[0] + name  # 新增校舍面积3.6万平方米、学位4200个
        name = _HELD.sub("", name)
        name = _SETTLED_FOR.sub("", name) if dimension(unit) == "money" else name
        if headed := labels.headed(name):
            name = headed[1] + headed[0]
        elif around.joined and around.headed and around.headed not in name and len(name) <= 12:
            name += around.headed
    name = name or labels.trim(spot.wide) or labels.trim(around.intro)
    return Name(name or text.strip(" \x00、,") or subject or "", None, stage, subject)


_PLACES = re.compile(r"(?:全?[县市区省]|市区|城区|镇区|农村|乡村|城市|城镇|县城|县市|县级市|中心城区)+")


def _of_place(core: str, around: Around) -> str:
    """Return the rate told last of other places where ``core`` only says of which ("市区入园率96%,县(市)92%")."""
    told = around.last
    if told is None or told.unit != "%" or told.role != "level" or not _PLACES.fullmatch(core):
        return ""
    name = labels.trim(told.label)
    place = _PLACES.match(name)
    return f"{core}{name[place.end() :]}" if place and len(name) - place.end() >= 3 else ""


_STAGED_WITHIN = {"special": ("preschool", "primary", "junior", "senior", "senior_any", "vocational")}
"""Schools that have stages inside of them that are other than the schools of these stages."""
_HELD = re.compile(
    r"^(?:全县|全市|全区)?(?:学校|中小学校?|小学|初中|幼儿园|高中)(?:共有|现有|共设|设有)(?=.{2})"
)
_GENERIC = re.compile(
    r"(?:平均|人均|补助|资助|奖补|发放|拨款|奖励)*(?:标准|金额|资金|人数|人次|总额|数额|面积|数量)|最高|最低|最多|最少|最大|最小"
)


_SETTLED = re.compile(r"^(?:落实|保障|执行|提高|统一|明确|按照|按|核定)")


def _only_stage(core: str) -> bool:
    found = stages_in(core)
    rest = core[: found[0].start] + core[found[0].end :] if len(found) == 1 else core
    return len(found) == 1 and rest in ("", "阶段", "教育", "学校", "阶段教育")


def _joins(title: str, metric_id: str) -> bool:
    """True if a heading names an indicator beside something else ("教育质量与社会认可度"): it is of both, so of neither."""
    named = next(n for n in indicators_in(title) if n.id == metric_id)
    before = title[: named.start]
    for stage in reversed(stages_in(before)):
        before = before[: stage.start] + before[stage.end :]
    return re.search(r"[\u4e00-\u9fff][与和及、]", before) is not None


_MEASURE = re.compile(
    r"(?:占比|比例|比重|率|面积|数|值|经费|支出|投入|标准|定额|工资|收入|费|总量|金额|额|度|课时|时间|年限)$"
)


_RATE = re.compile(
    r"(?:入学|巩固|入园|就学|升学|毕业|合格|达标|覆盖|持证|普及|完成|就近入学|毛入学|毛入园|净入学)率$"
)


def _rate_of_head(core: str, around: Around) -> str:
    """Return the rate of the children or the school ``core`` that a heading or colon names ("入学率。残疾儿童少年98.5%")."""
    for words in (around.near, *around.titles[:1]) if not _opened(around) else ():
        said = labels.trim(words)
        if core and len(said) <= 8 and _RATE.search(said) and labels.metric_across(core, said, "%"):
            return f"{core}{said}"
    return ""


def _of_kind(core: str, unit: str) -> bool:
    """True if ``core`` only says which schools or places a share or an average is of (城区, 公办)."""
    counted = dimension(unit) in ("person", "person_time", "所", "个", "家", "class")
    return not counted and parts.words().kinds.fullmatch(core) is not None


def _opened(around: Around) -> str:
    """Return the measure that the words before the colon of the sentence name, "" if they name none."""
    words = labels.trim(around.opening)
    return parts.plain(words) if 3 <= len(words) <= 32 and _MEASURE.search(words) else ""


def _unwhole(unit: str, around: Around) -> str:
    """Return the name of a number that only says its stage and has no whole in its sentence."""
    if around.bracket and len(labels.trim(around.bracket)) <= 16:
        return labels.trim(around.bracket)
    if title := averages.title_noun(around.titles):
        return title
    if dimension(unit) != "person" and 3 <= len(around.prior) <= 20:
        return nouns.lead_of(around.prior)[1] or _SETTLED.sub("", around.prior)
    told = [parts.plain(f.metric) for f in around.before if dimension(f.unit) == dimension(unit) == "person"]
    return next((name for name in told if parts.words().people.search(name)), "")


def _specified(name: str, unit: str, around: Around) -> str:
    """Return the full name of a general word (金额, 标准, 最高) from what was told before it."""
    if name.startswith("最"):
        told = around.latest
        return f"{told.metric}{name}" if told is not None else ""
    if around.near and 3 <= len(labels.trim(around.near)) <= 20:
        return f"{labels.trim(around.near)}{name}"
    told = around.last if around.last is not None and dimension(around.last.unit) != dimension(unit) else None
    return f"{parts.plain(told.label)}{name}" if told is not None and len(told.label) <= 20 else ""


def _of_verb(core: str, around: Around) -> str:
    """Return the name told last of what the verb ``core`` was done to ("新增学位9860个,其中2023年新增3240个")."""
    verb = nouns.bare_verb(core)
    known = (around.latest, around.whole, *around.before)
    same = next((f.metric for f in known if f is not None and verb in f.metric and f.metric != verb), "")
    if same or around.latest is None:
        return same
    _, what = nouns.lead_of(around.latest.metric)
    return f"{verb}{what}" if what and len(what) <= 12 else ""


def _any_metric(text: str) -> str | None:
    found = indicators_in(text)
    return found[-1].id if found else None
