"""The slots of one question: place, period, stage, metric, measure, stated amounts, operation."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.bars import WHICH_ONES, is_amount, read_bar, read_place_bar
from assistant.operations import asks_number, operation, without
from assistant.question import Ask, Known, Op
from assistant.scopes import read_scope
from assistant.times import read_times
from corpus.audit_words import topic_of
from corpus.catalogue import derived, indicators, indicators_in, lexicon, stages_in
from corpus.colloquial import formal
from corpus.folding import fold
from corpus.gazetteer import Mention, Place, find, mentions, unknown_places
from corpus.model import Quantity
from corpus.quantities import read_quantities
from corpus.typos import correct
from corpus.units import canonical, dimension
from tools.words import terms

_GONE_TO = re.compile(r"(?:去|到|赴|往|从|在|向|来自)$")
_OWN_PLACE = re.compile(
    r"全[市县区州旗省]|我[市县区省]|[本该][市县区省]|(?:^|[^城社校地片园学战灾营辖])(?:区|县|市|省)里"
)
_ELLIPSIS = re.compile(r"^(?:那么?|那就|再|还有|另外|其中|换成|换|改成|和|跟|与|而|以及|的话|呢|如果是)*")
_DECOR = re.compile(
    r"(?:哪一?个|哪些|各个?|[两三四五六七八九十几]个)?(?:地方(?!教育|政府|财政|一般|公共|债)|地区|区县|县区|市县|县市)|各地|"
    r"是不是|是否|有没有|对不对|请问|(?<![申邀聘])请(?![假示])|麻烦|帮我?|一下|告诉我?|我想(?:知道|了解|问)|想(?:知道|了解|问)|听说|能不能|能否|可以|"
    r"说说|看看|我们|咱们?|公告(?:里|中)?没(?:有)?(?:写|说|给|算)|帮我?算|算一?[算下]|(?:做|办|搞|干|抓)得(?:更|比较)?(?:(?:好|差)(?!不))?(?=$|[ ,?])|查一下|查下|查一?查|查询|我要|我想要|列出|给出|按照|根据|(?:这份|本)?报告(?:里|中|上)?(?:面)?(?:自己)?(?:说|提到|写|讲|给出|承认|载明)?的?|为了|"
    r"材料(?:里|中)?的?|(?:7项|七项)?指标(?:里|中)|哪一?[项段个类种年级](?:的)?|到底|究竟|大概|大约|具体|总共|一共|合计|加起来|合起来|合在一起|共(?=(?:有|计)?(?:多少|几))|分别|目前|现在|如今|当前|截至|的时候|时候|列了|"
    r"(?:达到|有|是|为|达)?(?:多少|几)个?[百千万亿]*(?!分)(?:人次|平方米|平方公里|平方千米|平米|㎡|公顷|公里|[个名所人家件份次项间台期条位年天元册套架处亩]|(?<=多少)班)?了?|百分之|什么水平|啥水平|水平怎么样|是什么|有什么|有这么多|这么多|多大|多高|"
    r"一年[里来间]|吗|呢|吧|啊|呀|(?<![什怎那这])么|[?,。!、:“”\"'《》]"
)
_MEASURES: tuple[tuple[str, str], ...] = (
    (r"(?:多少|几)(?:个)?人次", "人次"),
    (r"(?:多少|几)个?(?:人|名|位)(?!次)", "人"),
    (r"(?<!培训)(?<!培训了)(?<!资助)(?<!资助了)(?<!惠及)(?<!惠及了)多少(?:在校|在园|在读|新|女|男|留守|残疾|随迁|适龄|专任|骨干|在编|代课)*(?:[小中大]学|初中|高中|中职)?(?:学生|生(?!均|源)|教师|老师|教职工|幼儿|儿童|孩子|校长|园长)(?=$|[?,。!;、 ]|呢|吗|人|在|就读|入学|参加|接受|享受|受|获|得|毕业|升|转|达|没|不|有)", "人"),
    (r"(?:多少|几)(?:所|家)", "所"),
    (r"(?:多少|几)个?(?:小学|初中|高中|教学|幼儿园)+班(?!额)", "个"),
    (r"(?:多少|几)个?(?:万|亿|千|百)*(?:元|块钱?|钱)|(?:多少|几个?)(?:钱|亿|资金|经费)|[花投砸掏用](?:了|进|下|出)?多少(?!个|人|名)", "元"),
    (r"百分之几|百分之多少|多少个?百分|占比|比例|比重|率(?:是|为|有|达)?(?:多少|几|多大|多高)|几成|[覆率](?:是|有)?多少", "%"),
    (r"(?:多少|几)(?:平方?米|平方公里|平方千米|平米|㎡|亩|公顷)|多大面积|面积(?:是|有|为)?多", "平方米"),
)  # fmt: skip
_EITHER = re.compile(
    r"(?:增长|增加|上升|提高|上涨|涨)(?:或者?|/|、)(?=下降|减少|降低|下滑|下跌|降|跌|减|负增长| )"
)
_RATE = re.compile(r"率|比例|占比|比重|百分|几成|增幅|增速|师生比|师幼比|生师比|差异系数|比值")
_RATIO = re.compile(r"生师比|师生比|师幼比|差异系数|班额")
_CHANGED = re.compile(
    r"(?:增加|增长|提高|上升|上涨|减少|下降|降低|下滑|缩减|涨|降|跌|少|多)(?:了|是|为|幅度?)*[^,。]{0,4}$|(?:增幅|涨幅|降幅|增速|增长率|增量|增加额|减少额)[^,。]{0,4}$"
)
_YES_NO = re.compile(
    r"(?:是这样|是真的?|没错|是不是|是否|属实|确有其事|真的|对不对|是吗|对[吗吧么]|[吗吧么])[?。]*(?:$|[,?])|(?:是不是|是否|真的)"
)
_REST = re.compile(
    r"既不.{0,20}也不|除了.{1,20}(?:以外|之外|外)|除.{1,16}外|其余|剩下|剩余|扣除|除去|(?<!包)不包括|(?<!含)不含"
)
_ABOUT = re.compile(r"的?(?:校际|综合)*差异系数|的?未?达标|的?达到?要求")
_SPENDING = re.compile(
    r"(?:花|投|用)(?:在|到|给).{0,8}(?:钱|资金|经费)|(?:砸|花|投|用|拨|掏|拿出?)(?:了|进|出|下|在|给)*.{0,8}(?:多少|几)"
)
_ASCENDING = re.compile(r"从低到高|由低到高|从小到大|由小到大|从少到多|由少到多|最低|最少|最小|最慢")


def read_ask(text: str, known: Known, spoken_of: tuple[str, ...] = ()) -> Ask:
    """Return the slots that ``text`` itself fills; nothing is carried over yet.

    ``spoken_of`` are the regions of the question before: relative years count from their reports.
    """
    folded, fixes = correct(fold(text), known.vocabulary)
    folded = _YEARS.sub(r"\1年、\2年", _full_years(formal(folded), known))
    named = _named(folded, known)
    regions = _regions(named, known)
    strangers = _strangers(folded, named, known)
    scope = read_scope(folded)
    if scope.also:
        regions = ()
    times = read_times(folded, regions or spoken_of, known)
    spans = [*((m.start, m.end) for m in named), *times.spans]
    given = tuple(
        q
        for q in read_quantities(folded)
        if q.unit and _DIGIT.search(folded[q.start : q.end]) and not any(a <= q.start < b for a, b in spans)
    )
    bar = read_bar(folded, given)
    if bar is None and not given and _RATIO.search(folded):
        bare = [q for q in read_quantities(folded) if not any(a <= q.start < b for a, b in spans)]
        bar = read_bar(folded, bare)
        given = (bar.quantity,) if bar else given
    held = read_place_bar(folded) if WHICH_ONES.search(folded) else None
    metric_names = [n for n in indicators_in(folded) if not _ABOUT.match(folded[n.end :])]
    asked = operation(folded)
    if "占" in folded and (asked == "share" or any(q.unit == "%" for q in given)):
        metric_names = [n for n in metric_names if dimension(indicators()[n.id].unit) == "percent"]
    metric_ids = tuple(dict.fromkeys(n.id for n in metric_names))
    unit, measure = _measure(folded)
    if measure and measure != "元":
        metric_names = [n for n in metric_names if _measures(measure, indicators()[n.id].unit)]
        metric_ids = tuple(dict.fromkeys(n.id for n in metric_names))
    staged = [s for s in stages_in(folded) if not any(n.start <= s.start < n.end for n in metric_names)]
    cut = [(q.full_start, q.full_end) for q in given if is_amount(q) or asked in ("sum", "rank")]
    cut += bar.spans if bar else ()
    bar_region = next((m for m in named if held and held[2][0] <= m.start < held[2][1]), None)
    if held and bar_region:
        cut.append(held[2])
        regions = tuple(r for r in regions if r not in {p.name for p in bar_region.places})
    if metric_ids:
        cut += [(s.start, s.end) for s in staged]
    if scope.each and (metric_ids or asked == "rank"):
        cut += scope.spans
    words = _phrase(folded, [*spans, *cut], asked)
    if "占" in words and not any(dimension(indicators()[i].unit) == "percent" for i in metric_ids):
        words, metric_ids = _as_share(words, metric_ids)
    words = "" if asked == "recheck" and not given and not topic_of(words) else words
    if measure == "元":
        words = re.sub(r"(?:了|的)? ?(?:钱|多少钱)$", "", words)
    lost = next((d.id for d in derived() if any(w in folded for w in d.words)), None)
    generic = () if metric_ids else _generic(folded, words, measure)
    op = _decide(asked, folded, given, lost, bool(generic), bool(times.against))
    if (bar or (held and bar_region)) and WHICH_ONES.search(folded) and not re.search(r"最|第一", folded):
        op = "meeting"
    elif bar and op in _HELD:
        op = "target"
    if op == "premise":
        words = _CLAIM.sub(" ", words).strip(" 的了")
    if op in ("target", "meeting"):
        words = _REACHED.sub(" ", words).strip(" 的")
    if given and not words and not metric_ids and op in ("value", "explain", "confirm") and "什么" in folded:
        op = "purpose"
    return Ask(
        text=text,
        folded=folded,
        op=op,
        words=words,
        metric_ids=metric_ids or generic,
        regions=regions,
        among=() if regions else _among(folded, known),
        unknown_regions=strangers,
        periods=times.periods,
        against=times.against,
        stages=tuple(dict.fromkeys(s.id for s in staged)),
        measure=measure,
        unit=unit,
        given=given,
        each=scope.each,
        descending=not _ASCENDING.search(folded),
        rate_asked=bool(_RATE.search(folded)) or measure == "%",
        numeric=op not in ("document", "explain") and asks_number(folded),
        of_parent=bool(re.match(r"那?(?:其中|里面|这其中|当中|这里面)", folded)),
        by_rate=bool(re.search(r"增幅|增长|增速|降幅|提高|上升|涨", folded)),
        derived=lost,
        bar=bar.relation if bar else held[0] if held and bar_region else "",
        bar_regions=_regions([bar_region], known) if bar_region else (),
        generic=bool(generic),
        corrected=fixes,
    )


def places_in(folded: str, known: Known) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the regions of reports or school tables that ``folded`` names, and the places that are neither."""
    held = replace(known, regions=tuple(dict.fromkeys((*known.regions, *known.tables))))
    named = _named(folded, held)
    return _regions(named, held), _strangers(folded, named, held)


def _as_share(words: str, metric_ids: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return the phrase and indicator of a share that is asked for without its noun: X占GDP(的比例)."""
    full = f"{words.strip().removesuffix('比例').removesuffix('的')}的比例"
    at = full.index("占")
    shares = [n.id for n in indicators_in(full) if n.start <= at < n.end]
    return (full, tuple(dict.fromkeys(shares))) if shares else (words, metric_ids)


_DIGIT = re.compile(r"[\d一二三四五六七八九十两百]")
_YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d)[、和与]((?:19|20)\d\d)(?:这?两)?年")


def _full_years(folded: str, known: Known) -> str:
    """Write out the year of two digits behind the name of a place that is stored ("某市19年")."""
    for region in known.regions:
        for name in {region, _short(region)}:
            if len(name) >= 2 and name in folded:
                folded = re.sub(rf"({name})(?=[0-3]\d年(?![来间级龄内]))", r"\g<1>20", folded)
    return folded


def _short(region: str) -> str:
    return re.sub(r"(?:自治)?[省市县区州旗]$", "", region)


_NAME_BEHIND = re.compile(
    r"[市县区镇乡村路街]|街道|中学|[一二三四五六七八九十]中|学校|第[一二三四五六七八九十]|实验|师范"
)


def _named(folded: str, known: Known) -> list[Mention]:
    """Return the places of a question; "short name + stage" is a stored place, not a school's name."""
    found = [m for m in mentions(folded) if not _GONE_TO.search(folded[: m.start])]
    for region in known.regions:
        at = folded.find(region)
        if at >= 0 and not any(m.start < at + len(region) and at < m.end for m in found):
            # a name that the gazetteer does not know, but that a report was stored under
            place = Place(region, region, "county", known.paths.get(region) or (region,), "")
            found.append(Mention(at, at + len(region), region, (place,), True))
            continue
        short = _short(region)
        at = folded.find(short) if len(short) >= 2 else -1
        if at < 0 or any(m.start < at + len(short) and at < m.end for m in found):
            continue
        if not _NAME_BEHIND.match(folded, at + len(short)):
            places = tuple(p for p in find(region) if p.path == known.paths.get(region, p.path))
            found.append(Mention(at, at + len(short), short, places, False))
    return sorted(found, key=lambda m: m.start)


_HELD = (
    "target",
    "value",
    "explain",
    "confirm",
    "difference",
    "compare",
    "growth",
    "share",
    "derived",
    "count",
)
"""Ways of asking that a stated bar turns into "is it reached?"."""
_BOUND = re.compile(r"[ ]*(?:及|或)?(?:以上|以下|以内|之内)的")
_BEYOND = re.compile(r"(?:超过|超出|大于|高于|多于|不足|不到|少于|低于|小于)$")


def bounds(folded: str, amount: Quantity) -> bool:
    """True if an amount says which things are meant ("2000人以上的学校"), and is not what is asked about."""
    if _BOUND.match(folded, amount.end):
        return True
    return bool(_BEYOND.search(folded[: amount.start])) and folded.startswith("的", amount.full_end)


_BAR = re.compile(
    r"达到|要求|目标|标准|达标|够不够|(?:超过|高于|低于|不到|不足|超出).{0,8}[吗没]|不低于|还差"
)
_RECKONED = re.compile(
    r"(?<![预决概结])算|复核|核对|核实|核一下|验算|验证|一致|矛盾|吻合|靠谱|站得住|准确|准不准"
)
_CLAIM = re.compile(
    r"(?:比上年|同比)|(?:增加|增长|提高|上升|上涨|减少|下降|降低|下滑|缩减|涨|降|跌)(?:幅度?|率|额|了)*|(?<= )[少多](?:了|(?= |$))|增幅|降幅|(?:是|真)?(?:这样|这回事|真的)|没错|属实|(?:^| )(?:真的|是|为)(?= |$)"
)
_REACHED = re.compile(
    r"(?:有没有|是否|是不是)?(?:已经?)?(?:达到|达标|超过|超出|高于|低于|满足|符合|不到|不足)+(?:了)?[ ]*(?:的)?(?:规定|国家|省定)?(?:的)?(?:要求|标准|目标)?[ ]*(?:没有|没|吗|了)*"
)
_MOVED = re.compile(
    r"(?:哪些|哪几[个类级]|哪一?[个段类级])(?:学段|教育阶段|阶段|类学校|级教育|类教育|级学校|县|区|市|县区|区县|地方|地区|项目)[^,。?]{0,24}"
    r"(?:下降|减少|降低|负增长|下滑|上升|增长|增加|提高|涨了|降了)(?!幅|率|最)"
)


def _decide(
    asked: Op,
    folded: str,
    given: tuple[Quantity, ...],
    lost: str | None,
    generic: bool,
    against: bool = False,
) -> Op:
    """Refine the way of asking by what else the question holds."""
    figures = [q for q in given if is_amount(q) and not bounds(folded, q)]
    if not figures and _MOVED.search(folded) and not re.search(r"最|为什么|原因", folded):
        return "moved"
    if figures and re.search(r"为什么|为何|怎么会|原因|怎么(?:减少|下降|增加|增长)", folded):
        if any(_CHANGED.search(folded[: q.full_start]) for q in figures):
            return "premise"
    claimed = asked in ("value", "explain", "growth", "difference", "compare") or (
        asked == "recheck" and not _RECKONED.search(folded)
    )
    if figures and claimed and _YES_NO.search(folded):
        if _CHANGED.search(folded[: figures[-1].full_start]):
            return "premise"
    bar = figures and asked in ("difference", "compare", "value", "growth", "share", "explain")
    if lost is not None and bar and _BAR.search(folded):
        return "target"
    if lost is not None and asked in ("value", "difference", "share", "ratio", "growth"):
        return "derived"
    if re.search(r"(?:涉及|包括|覆盖|惠及|涵盖).{0,4}(?:几|多少)(?:所|家)", folded):
        return "count"
    if asked in ("value", "share", "difference", "explain") and _REST.search(folded):
        return "remainder"
    if len(figures) > 1 and asked in ("value", "sum") and re.search(r"总|共|合计|加起来|加在一起", folded):
        return "given"
    if (asked == "sum" and len(figures) > 1) or (asked == "difference" and len(figures) == 2):
        return "given"
    if bar and _BAR.search(folded):
        return "target"
    if (
        figures
        and asked in ("value", "explain")
        and re.search(
            r"(?:哪一?个|哪些|各个?|[两三四五六七八九十几]个)?(?:地方(?!教育|政府|财政|一般|公共|债)|地区|区县|县区|市县|县市)|各地|"
            r"是不是|是否|对吧|是吗|[吗么吧]$|没有$|没错$|了没|这么[多少高低大]",
            folded,
        )
    ):
        return "confirm"
    if (
        figures
        and asked == "share"
        and figures[-1].unit == "%"
        and re.search(r"(?:[吗么吧]|没错|是不是|是否)$", folded)
    ):
        return "confirm"
    if asked == "compare" and against and re.search(r"增|减|变化|提高|下降|上升|多|少|涨|降", folded):
        return "difference"
    if asked == "purpose" and not figures:
        return "explain"
    if asked == "value" and not asks_number(folded) and not generic:
        return "explain"
    return asked


_NO_PLACE = ("小区", "校区", "社区", "园区", "片区", "辖区", "新区", "开发区", "景区", "功能区", "示范区")


def _among(folded: str, known: Known) -> tuple[str, ...]:
    """Return the stored regions of the level that "区里", "我县" or "全市" speak of."""
    match = re.search(
        r"(?:全|我|本|该)([市县区州旗省])|(?:^|[^城社校地片园学战灾营辖])([区县市省])里", folded
    )
    if match is None or len(known.regions) < 2:
        return ()
    return tuple(r for r in known.regions if r.endswith(match[1] or match[2]))


def _measures(measure: str, unit: str) -> bool:
    """True if an indicator in ``unit`` can be asked for with the measure word (a rate also by its change)."""
    return (
        dimension(measure) == dimension(unit)
        or measure == "%"
        or dimension(unit).startswith(dimension(measure))
    )


def _strangers(folded: str, named: list[Mention], known: Known) -> tuple[str, ...]:
    """Return the places asked about that no stored report is about."""
    unstored = [m.written for m in named if not any(p.name in known.regions for p in m.places)]
    unstored += [
        m.written
        for m in unknown_places(folded)
        if not m.written.endswith(_NO_PLACE) and m.written not in known.regions
    ]
    return tuple(dict.fromkeys(unstored))


def _regions(named: list[Mention], known: Known) -> tuple[str, ...]:
    found: list[str] = []
    for mention in named:
        for place in mention.places:
            path = known.paths.get(place.name, ())
            if place.name in known.regions and (not path or len(path) == 1 or place.path == path):
                if place.name not in found:
                    found.append(place.name)
                break
    return tuple(found)


def _phrase(folded: str, spans: list[tuple[int, int]], op: Op) -> str:
    chars = list(folded)
    for start, end in spans:
        chars[start:end] = " " * (end - start)
    text = _EITHER.sub("", "".join(chars))
    if op in ("growth", "difference"):
        text = without(without(text, "growth"), "difference")
    elif op not in ("explain", "share", "recheck"):
        text = without(text, op)
    if op in ("growth", "difference"):
        text = re.sub(r"[比较同与跟](?= |$)", " ", text)
    if op in ("growth", "difference", "compare"):
        text = re.sub(
            r"(?:是|还是)?[高多大]还是[低少小]|(?<= )[和比](?= |$)|(?<=[^ ])[和](?= +(?:$|的|比))", " ", text
        )
    text = _OWN_PLACE.sub(" ", text)
    text = re.sub(r"(?:的)?目标(?:值|任务)?(?=[ 是为?,]|$)|(?:^| )(?:计划|打算|准备|拟)(?!生育)", " ", text)
    text = _DECOR.sub(" ", text)
    text = _ELLIPSIS.sub("", text.strip())
    text = re.sub(r" +[个名所人家件份次项间台条位册元]$", "", text)  # "减少 几所" without its asking word
    return re.sub(r"\s+", " ", text).strip()


def _measure(folded: str) -> tuple[str | None, str | None]:
    """Return (the very unit asked for, a unit of the dimension asked for)."""
    unit = None
    written = re.search(
        r"(?:多少|几)个?((?:百|千|万|亿)*(?:元|美元|人次|平方米|平方公里|平米|㎡|公里|亩|册|台|间|所|名|人|个|班|百分点|年|倍))",
        folded,
    )
    if written:
        unit = canonical(written[1])
    for pattern, measure in _MEASURES:
        if re.search(pattern, folded):
            return unit, measure
    if unit and dimension(unit) in ("permille", "percent_point"):
        return unit, "%"
    counted = re.search(
        r"(?:多少|几)(份|册|台|间|期|条|件|处|辆|场|节|课时|学时|亩|年|天|届|套)(?!子)", folded
    )
    return unit, canonical(counted[1]) if counted else None


def _generic(folded: str, words: str, measure: str | None) -> tuple[str, ...]:
    """Return the indicators that a loose word may mean ("教育投入", "给教育花了多少钱")."""
    loose = lexicon().generic
    for word in sorted(loose, key=len, reverse=True):
        if word in folded:
            return loose[word] if not _weighty(words.replace(word, "")) else ()
    if measure == "元" and "教育" in folded and _SPENDING.search(folded):
        rest = re.sub(r"教育|财政|政府|给|砸|花|投|用|拨|掏|拿|进|出|在|钱|资金|经费|上|方面|事业", "", words)
        return loose["教育花费"] if not _weighty(rest) else ()
    return ()


def _weighty(rest: str) -> bool:
    return any(term.weight >= 0.5 for term in terms(rest))
