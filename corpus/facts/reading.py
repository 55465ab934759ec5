"""Read the sentences of a report in order: each quantity becomes a fact with its name, role and time."""

from __future__ import annotations

import re

from corpus.catalogue import indicators_in
from corpus.facts import anchors, called, cues, labels, naming, nouns, together
from corpus.facts.labels import LONGEST
from corpus.facts.links import carry, follow, leave_brackets, rename, settle
from corpus.facts.spots import Spot, spots
from corpus.facts.state import Sentence, Series, remember
from corpus.facts.times import Clock
from corpus.facts.together import Listed
from corpus.folding import fold
from corpus.model import Fact, Kind, Quantity, Report, Role, Section
from corpus.units import dimension

_IDLE = re.compile(r",[^,;。:()\d]{4,},")
_MARK = re.compile(r"[,;:。、]")
_DIVIDES = re.compile(r"其中|(?:^|[,;])(?:内有|内含|包括|包含|含)(?!义)")
_SENTENCE = re.compile(r"[。;,:]|[\d%][人名所元个万]|\d[.]\d")


class Reader:
    """Reads one report; ``sentence`` is called for each of its sentences in order."""

    def __init__(self, report: Report, masked: str, clock: Clock) -> None:
        self.report = report
        self.masked = masked
        self.clock = clock
        self.series = Series()
        self.path: tuple[str, ...] = ()
        self.titles: tuple[str, ...] = ()
        head = [fold(line) for line in report.text[:400].split("\n") if 2 < len(line.strip()) <= 48][:4]
        head = [line for line in head if not _SENTENCE.search(line) and not naming.HEADING.match(line)]
        title = next((s for line in [fold(report.title), *head] if (s := labels.stage_in(line))), None)
        if title and title[0] in ("preschool", "special"):
            self.series.title = title

    def sentence(self, start: int, end: int, inside: list[Quantity]) -> list[Fact]:
        """Return the facts of the sentence ``[start, end)``, whose quantities are ``inside``."""
        series, masked = self.series, self.masked
        section = self.report.section_at(start)
        path = section.path if section else ()
        if path != self.path:
            self.path, self.titles = path, naming.plain_titles(path)
        self.clock.enter(start, end, path)
        outside = series.intro_path != path[: len(series.intro_path)]
        if outside or (path and not series.intro_path and not self._lists(section)):
            series.intro = ""
        state = series.begin(masked.rfind("\n", 0, start) + 1, masked, start)
        listed = together.pair(masked, start, end, inside, self.clock.during(start, end)) if inside else {}
        facts: list[Fact] = []
        for spot in spots(masked, start, end, inside):
            self._introduce(start, spot, inside)
            self._turn(state, spot, facts, start)
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
        if not inside and (intro := naming.introduction(masked[max(start, end - LONGEST) : end])):
            series.intro, series.intro_path = intro, path
        return settle(leave_brackets(carry(facts, masked), masked))

    def _turn(self, state: Sentence, spot: Spot, facts: list[Fact], start: int) -> None:
        """Bring ``state`` to the bracket, the clause and the list that ``spot`` stands in."""
        host = None
        opening = next((b for b in spot.brackets if all(b != known for known, _ in state.frames)), None)
        if facts and opening is not None and not _MARK.search(self.masked, facts[-1].end, opening):
            host = facts[-1]
        state.turn(spot.brackets, host)
        begin = facts[-1].end if facts else start
        passed = self.masked[begin : spot.quantity.full_start]
        if ";" in passed and not (state.frames and "(" in passed):
            state.segment()
        if spot.clause[0] != state.clause:
            state.clause, state.staged, state.inner = spot.clause[0], None, None
        if facts and _IDLE.search(passed):
            state.close()
        if divided := _DIVIDES.search(spot.before):
            state.divide(listed=":" in passed or (divided.start() == 0 and begin == start))
        elif not facts and _DIVIDES.match(self.masked, start):
            state.divide(listed=True)
        elif facts and passed.startswith(":"):
            state.divide(listed=True)  # 残疾儿童少年共268名:特教学校就读71名,…

    def _trim(self, words: str) -> str:
        """Return the words as a label, without the report's own place before them."""
        own = labels.trim(words)
        for place in (self.report.region, *self.report.region_path):
            if place and own.startswith(place) and len(own) > len(place) + 2:
                own = labels.trim(own.removeprefix(place))
        return own

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
        numbered = naming.HEADING.match(self.masked[start : start + 12])
        series.intro, series.intro_path = words, self.path[:-1] if numbered else self.path

    def _fact(
        self, span: tuple[int, int], spot: Spot, state: Sentence, listed: Listed | None
    ) -> tuple[Fact, bool]:
        """Return the fact at ``spot``, and whether it is only the whole of a share told after it."""
        quantity, report = spot.quantity, self.report
        percent = quantity.unit in ("%", "‰")
        split = not spot.first_in_clause and percent and cues.splits_share(spot.before, spot.wide)
        words = spot.wide if split else spot.before
        reading = cues.classify(listed.name if listed else words, quantity.unit, spot.after)
        role: Role = reading.role
        own = self._trim(reading.own)
        direction = reading.direction
        if labels.only_time(own) or called.says_the_same(own):
            own = ""
        if not own and role == "level" and listed is None and spot.first_in_clause:
            own = called.from_clause_before(self.masked, span[0], spot)
        if cues.leans_back(own) and not spot.bracketed:
            own = anchors.clause_before(self.masked, span[0], spot) + own
        if listed is not None:
            role = listed.role or ("level" if role == "base" else role)
            direction = listed.direction or direction
            if listed.role in ("base", "limit"):
                own = ""
        peer = anchors.peer_of(state, listed, own)
        whole_only = (
            role == "level" and "占" in own[-40:] and not percent and spot.after.lstrip().startswith("的")
        )
        if role == "level" and "占" in own and (whole_only or dimension(quantity.unit) == "money"):
            own, whole_only = own.rsplit("占", 1)[1], True
        anchor = anchors.anchor_of(state, role, own, quantity, peer, spot.before)
        awaited = bool(state.bases) and role == "level" and not own
        noun = "" if awaited else nouns.noun_after(spot.after, quantity.unit, spot.before)
        if role in ("change", "rate") and not own and anchor is None and not state.group and noun:
            role = "level"  # "增加50名教师": nothing was there to change; the words after name it
        earlier = reading.earlier or (listed is not None and listed.role == "base")
        if role == "level" and not own and listed is None and anchor is not None and not awaited:
            said = self.clock.within(spot.before_start, quantity.full_start)
            before_it = said is not None and anchor.period is not None and said[:4] < anchor.period[:4]
            earlier = earlier or (before_it and dimension(anchor.unit) == dimension(quantity.unit))
        held = state.recent.get(dimension(quantity.unit))
        if role == "level" and held is not None and peer is None and not awaited:
            if cues.bounds(spot.before, spot.after, quantity.qualifier):
                role, own, noun, anchor = "limit", "", "", held
        inherits = anchor is not None and (
            peer is not None or not own or own == anchor.label or role != "level"
        )
        restated = role == "level" and not own and bool(quantity.qualifier) and not awaited and not noun
        of: str | None = None
        if inherits and anchor is not None and not (peer is not None and role == "level"):
            if role != "level" or earlier or restated:
                itself = anchor.of is None or anchor.role == "level" or role == "limit"
                of = anchor.id if itself else anchor.of
        if earlier and of is not None:
            role = "base"
        if role == "base":
            state.group = own or state.group
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
        kind = self._kind(spot, quantity, role, state, reading.than)
        period, base_period = self._period(spot, role, earlier, anchor if of else peer, state, listed)
        region = report.region
        place = None if reading.than or role == "limit" else naming.other_place(spot.before, report)
        if place:
            region, kind = place, "reference"
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
            label=f"{text} {noun}".strip() or name.metric,
            context=self._context(state, quantity),
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

    def _kind(self, spot: Spot, quantity: Quantity, role: Role, state: Sentence, than: str | None) -> Kind:
        if role == "limit":
            return "policy"
        if than:
            return "reference"
        clause = self.masked[max(spot.clause[0], quantity.full_start - LONGEST) : quantity.full_start]
        before = spot.before
        headings = [*self.titles[-3:], self.series.intro]
        kind = cues.kind_of(clause, before, spot.after, quantity.qualifier, headings)
        if role == "base":
            return "actual" if kind in ("plan", "target") else kind
        if kind in ("plan", "target") and cues.kind_of(clause, before, "", None, []) == kind:
            state.planned = kind
        elif kind == "actual" and state.policy_unit == quantity.unit and cues.held_to(quantity.qualifier):
            return "policy"
        elif kind == "actual" and state.planned:
            if cues.goes_on(clause):
                return state.planned
            state.planned = None
        return kind

    def _period(
        self,
        spot: Spot,
        role: Role,
        earlier: bool,
        anchor: Fact | None,
        state: Sentence,
        listed: Listed | None,
    ) -> tuple[str | None, str | None]:
        anchored = anchor.period if anchor else None
        if listed is not None and listed.time:
            return self.clock.within(*listed.time), None
        period, base = self.clock.period(spot, role, earlier, anchored)
        if listed is not None and listed.role == "base":
            if listed.index == 0:
                state.list_period = period
            return state.list_period, None
        if role in ("change", "rate") and base is None:
            base = state.base_period
        return period, base

    def _context(self, state: Sentence, quantity: Quantity) -> str:
        parts = [self.series.intro]
        whole = state.whole(quantity.unit)
        if whole is not None:
            parts.append(whole.label)
        if state.anchor is not None and state.anchor is not whole:
            parts.append(state.anchor.label)
        parts += self.titles[-2:]
        return " ".join(part.replace("\x00", "").strip()[:LONGEST] for part in parts if part)
