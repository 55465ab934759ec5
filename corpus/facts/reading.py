"""Read the sentences of a report in order: each quantity becomes a fact with its name, role and time."""

from __future__ import annotations

from dataclasses import replace

from corpus.catalogue import indicators_in
from corpus.facts import (
    addressed,
    anchors,
    called,
    cues,
    elsewhere,
    headings,
    judged,
    labels,
    naming,
    nouns,
    openings,
    portions,
    together,
)
from corpus.facts.aided import tell_aid
from corpus.facts.explained import explain
from corpus.facts.labels import LONGEST
from corpus.facts.links import carry, distinct, follow, leave_brackets, rename, settle
from corpus.facts.purposes import tell_purposes
from corpus.facts.schools import tell_schools
from corpus.facts.spots import Spot, spots
from corpus.facts.state import Sentence, Series, remember
from corpus.facts.sums import name_sum, sums
from corpus.facts.times import Clock
from corpus.facts.together import Listed
from corpus.facts.turning import turn
from corpus.model import Fact, Quantity, Report, Role, Section
from corpus.units import dimension


class Reader:
    """Reads one report; ``sentence`` is called for each of its sentences in order."""

    def __init__(self, report: Report, masked: str, clock: Clock) -> None:
        self.report = report
        self.masked = masked
        self.clock = clock
        self.series = Series()
        self.path: tuple[str, ...] = ()
        self.heads: tuple[str, ...] = ()
        self.titles: tuple[str, ...] = ()
        self.series.title = headings.subject_of(report)

    def sentence(self, start: int, end: int, inside: list[Quantity]) -> list[Fact]:
        """Return the facts of the sentence ``[start, end)``, whose quantities are ``inside``."""
        series, masked = self.series, self.masked
        section = self.report.section_at(start)
        path = openings.of_paragraph(section.path, section.start, start, masked) if section else ()
        if path != self.path:
            self.path, self.heads = path, headings.plain_titles(path)
            self.titles = self.heads
        if openings.begins(masked, start):
            head = "" if inside else openings.run_in(masked[start:end])
            head = head or openings.staged_opening(masked[start : start + 40])
            self.titles = (*self.heads, head) if head else self.heads
        self.clock.enter(start, end, path)
        outside = series.intro_path != path[: len(series.intro_path)]
        if outside or (path and not series.intro_path and not self._lists(section)):
            series.intro = ""
        state = series.begin(masked.rfind("\n", 0, start) + 1, masked, start)
        listed = together.pair(masked, start, end, inside, self.clock) if inside else {}
        facts: list[Fact] = []
        for spot in spots(masked, start, end, inside):
            self._introduce(start, spot, inside)
            turn(masked, state, spot, facts, start)
            if spot.bracketed:
                state.bracket = anchors.before_bracket(masked, start, spot)
            fact, whole_only = self._fact((start, end), spot, state, listed.get(spot.quantity.start))
            facts.append(fact)
            if fact.role == "base":
                if fact.of is None:
                    state.bases.append(len(facts) - 1)
            elif fact.role in ("change", "rate") and fact.of is None and (state.bases or state.unlevelled):
                # "比上年的900人减少50人,下降5.56%": what it fell to is not told, so the base has the name
                state.unlevelled = facts[state.bases[-1]] if state.bases else state.unlevelled
                fact = facts[-1] = rename(fact, state.unlevelled)
                state.bases.clear()
            elif fact.role == "level" or fact.of is None:
                state.unlevelled = None
                for index in state.bases:
                    facts[index] = follow(facts[index], fact)
                state.bases.clear()
            remember(state, series, fact, spot, whole_only)
            state.spoken = fact
            item = listed.get(spot.quantity.start)
            if item is not None and item.name and not item.follows and fact.role == "level":
                state.listed = [*(state.listed if item.index else []), fact]
        if not inside and (intro := openings.introduction(masked[max(start, end - LONGEST) : end])):
            series.intro, series.intro_path = intro, path
        facts = distinct(settle(leave_brackets(carry(facts, masked), masked)))
        return tell_schools(tell_purposes(tell_aid(facts, masked), masked), masked, self.report.region)

    def _trim(self, words: str) -> str:
        """Return the words as a label, without the report's own place before them."""
        own = labels.trim(words)
        for place in (self.report.region, *self.report.region_path):
            if place and own.startswith(place) and len(own) > len(place) + 2:
                own = labels.trim(own.removeprefix(place))
        return own

    def _place(self, own: str) -> bool:
        """Tell whether the words before a number are the report's own place and no more ("青田7000名学生")."""
        names = {name for name in (self.report.region, *self.report.region_path) if name}
        return own in names or any(len(name) > 2 and own == name[:-1] for name in names)

    def _lists(self, section: Section | None) -> bool:
        """Tell whether numbered lines go on with an introduction that names what they tell."""
        return section is not None and section.level >= 3 and bool(indicators_in(self.series.intro))

    def _introduce(self, start: int, spot: Spot, inside: list[Quantity]) -> None:
        """Keep what stands before a colon as the words that the numbers behind it go with."""
        series = self.series
        colon = self.masked.rfind(":", max(start, spot.clause[0] - LONGEST), spot.clause[0])
        if colon < 0 or start <= inside[0].start < colon:
            return
        words = self.masked[max(start, colon - LONGEST) : colon]
        if words.strip(" ,、\x00") in ("其中", "具体", "分别", "具体为", "即"):
            return
        numbered = headings.HEADING.match(self.masked[start : start + 12])
        series.intro, series.intro_path = words, self.path[:-1] if numbered else self.path
        series.intro_at = start

    def _fact(
        self, span: tuple[int, int], spot: Spot, state: Sentence, listed: Listed | None
    ) -> tuple[Fact, bool]:
        """Return the fact at ``spot``, and whether it is only the whole of a share told after it."""
        quantity, report = spot.quantity, self.report
        percent = quantity.unit in ("%", "‰")
        split = not spot.first_in_clause and percent and cues.splits_share(spot.before, spot.wide)
        spot = replace(spot, before_start=spot.clause[0]) if split else spot
        words = spot.wide if split else spot.before
        if percent and not split and not spot.first_in_clause and cues.tails_share(spot.before):
            words = self.masked[spot.clause[0] : quantity.full_start]  # 培训满360学时的比例为100%
        quantity = replace(quantity, unit=listed.unit) if listed and listed.unit else quantity
        last = state.levels[-2:]
        net = (
            spot.first_in_clause and state.base_period is None and len({dimension(f.unit) for f in last}) == 1
        )
        net = net and len(last) == 2 and dimension(last[0].unit) == dimension(quantity.unit)
        reading = cues.classify(listed.name if listed else words, quantity.unit, spot.after, net)
        told = None if listed or not percent else portions.portion(words, spot.after, quantity.qualifier)
        if told:
            reading = cues.Reading("share", told.what, whole=told.whole, link=told.link)
        if listed and listed.than:
            reading = replace(reading, than=listed.than)
        role: Role = reading.role
        own = self._trim(reading.own)
        direction = reading.direction
        own = cues.without_demand(own)
        done = "" if listed or role != "level" else addressed.deed(spot.before, spot.after)
        mean = elsewhere.mean_behind(spot.before, spot.after) if listed is None else ""
        if done or mean or addressed.empty(own):
            own = ""
        if labels.only_time(own) or called.says_the_same(own) or self._place(own):
            own = ""
        if not own and role == "level" and listed is None and spot.first_in_clause:
            own = called.from_clause_before(self.masked, span[0], spot)
        if not own and role in ("change", "rate") and not state.levels and spot.first_in_clause:
            own = anchors.since_before(self.masked, span[0], spot)
        if cues.leans_back(own) and not spot.bracketed:
            own = anchors.clause_before(self.masked, span[0], spot) + own
        grant = None if listed or percent else portions.granted(spot.before, spot.after)
        if grant:
            who = grant[0] or labels.trim(anchors.clause_before(self.masked, span[0], spot)).removeprefix(
                "对"
            )
            own = f"{who}{grant[1]}" if who else own
        if not grant and nouns.bare_verb(own) == "" and own and nouns.verbal(own) and spot.first_in_clause:
            about = anchors.clause_before(self.masked, span[0], spot)
            own = f"{about.removesuffix('方面')}{own}" if about.endswith("方面") else own
        if listed is not None:
            role = listed.role or ("level" if role == "base" else role)
            direction = listed.direction or direction
            if listed.role in ("base", "limit"):
                own = ""
        peer = anchors.peer_of(state, listed, own, role)
        own = "" if peer is not None and anchors.THESE.fullmatch(own) else own
        explained = None
        if spot.bracketed and state.host is None and not own and listed is None:
            explained = explain(state.bracket[0], report)
            own = explained.own if explained else own
        whole_only = (
            role == "level" and "占" in own[-40:] and not percent and spot.after.lstrip().startswith("的")
        )
        if role == "level" and "占" in own and (whole_only or dimension(quantity.unit) == "money"):
            own, whole_only = own.rsplit("占", 1)[1], True
        anchor = anchors.anchor_of(state, role, own, quantity, peer, spot.before)
        if (
            role == "level"
            and not own
            and listed is None
            and (along := anchors.moved_with(self.masked, state, quantity))
        ):
            role, direction, anchor = "change", along[0], along[1]
        if (
            role in ("base", "change", "rate")
            and listed is None
            and (
                share := state.share_again(
                    own
                    or (
                        "占比"
                        if quantity.unit == "百分点" and state.spoken is state.recent.get("percent")
                        else ""
                    )
                )
            )
        ):
            own, anchor = "", share
        footing = role == "base" and not own and spot.after.lstrip().startswith(("的基础上", "基础上"))
        alike = [f for f in state.earlier if dimension(f.unit) == dimension(quantity.unit)] if footing else []
        awaited = bool(state.bases) and role == "level" and not own
        noun = done or (
            "" if awaited or footing else nouns.noun_after(spot.after, quantity.unit, spot.before)
        )
        if not (noun or awaited or footing or listed) and nouns.adverbial(own):
            noun = nouns.behind_bracket(self.masked, quantity.full_end, span[1])
            own = "" if noun else own
        if role in ("change", "rate") and not own and anchor is None and not state.group and noun:
            role = "level"  # "增加50名教师": nothing was there to change; the words after name it
        earlier = reading.earlier or (listed is not None and listed.role == "base")
        earlier = earlier or (explained is not None and explained.earlier)
        if role == "level" and not own and listed is None and anchor is not None and not awaited:
            said = self.clock.within(spot.before_start, quantity.full_start)
            before_it = said is not None and anchor.period is not None and said[:4] < anchor.period[:4]
            before_it = before_it and not judged.yearly(self.masked, state, spot, quantity.unit)
            earlier = earlier or (before_it and dimension(anchor.unit) == dimension(quantity.unit))
        held = state.recent.get(dimension(quantity.unit))
        if role == "level" and held is not None and peer is None and not awaited:
            named_in_list = listed is not None and not listed.follows
            if not named_in_list and cues.bounds(spot.before, spot.after, quantity.qualifier):
                role, own, noun, anchor = "limit", "", "", held
            elif cues.held_to(quantity.qualifier) and listed is None and labels.bare_stage(own):
                staged = state.matching(own)  # 小学0.42、初中0.35,均达到小学不高于0.65、初中不高于0.55的标准
                if staged is not None and dimension(staged.unit) == dimension(quantity.unit):
                    role, own, noun, anchor = "limit", "", "", staged
        inherits = anchor is not None and (
            peer is not None or not own or own == anchor.label or role != "level"
        )
        restated = role == "level" and not own and bool(quantity.qualifier) and not awaited and not noun
        restated = restated and (anchor is None or dimension(anchor.unit) == dimension(quantity.unit))
        named_by: Fact | None = alike[-1] if alike and anchor is None else None
        of: str | None = None
        if inherits and anchor is not None and not (peer is not None and role == "level"):
            apart = role == "share" and peer is not None and bool(own) and own not in ("占", peer.label)
            if (role != "level" and not apart) or earlier or restated:
                itself = anchor.of is None or anchor.role == "level" or role == "limit"
                itself = itself or dimension(quantity.unit) == "percent_point"
                of = anchor.id if itself else anchor.of
        if earlier and of is not None:
            role = "base"
        if role == "base":
            state.group = own or state.group
        host = state.host
        if earlier and of is None and not own and host is not None and host.role in ("change", "rate"):
            role, named_by = "base", host  # 未在校学生减少19人(上年同期75人)
        spoken = state.spoken
        bare = not (own or noun or awaited or listed) and anchor is None
        again = role in ("rate", "change") and spoken is not None and spoken.role == "change"
        if (role == "level" or again) and bare and spoken is not None:
            moved = spoken.role in ("change", "rate") or dimension(spoken.unit) == dimension(quantity.unit)
            named_by = named_by or (spoken if moved else None)  # 较上年翻了一番,首次突破5000万元
        elif role in ("change", "rate") and bare and spoken is not None and spoken.kind == "reference":
            named_by, of = spoken, spoken.id  # 全省共有3253所,比2010年增加2154所
        if anchor is None and (gap := anchors.gap_of(state, reading.than, quantity.unit)):
            named_by = gap
        text = own or (state.group if awaited else "")
        if role == "level":
            state.group = ""
        named: Fact | None = None
        if inherits and anchor is not None and (not text or of) and (of or not noun):
            if not text or anchor.label != text:
                text = text if text and role == "share" else anchor.label
            named = anchor if role != "share" else None
        name = called.call(
            self.masked, text, noun, spot, reading, role, anchor if of else None, named, state, self.series,
            listed, peer, self.titles,
        )  # fmt: skip
        named_by = named_by or (held if mean else None)
        whole = None
        if role in ("level", "share") and not own and listed is None and sums(spot.before):
            whole = name_sum(quantity, state.levels)
        if whole is not None:
            name, text, of = whole, whole.metric, None
        elif named_by is not None:
            name = naming.Name(named_by.metric, named_by.metric_id, named_by.stage, named_by.subject)
            text = named_by.label
        kind = judged.kind_at(
            self.masked, [*self.titles[-3:], self.series.intro], spot, quantity, role, state, reading.than
        )
        if spot.bracketed and state.host is None and not explained and labels.bare_stage(own):
            explained = explain(state.bracket[0], report)
            explained = explained if explained and explained.demanded else None
        if spoken is not None:
            kind = judged.kind_beside(kind, spoken, spot, role, listed, reading.than)
        if (told and told.ruled) or (explained and explained.demanded) or grant:
            kind = "policy"
        period, base_period = judged.period_at(
            self.clock, spot, role, earlier, anchor if of else peer, state, listed, reading.than
        )
        if state.host is not None and state.host.role == "base" and role == "level":
            # "从2010年的424所(公办34所)增加到…": the parts are those of that time
            period = self.clock.within(state.host.end, quantity.start) or state.host.period
        region = report.region
        place = (
            None
            if reading.than or role == "limit"
            else elsewhere.other_place(
                mean or (listed.name if listed and not listed.follows else spot.before), report
            )
        )
        kind = "reference" if mean else kind
        if place := place or (explained.place if explained else None):
            region, kind = place, "reference"
        elif explained and explained.elsewhere:
            region, kind = None, "reference"
        if role in ("rate", "change") and quantity.value < 0 and direction == "up":
            direction = "down"  # 增幅为-1.69%
        if explained and explained.way and spoken is not None:
            role, direction = "rate", explained.way
            name = naming.Name(spoken.metric, spoken.metric_id, spoken.stage, region)
        if explained and explained.earlier:
            opened = spot.clause[0] - 1
            period = self.clock.within(opened - len(state.bracket[0]), opened) or period
        if kind == "actual" and role != "base" and self.clock.ahead(period):
            kind = "plan"
        if kind in ("plan", "target") and "/" in (period or ""):
            self.series.span = self.series.paragraph, period
        elif kind == "actual" and period and self.series.span == (self.series.paragraph, period):
            kind = "plan"  # 将…,“十四五”期间新建200所。“十四五”期间改建150所
        if role == "level" and own and not awaited:
            state.base_period = None
        if role == "limit":
            state.beyond = cues.beyond(spot.before, quantity.qualifier)
            state.bounded = len(state.levels)
        elif reading.than and direction is None:
            direction = state.beyond
        fact = Fact(
            id=f"{report.id}-{quantity.start}",
            report_id=report.id,
            region=region,
            subject=name.subject or region or "",
            metric=name.metric,
            metric_id=name.metric_id,
            stage=name.stage,
            value=quantity.value,
            unit=quantity.unit,
            as_printed=quantity.as_printed,
            period=period,
            qualifier=quantity.qualifier,
            kind=kind,
            role=role,
            label=f"{self._trim(spot.before) if told else text} {noun}".strip() or name.metric,
            context=judged.context_at(self.series.intro, self.titles, state, quantity),
            section=" > ".join(self.path),
            start=quantity.start,
            end=quantity.end,
            clause=spot.clause,
            sentence=span,
            direction=direction,
            of=of,
            upper=quantity.upper,
            base_period=base_period,
        )
        return fact, whole_only
