"""Ask the questions of a set in other words: ``python scripts/paraphrase.py CASES.jsonl OUT.jsonl [--seed N]``.

OUT holds every case as it is and, for each kind of rewording that changes it, a variant: the same expectations,
``id`` with the kind behind it, ``of`` the id of the case and ``paraphrase`` the kind (``--kinds`` chooses some):

- ``synonyms``: names of indicators by another name of the catalogue, everyday words by others of one meaning;
- ``order``: place and year change places, or stand behind; the thing asked for first, then the question;
- ``framing``: politeness, occasion and thanks around the question;
- ``colloquial``: everyday words for asking;
- ``traditional``: traditional characters, of the mainland, Taiwan or Hong Kong;
- ``typos``: in one word a character of the same sound, or one that looks alike;
- ``mixed``: order, colloquial words, framing and a slip together.

Figures, years, places, names of schools and quoted words stay as they are; traditional characters alone write them
otherwise. The same seed gives the same bytes. The words are in ``scripts/paraphrase.yaml``.
``scripts/score_paraphrases.py`` tells what each kind costs.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the project, when the script is run

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as checked

from corpus.catalogue import indicators, indicators_in, lexicon, load_yaml, stages
from corpus.folding import fold
from corpus.gazetteer import mentions, unknown_places

Case = Mapping[str, Any]
Spans = list[tuple[int, int]]
_STRICT = ConfigDict(extra="forbid")
_KEPT = re.compile(
    r"[“\"「《][^”\"」》]*[”\"」》]|\d+(?:[.,]\d+)*[%万亿元人名所]*年?|GDP"
    r"|(?:第[一二三四五六七八九十]+|实验|[\u4e00-\u9fff]{1,3}[路圩街镇])+(?:中心)?(?:小学|初中|中学|高中|幼儿园)"
)
_YEAR = re.compile(r"(?:19|20)\d\d年")
_ASKED = re.compile(r"^(?P<what>[^,?]{3,}?)(?P<ask>是多少[^,?]*|有多少[^,?]{0,2}|达到多少了?|多少[元人]?)$")
_RELATION = re.compile("[比较較]|了$|[增新]|相差|[和与跟].*[哪谁]")
"""What cannot be said before the place without its verb, or relates two things."""


@checked(frozen=True, config=_STRICT)
class Swap:
    """``said`` is a regular expression; any of ``also`` says the same."""

    said: str
    also: tuple[str, ...]


@checked(frozen=True, config=_STRICT)
class _Framing:
    first: tuple[str, ...]
    number: tuple[str, ...]
    later: tuple[str, ...]


@checked(frozen=True, config=_STRICT)
class Words:
    """What ``paraphrase.yaml`` holds."""

    synonyms: tuple[Swap, ...]
    colloquial: tuple[Swap, ...]
    framing: _Framing
    alike: tuple[str, ...]


@cache
def words() -> Words:
    return load_yaml(Path(__file__).with_suffix(".yaml"), Words)


def kept(text: str) -> Spans:
    """Return the spans that no rewording may touch: figures, years, places, schools, quoted words."""
    folded = fold(text)
    spans = [m.span() for m in _KEPT.finditer(folded)]
    places = [(m.start, m.end) for m in (*mentions(folded), *unknown_places(folded))]
    schools = [
        m.span() for _, end in places for m in re.compile("(?:中学|高中)").finditer(folded, end, end + 2)
    ]
    return spans + places + schools


def _free(spans: Spans, start: int, end: int) -> bool:
    return all(end <= a or b <= start for a, b in spans)


def _swapped(text: str, swaps: Iterable[Swap], dice: random.Random, held: Spans) -> str:
    """Put another word for each pattern that is found outside of ``held``, the first pattern first."""
    done: dict[tuple[int, int], str] = {}
    for swap in swaps:
        for m in re.finditer(swap.said, text):
            if _free([*held, *done], *m.span()) and m[0]:
                done[m.span()] = dice.choice([w for w in swap.also if w != m[0]])
    for (start, end), word in sorted(done.items(), reverse=True):
        text = text[:start] + word + text[end:]
    return text


def synonyms(text: str, dice: random.Random, case: Case, later: bool) -> str:
    """Name indicators and everyday things otherwise."""
    held, named = kept(text), []
    for found in indicators_in(text):
        said = text[found.start : found.end]
        others = [w for w in indicators()[found.id].words if w != said and w not in text and said not in w]
        if others and not indicators()[found.id].alone and _free(held, found.start, found.end):
            named.append((found, dice.choice(others)))
    for found, word in sorted(named, key=lambda pair: -pair[0].start):
        text = text[: found.start] + word + text[found.end :]
    taken = [(m.start(), m.end()) for _, word in named for m in re.finditer(re.escape(word), text)]
    return _swapped(text, words().synonyms, dice, kept(text) + taken)


def colloquial(text: str, dice: random.Random, case: Case, later: bool) -> str:
    """Ask as people talk."""
    return _swapped(text, words().colloquial, dice, kept(text))


def framing(text: str, dice: random.Random, case: Case, later: bool) -> str:
    """Put what people say around a question."""
    frames = words().framing
    number = len(case["answer_values"]) == 1 and case["kind"] in ("direct", "computed", "colloquial", "typo")
    number = number and re.search("多少|几", text) is not None
    choice = dice.choice(frames.later if later else (*frames.first, *(frames.number if number else ())))
    return choice.replace("{q}", re.sub("[??。]+$", "", text))


def order(text: str, dice: random.Random, case: Case, later: bool) -> str:
    """Move place and year, or say first what is asked for."""
    folded = fold(text)
    plain, mark = (text[:-1], text[-1]) if folded.endswith("?") else (text, "")
    place, year, head = _lead(folded)
    rest = plain[head:].removeprefix("的")
    of = "的" if plain[head:].startswith("的") else ""
    where = text[:head]
    ways = (
        [f"{year + place if where.startswith(place) else place + year}{of}{rest}{mark}"]
        if place and year
        else []
    )
    asked = _ASKED.match(rest)
    if place and asked and not _RELATION.search(asked["what"]):
        ways.append(f"{asked['what']},{where}{asked['ask']}{mark}")
        ways.append(f"{rest}?我问的是{where}的。")
        ways.append(f"{where},{rest}{mark}")
    many = re.match(r"^有(多少|几)([名个所位人间处]{1,2})([^,的]{2,12})$", rest)
    if many and place:
        ways.append(f"{where}{many[3]}有{many[1]}{many[2]}{mark}")
    return dice.choice(ways) if ways else text


def _lead(folded: str) -> tuple[str, str, int]:
    """Return the place and the year that a question begins with, in any order, and where they end."""
    named = {m.start: m.end for m in mentions(folded)}
    place, year, at = "", "", 0
    for _ in range(2):
        if not place and (end := named.get(at)):
            place, at = folded[at:end], end
        elif not year and (dated := _YEAR.match(folded, at)):
            year, at = dated[0], dated.end()
    joint = folded[at : at + 1] in ("和", "与", "、", "跟", "及", "或")  # one of several places
    return ("", "", 0) if joint else (place, year, at)


def traditional(text: str, dice: random.Random, case: Case, later: bool) -> str:
    """Write traditional characters as in one of three places."""
    return _writer(dice.choice(("s2t", "s2tw", "s2hk"))).convert(text)  # type: ignore[no-any-return]


@cache
def _writer(name: str) -> Any:
    from opencc import OpenCC

    return OpenCC(name)


@cache
def _sounds() -> dict[str, str]:
    """Common characters (the first level of GB 2312) by their sound."""
    from pypinyin import lazy_pinyin

    groups: dict[str, str] = {}
    for high in range(0xB0, 0xD8):
        for low in range(0xA1, 0xFF):
            try:
                char = bytes((high, low)).decode("gb2312")
            except UnicodeDecodeError:
                continue
            sound = lazy_pinyin(char)[0]
            groups[sound] = groups.get(sound, "") + char
    return groups


@cache
def _terms() -> frozenset[str]:
    """Words of which a slip must not make another: it would be another question."""
    known = [word for item in indicators().values() for word in item.words]
    known += [word for stage in stages().values() for word in stage.words]
    return frozenset([*known, *(w for group in lexicon().same for w in group), *lexicon().limiting])


def _slips(token: str) -> list[str]:
    from pypinyin import lazy_pinyin

    slips = []
    for at, char in enumerate(token):
        close = _sounds().get(lazy_pinyin(char)[0], "")
        close += "".join(group for group in words().alike if char in group) * 2
        slips += [token[:at] + other + token[at + 1 :] for other in close if other != char]
    return [slip for slip in slips if slip not in _terms()]


def typos(text: str, dice: random.Random, case: Case, later: bool) -> str:
    """Make one slip in one word that says what is asked for."""
    import rjieba

    if later and dice.random() < 0.6:  # nobody slips in every turn
        return text
    held, at, places = kept(text), 0, []
    for token in rjieba.cut(text):
        weighty = len(token) > 1 and token not in lexicon().stop and re.fullmatch("[\u4e00-\u9fff]+", token)
        if weighty and not re.search("[一二三四五六七八九十百千两几]|多少|什么|哪|怎|比|最|吗", token):
            if _free(held, at, at + len(token)):
                places.append((at, token))
        at += len(token)
    if not places:
        return text
    start, token = dice.choice(places)
    slips = _slips(token)
    return text[:start] + dice.choice(slips) + text[start + len(token) :] if slips else text


def mixed(text: str, dice: random.Random, case: Case, later: bool) -> str:
    """Reword in several ways at once, as people do."""
    for way in (order, colloquial, typos, framing):
        text = way(text, dice, case, later)
    return text


KINDS: dict[str, Callable[[str, random.Random, Case, bool], str]] = {
    way.__name__: way for way in (synonyms, order, framing, colloquial, traditional, typos, mixed)
}


def variants(case: Case, seed: int, kinds: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield the rewordings of a case, at most one of each kind; none where a kind leaves it as it is."""
    for kind in kinds:
        dice = random.Random(f"{seed}/{case['id']}/{kind}")
        turns = [KINDS[kind](turn, dice, case, at > 0) for at, turn in enumerate(case["turns"])]
        if turns != list(case["turns"]):
            yield {**case, "id": f"{case['id']}~{kind}", "of": case["id"], "paraphrase": kind, "turns": turns}


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Ask the questions of a set in other words.")
    parser.add_argument("cases", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", nargs="+", choices=sorted(KINDS), default=list(KINDS))
    arguments = parser.parse_args(argv)
    cases = [json.loads(line) for line in arguments.cases.read_text("utf-8-sig").splitlines() if line.strip()]
    with arguments.out.open("w", encoding="utf-8") as out:
        for case in cases:
            for line in (case, *variants(case, arguments.seed, arguments.kinds)):
                out.write(json.dumps(line, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
