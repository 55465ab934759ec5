"""Money and people of one deed: who was helped by which money, and with how much.

"发放助学金89万元,资助学生1356人次,其中春季发放43.2万元": the pupils are those of the grant, the spring's money is a
part of it, and all of them are of its stage. "资助A类学生720人次78万元": the money is that of these pupils.
"""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.facts import averages, labels
from corpus.model import Fact
from corpus.units import dimension

_PEOPLE = ("person", "person_time")
_NEARLY = str.maketrans("", "", "\x00 约近共计达多余")
_HELPED = re.compile(
    r"(?:共|累计|共计|已|分别|可|将)*(?:(?:资助|惠及|补助|覆盖|奖励|救助|减免|享受|受益|受助|受惠|涉及)(?:各类|各学段)?(?:的)?(?:家庭经济)?(?:困难|贫困)?"
    r"(?:学生|幼儿|儿童|新生|师生|人数|对象)?|学生|幼儿|儿童)(?:数|人数|总数)?"
)
"""Those whom money went to, where the words say no more than that."""
_MONEY = re.compile(
    r"(?:共|累计|共计|已|合计|需)*(?:发放|拨付|落实|支出|兑付|兑现|投入|安排)*(?:各类|各项)?(?:资助|补助|奖励|助学|救助|补贴)*(?:金|资金|金额|经费|款|总额|总金额|资金总额)"
)
"""Money of which the words do not say for whom."""
_SEASON = re.compile(
    r"(?:其中)?(?P<when>(?P<season>[春秋])季?(?:学期)?)(?:共|已)*(?:发放|资助|补助|拨付|下达|落实|免除|惠及)?(?:资金|学生|幼儿)?"
)
_KEYS = {"春": "spring", "秋": "autumn"}
_GIVING = re.compile(
    r"^(?:(?:共|累计|已|按时|足额|及时|一次性)*(?:发放|落实|拨付|免除|减免|投入|下达|安排|支付|兑现|资助|补助))+(?=.{3})"
)
_SCHEME = re.compile(
    r"(?:(?<!资助)(?<!补助)(?<!奖励)(?<!资)金|费|[^\u4e00-\u9fff]?补助|补贴|贷款|减免|免除|奖|计划)$"
)
_DEED = re.compile(r"^(?:免除|减免|免收|补助|资助|奖励|救助)")
_STOP = re.compile(r"[;。\n]")
_RUN_ON = re.compile(r"[\u4e00-\u9fff]{1,8}")


def tell_aid(facts: list[Fact], masked: str) -> list[Fact]:
    """Return the ``facts`` of one sentence, those of one deed with the name and the stage that they share."""
    told: list[Fact] = []
    renamed: dict[str, tuple[Fact, Fact]] = {}
    for fact in facts:
        found = _shared(fact, renamed) if fact.role == "share" else _told(fact, told, masked)
        if found is not fact:
            renamed[fact.id] = (fact, found)
        told.append(found)
    return told


def _told(fact: Fact, before: list[Fact], masked: str) -> Fact:
    if fact.role != "level" or fact.of is not None or not before:
        return fact
    kind, label, last = dimension(fact.unit), labels.trim(fact.label), before[-1]
    if kind not in ("money", *_PEOPLE):
        return fact
    if kind == dimension(last.unit) == "money" and fact.stage is None and last.stage and averages.bare(label):
        return replace(fact, stage=last.stage, subject=last.subject)  # 资助幼儿9人,发放资金4500元,人均500元
    if season := _SEASON.fullmatch(label):
        return _of_season(fact, season, before)
    near = [f for f in before[-6:] if f.role == "level" and not _STOP.search(masked, f.end, fact.start)]
    if not near or last is not near[-1] or last.kind != fact.kind:
        return fact
    between = masked[last.end : fact.start].translate(_NEARLY)
    counted = dimension(last.unit)
    if not between and kind != counted and "money" in (kind, counted) and last.metric:
        return _called(fact, last.metric, last)
    if kind in _PEOPLE and counted == "money" and _HELPED.fullmatch(label):
        scheme = _scheme(last.metric)
        name = f"{scheme}{label}" if scheme and scheme not in label else fact.metric
        return _called(fact, name, last) if scheme or last.stage else fact
    if kind == "money" and counted in _PEOPLE:
        if _RUN_ON.fullmatch(between) and _DEED.match(last.metric) and len(last.metric) <= 30:
            return _called(fact, f"{last.metric}{label}", last)
        who = labels.trim(last.label)
        if _MONEY.fullmatch(label):
            special = not _HELPED.fullmatch(who) and "资助" in who and len(who) <= 24
            name = f"{who}{_GIVING.sub('', label)}" if special else fact.metric
            return _called(fact, name, last) if special or last.stage else fact
    return fact


def _called(fact: Fact, metric: str, host: Fact) -> Fact:
    """Return ``fact`` by the name ``metric``, with the stage and the time of ``host`` where it has no stage of its own."""
    own = fact.stage is not None and labels.stage_in(fact.label) is not None
    stage, subject = (fact.stage, fact.subject) if own else (host.stage, host.subject)
    same = metric == fact.metric
    period = host.period if host.period and "-" in host.period and "/" not in host.period else fact.period
    return replace(
        fact, metric=metric, metric_id=fact.metric_id if same else None, stage=stage, subject=subject,
        period=period,
    )  # fmt: skip


def _of_season(fact: Fact, season: re.Match[str], before: list[Fact]) -> Fact:
    """Return the part of a sum that was given out in one term, with the name and stage of the sum."""
    kind = dimension(fact.unit)
    alike = [f for f in before if dimension(f.unit) == kind and f.role == "level"]
    whole = next((f for f in reversed(alike) if not _SEASON.match(labels.trim(f.label))), None)
    if whole is None:
        return fact
    name = f"{season['when']}{_GIVING.sub('', whole.metric)}"
    year = (fact.period or whole.period or "")[:4]
    period = f"{year}-{_KEYS[season['season']]}" if year.isdigit() else fact.period
    return replace(fact, metric=name, metric_id=None, stage=whole.stage, subject=whole.subject, period=period)


def _scheme(metric: str) -> str:
    """Return what the money of that name is ("发放普通高中国家助学金" → 普通高中国家助学金), "" if it does not say."""
    name = _GIVING.sub("", metric)
    return name if _SCHEME.search(name) and 3 <= len(name) <= 30 and not _MONEY.fullmatch(name) else ""


def _shared(share: Fact, renamed: dict[str, tuple[Fact, Fact]]) -> Fact:
    """Return a share of those who have been renamed by their new name."""
    if share.of not in renamed:
        return share
    old, new = renamed[share.of]
    metric = share.metric.replace(old.metric, new.metric, 1) if old.metric in share.metric else share.metric
    return replace(share, metric=metric, stage=new.stage, subject=new.subject, period=new.period)
