"""What the stored reports of a region and year state about an indicator, and what of it may decide.

Only a result decides: plans, targets, rules and figures of other places or of a part of the schools never do. They
are kept beside it with the reason, so that a reader sees why a printed number was passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.catalogue import indicators, stages_in
from corpus.counted import counted
from corpus.folding import fold
from corpus.gazetteer import mentions
from corpus.model import Fact, Report
from corpus.rules import Demand, Limit, Standard
from corpus.units import dimension
from indexes.store import Store
from tools.compliance.places import Held, in_year
from tools.compliance.ranges import Range, comparable, range_of
from tools.evidence import amount, period_words

_KIND = {"plan": "是计划", "target": "是目标", "policy": "是规定或要求", "reference": "是对照数"}
_GOAL = re.compile(r"确保|力争|努力|争取|目标|计划|规划|拟|打算|(?:^|[,;。、])到20\d\d年|将达到|有望|下一步")
_RULE = re.compile(r"要求|规定|标准|办法|应当?(?!届|急)|须|必须|不得|要达到|要求达到|指标体系|评估指标|对照")
_RULE_AFTER = re.compile(r"^ *(?:以上|以下)?的?(?:要求|标准|目标|红线|底线|规定|指标要求|任务)")
_RULE_HEAD = re.compile(r"标准$|目标|指标体系|要求$|计划|规划|下一步|打算|整改措施|改进措施|努力方向")
_DENIED = re.compile(r"(?:没有|没能?|未能?|尚未|不能|难以)(?:能够?)?(?:达到?|做到|实现|完成)?$|达不到$")
_AWAY = re.compile(
    r"(?:高|低|多|少|高出|超出|低出)$|(?:距离?|离|相差|差|与|同|跟)(?:国家|省定|规定|标准|要求|的)*$"
)
_PART = re.compile(
    r"农村|乡村|城区|镇区|城镇|县城|民办|公办|寄宿|特岗|新任|新入职|新招聘|临聘|代课|骨干|校长|园长|保育员|保健|保安|校医|贫困|脱贫|建档立卡|留守|易地|随班就读"
    r"|邻县|周边|兄弟县|外县|先进县|(?:家长|学生|教师|师生|教职工)(?:的|综合)?(?:满意|认可)|男|女|课后服务|食堂|营养|午餐|资助|校服|双减|作业|督导|问卷|部分|个别|其中|多数|大多|绝大|一些|试点|示范|重点|薄弱"
    r"|(?<![城乡])镇(?!区)|(?<![城])乡(?![村镇])|街道|中心校|学区|[一二三四五六七八九十]中|(?:实验|希望|附属|外国语|第[一二三四五六七八九十\d]+)(?:小学|中学|学校|幼儿园)"
)
_SCHOOL = re.compile(r"[\u4e00-\u9fff]{2,}?(?:中学|小学|学校|幼儿园)(?=[\u4e00-\u9fff])")
_EVERYWHERE = re.compile(
    r"全[县区市旗州域]|[我本该][县区市旗州校]|所有|各级|各类|全部|普通|义务教育|阶段|特殊教育|特教|中小学|完全|九年一贯制|十二年一贯制|适龄|在职|专任"
    r"|(?:19|20)\d\d年?|目前|城区|镇区|和|的|、|一贯制|幼儿园园长|各"
)
_UPPER = re.compile(r"全国|全省|全自治区|省级|省内")


@dataclass(frozen=True, slots=True)
class Statement:
    """One fact about an indicator. ``why`` says, in Chinese, why it decides nothing; "" where it may."""

    fact: Fact
    allowed: Range | None
    why: str = ""

    @property
    def decides(self) -> bool:
        return not self.why and self.allowed is not None


@dataclass(frozen=True)
class Desk:
    """The reports and facts of one region, with the year that is asked about."""

    store: Store
    standard: Standard
    region: Held
    year: str | None
    reports: tuple[Report, ...]
    facts: tuple[Fact, ...]

    def text(self, fact: Fact) -> str:
        """Return the folded text of the report of ``fact``."""
        report = next((r for r in self.reports if r.id == fact.report_id), None)
        return fold(report.text) if report else ""

    def current(self, fact: Fact) -> bool:
        """Tell whether a fact is of the year; without any year at all, one of no year is."""
        return fact.period is None if self.year is None else in_year(fact.period, self.year)


def open_desk(store: Store, standard: Standard, region: Held, year: str | None) -> Desk:
    """Return the desk with every report of the region (tables have facts of their own kind and stay out)."""
    reports = tuple(
        r
        for r in store.reports()
        if r.region == region.name and (r.region_path or (r.region,)) == region.path and r.kind == "report"
    )
    facts = store.facts(report_ids=[r.id for r in reports])
    return Desk(store, standard, region, year, reports, facts)


def stated(desk: Desk, demand: Demand, metric_id: str, limit: Limit) -> list[Statement]:
    """Return what the reports state about the indicator for the stage of ``limit``, unusable statements too."""
    found = []
    for fact in desk.facts:
        if (
            fact.metric_id != metric_id
            or fact.role not in ("level", "share")
            or not comparable(fact, limit.unit)
        ):
            continue
        if not fits_stage(desk, fact, demand, metric_id, limit.stage):
            continue
        found.append(weigh(desk, fact, demand, metric_id, limit))
    return found


def weigh(desk: Desk, fact: Fact, demand: Demand, metric_id: str, limit: Limit) -> Statement:
    """Return the fact as a statement: what it allows, or why it decides nothing."""
    text = desk.text(fact)
    before = text[fact.clause[0] : fact.start]
    denied = bool(_DENIED.search(before.rstrip()))
    if why := _unusable(desk, fact, demand, metric_id, limit, text, before, denied):
        return Statement(fact, None, why)
    allowed = range_of(fact, limit.unit, denied=denied)
    return Statement(fact, allowed, "" if allowed else f"“{amount(fact)}”是约数,证明不了达到或没有达到")


def _unusable(
    desk: Desk, fact: Fact, demand: Demand, metric_id: str, limit: Limit, text: str, before: str, denied: bool
) -> str:
    if fact.kind == "reference" and fact.region != desk.region.name:
        return "是其他地区的数"
    if fact.kind != "actual" and not (fact.kind == "policy" and denied):
        return _KIND[fact.kind]  # "未达到95%的要求" says of what there is that it lies below
    head = fact.section.rsplit(" > ", 1)[-1]
    sentence = text[fact.sentence[0] : fact.start]
    if _AWAY.search(before.rstrip()):
        return "是用来比较的界限"
    if _GOAL.search(before):
        return _KIND["target"]
    broken = denied or "未达" in (fact.qualifier or "")
    if _RULE_HEAD.search(head) or (not broken and _RULE_AFTER.match(text[fact.end : fact.sentence[1]])):
        return _KIND["policy"]
    if limit.value == fact.value and not broken and (_RULE.search(sentence) or _quoted(sentence)):
        return _KIND["policy"]
    if limit.value == fact.value and _repeats(fact, demand, text):
        return "与标准的要求相同,分不清是要求还是结果"
    if not desk.current(fact):
        return f"是{period_words(fact.period)}的数" if fact.period else "没有说明年份"
    upper = _UPPER.search(before) or ("全市" in before and not desk.region.name.endswith("市"))
    if fact.region != desk.region.name or upper or _elsewhere(desk, fact):
        return "是其他地区的数"
    if _of_others(desk, fact, metric_id):
        return "是园所或学校数的占比,不是人数的"
    if part := _part(fact, demand, metric_id):
        return f"只是“{part}”的数,不是全县的"
    return ""


def _repeats(fact: Fact, demand: Demand, text: str) -> bool:
    """Tell whether a bound is given in the standard's own words, which a result does not need."""
    if re.search(r"不低于|不少于|不超过|不高于", fact.qualifier or ""):
        return True
    said = text[slice(*fact.sentence)].replace(" ", "")
    return bool(fact.qualifier) and any(words in said for words in (demand.name, demand.clause) if words)


def _quoted(before: str) -> bool:
    return before.count("“") > before.count("”")


def _of_others(desk: Desk, fact: Fact, metric_id: str) -> bool:
    """Tell whether a share of people rather is one of kindergartens or schools ("公办园50所,占比41.7%")."""
    entry = counted().get(metric_id)
    if entry is None or fact.unit != "%" or re.search(r"幼儿(?!园)|儿童|在园|子女|教师", fold(fact.label)):
        return False
    near = [
        f for f in desk.facts
        if f.sentence == fact.sentence and f.report_id == fact.report_id and f.start < fact.start
        and (f.id == fact.of or fact.of is None) and f.role == "level" and f.unit != "%"
    ]  # fmt: skip
    return bool(near) and dimension(near[-1].unit) != dimension(entry.unit)


def _elsewhere(desk: Desk, fact: Fact) -> bool:
    own = {desk.region.name, *desk.region.path}
    named = [m for m in mentions(fold(fact.label)) if m.full]
    return any(not own & {place.name for place in m.places} for m in named)


def _part(fact: Fact, demand: Demand, metric_id: str) -> str:
    """Return the words that narrow a figure to some of the schools, teachers or children; "" if there are none."""
    label = fold(fact.label)
    meant = "".join((demand.name, demand.clause, indicators()[metric_id].name))
    narrower = [m[0] for m in _PART.finditer(label) if m[0] not in meant]
    if narrower:
        return narrower[0]
    if (school := _SCHOOL.search(_EVERYWHERE.sub("", label))) and school[0] not in meant:
        return school[0]
    both = [word for word in ("城区", "镇区") if word in demand.name]
    said = [word for word in both if word in label]
    return said[0] if said and said != both else ""


def _family(standard: Standard) -> str:
    named = {n.id for n in stages_in(standard.name)}
    return "preschool" if "preschool" in named else "compulsory" if "compulsory" in named else ""


def fits_stage(desk: Desk, fact: Fact, demand: Demand, metric_id: str, stage: str) -> bool:
    """Tell whether a fact is about the schools that the limit is for.

    A figure without a stage of its own goes by its heading; where neither says one, it counts for compulsory
    education, and for preschool only if its indicator is one of kindergartens.
    """
    own = fact.stage or heading_stage(fact)
    family = _family(desk.standard)
    name = indicators()[metric_id].name
    if metric_id == "senior_quota_share":
        return True  # places at senior schools that junior schools receive: its words name both
    if family == "preschool" or stage == "preschool":
        return own == "preschool" or (own is None and any(w in fold(fact.label) + name for w in ("园", "幼")))
    if stage == "special":
        return own == "special"
    if own in ("preschool", "senior", "senior_any", "vocational", "vocational_senior", "higher", "special"):
        return own == "special" and metric_id == "disabled_enrolment_rate"
    if stage in ("primary", "junior"):
        return own in (stage, "compulsory") or (own is None and not indicators()[metric_id].per_stage)
    return True


def said_stage(fact: Fact) -> str:
    """Return primary or junior where the figure's own words name it alone; else "" (the whole county)."""
    named = {n.id for n in stages_in(fold(fact.label))}
    return fact.stage if fact.stage in ("primary", "junior") and fact.stage in named else ""


def heading_stage(fact: Fact) -> str | None:
    """Return the stage that the innermost heading with a stage names, if it names only one."""
    return stage_of_path(fact.section.split(" > "))


def stage_of_path(titles: Sequence[str]) -> str | None:
    """The same for headings from the outermost down."""
    for title in reversed(titles):
        named = {n.id for n in stages_in(fold(title))}
        if named:
            return named.pop() if len(named) == 1 else None
    return None


def years_with(facts: Iterable[Fact], metrics: Sequence[str]) -> list[str]:
    """Return the years, newest first, for which a result of one of ``metrics`` is stated."""
    years = {
        f.period.rpartition("/")[2][:4]
        for f in facts
        if f.period and f.kind == "actual" and f.role in ("level", "share") and f.metric_id in metrics
    }
    return sorted(years, reverse=True)
