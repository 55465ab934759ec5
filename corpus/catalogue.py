"""The catalogue of indicators, school stages and words, each kept in YAML that an editor can change.

Numbers and dates in YAML stay as written ("12.30" stays 12.30); unknown keys, duplicate keys and ids
stop the program with file and key, so a slip in a file is never a silent wrong answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import yaml
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from corpus.errors import CatalogueError
from corpus.model import Fact, Indicator

HERE = Path(__file__).parent
T = TypeVar("T")
_STRICT = ConfigDict(extra="forbid")


_COMPLAINTS = {
    "unexpected_keyword": "没有这个键,请检查拼写",
    "missing": "缺少这个键",
    "decimal": "应为数字",
    "date": "应为日期,如 2019-01-31",
    "string": "应为文字",
    "tuple": "应为列表",
    "dict": "应为键值表",
    "bool": "应为 true 或 false",
    "int": "应为整数",
    "dataclass": "应为键值表",
}
"""What pydantic says of a file, by the beginning of its error type."""


if TYPE_CHECKING:
    _Loader = yaml.SafeLoader
else:  # the same in C takes a sixth of the time, at every start
    _Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _AsWritten(_Loader):
    """YAML without implicit numbers or dates, and with duplicate keys refused."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node)
            if key in seen:
                raise yaml.MarkedYAMLError(problem=f"duplicate key {key!r}", problem_mark=key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


_AsWritten.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if tag.rsplit(":", 1)[1] in ("bool", "null", "merge")]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load_yaml(path: Path, kind: type[T]) -> T:
    """Return the file validated as ``kind``; raise CatalogueError naming file and key otherwise."""
    try:
        raw = yaml.load(path.read_text("utf-8"), Loader=_AsWritten)
        return TypeAdapter(kind).validate_python(raw)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CatalogueError(f"{path.name}:无法读取:{' '.join(str(error).split())}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CatalogueError(f"{path.name}:{where}:{_what(first['type'], first['msg'])}") from error


def _what(kind: str, said: str) -> str:
    """Return pydantic's complaint in Chinese, in its own words where it is none of the common ones."""
    for beginning, chinese in _COMPLAINTS.items():
        if kind.startswith(beginning):
            return chinese
    return said.removeprefix("Value error, ").replace("Input should be", "应为").replace(" or ", "或")


@checked(frozen=True, config=_STRICT)
class _IndicatorEntry:
    id: str
    name: str
    unit: str
    synonyms: tuple[str, ...] = ()
    family: str | None = None
    per_stage: bool = False
    direction: Literal["up", "down"] | None = None
    defined_in: str = ""
    note: str = ""
    alone: bool = False
    by_stage: str | None = None
    preschool: str | None = None


@checked(frozen=True, config=_STRICT)
class Stage:
    """A school stage. ``words`` are sorted from the longest, so the most exact name wins."""

    id: str
    name: str
    words: tuple[str, ...]
    includes: tuple[str, ...] = ()
    """Ids of stages that a word of this one may also mean (高中: 普通高中 or 职业高中)."""
    implied: tuple[str, ...] = ()
    """Words that belong to the stage in a report without naming it; people's questions are not read by them."""
    grades: tuple[str, ...] = ()
    """Words for one year of the stage: a figure of it is of the stage, but not all that the stage has."""


@checked(frozen=True, config=_STRICT)
class Derived:
    """A quantity that texts rarely print but that two printed ones give (缺编 = 编制 − 现有)."""

    id: str
    name: str
    words: tuple[str, ...]
    tool: str
    first: str
    second: str
    note: str = ""
    also: str = ""
    """A second part that is added to the first before it is divided by the second."""
    metric_id: str | None = None
    must: str = ""
    """A regular expression that the second figure's own words must match."""


@checked(frozen=True, config=_STRICT)
class Lexicon:
    """``same``: groups of words of one meaning; ``generic``: a loose word and the metrics it may mean."""

    same: tuple[tuple[str, ...], ...]
    generic: dict[str, tuple[str, ...]]
    stop: tuple[str, ...]
    limiting: tuple[str, ...]
    not_before: dict[str, tuple[str, ...]]
    not_behind: dict[str, tuple[str, ...]]
    light: tuple[str, ...]
    doing: frozenset[str]
    a_head: tuple[str, ...]
    """Longer ways to say 生均 in the name of an indicator (学生人均)."""


def of_stage(metric_id: str | None, stage: str | None) -> str | None:
    """Return the indicator that ``metric_id`` is of ``stage``: pupils of kindergartens are 在园幼儿."""
    entry = indicators().get(metric_id or "")
    return entry.preschool or metric_id if entry and stage == "preschool" else metric_id


@cache
def indicators() -> dict[str, Indicator]:
    """Return all indicators by id, read from every file of ``corpus/indicators``."""
    found: dict[str, Indicator] = {}
    for path in sorted((HERE / "indicators").glob("*.yaml")):
        for entry in load_yaml(path, tuple[_IndicatorEntry, ...]):
            if entry.id in found:
                raise CatalogueError(f"{path.name}:{entry.id}:编号重复")
            fields = {name: getattr(entry, name) for name in Indicator.__dataclass_fields__}
            found[fields["id"]] = Indicator(**fields)
    for item in found.values():
        if item.preschool is not None and item.preschool not in found:
            raise CatalogueError(f"{item.id}:preschool:没有编号为“{item.preschool}”的指标")
    return found


@cache
def stages() -> dict[str, Stage]:
    """Return the school stages by id."""
    found: dict[str, Stage] = {}
    for stage in load_yaml(HERE / "stages.yaml", tuple[Stage, ...]):
        if stage.id in found:
            raise CatalogueError(f"stages.yaml:{stage.id}:编号重复")
        found[stage.id] = stage
    return found


@cache
def derived() -> tuple[Derived, ...]:
    return load_yaml(HERE / "derived.yaml", tuple[Derived, ...])


@cache
def lexicon() -> Lexicon:
    return load_yaml(HERE / "lexicon.yaml", Lexicon)


@dataclass(frozen=True, slots=True)
class Named:
    """A name of the catalogue found in a text at ``[start, end)``."""

    start: int
    end: int
    id: str


Index = dict[str, tuple[tuple[str, str, int], ...]]
"""By the first two characters of a name: (name, id, rank), the name that comes first in the catalogue first."""


def _index(pairs: Iterable[tuple[str, str]]) -> Index:
    found: dict[str, list[tuple[str, str, int]]] = {}
    for rank, (word, key) in enumerate(pairs):
        found.setdefault(word[:2], []).append((word, key, rank))
    return {head: tuple(words) for head, words in found.items()}


@cache
def _indicator_words() -> Index:
    return _index((name, i.id) for i in indicators().values() if not i.alone for name in _said(i.words))


def _said(words: Iterable[str]) -> Iterator[str]:
    """Yield each name of an indicator with the other ways in which texts say its 生均."""
    known = set(words)
    for word in words:
        yield word
        if word.startswith("生均"):
            yield from (name for head in lexicon().a_head if (name := head + word[2:]) not in known)


@cache
def _stage_words() -> Index:
    return _index((word, stage.id) for stage in stages().values() for word in stage.words)


def _find(text: str, index: Index) -> Iterator[Named]:
    """Yield the names in ``text`` that no longer name overlaps; of equally long ones the first in the catalogue."""
    seen: list[tuple[int, int, int, str]] = []
    for at in range(len(text) - 1):
        for word, key, rank in index.get(text[at : at + 2], ()):
            if text.startswith(word, at) and text[at - 1 : at] != "非":
                seen.append((-len(word), rank, at, key))
    taken: list[tuple[int, int]] = []
    for length, _, at, key in sorted(seen):
        end = at - length
        if all(end <= start or at >= stop for start, stop in taken):
            taken.append((at, end))
            yield Named(at, end, key)


def settled(fact: Fact) -> str | None:
    """Return the id of a fact's indicator, None where only its bare name gives it.

    A count has its indicator for those who collect figures; whoever compares or judges figures goes on by their
    own words, as a bare name (在校生) may be of a part that was named before it.
    """
    return None if fact.metric_id is None or indicators()[fact.metric_id].alone else fact.metric_id


def catalogue_names(fact: Fact) -> tuple[str, ...]:
    """Return all names of a fact's settled indicator."""
    known = settled(fact)
    return indicators()[known].words if known else ()


def indicators_in(text: str) -> list[Named]:
    """Return the indicators named in simplified ``text``, longest names first winning, by position.

    Those whose words are names only alone (在校生) are found by ``corpus.alone``.
    """
    return list(_indicators_found(text))


@lru_cache(maxsize=8192)  # a reader asks for the same few words again and again
def _indicators_found(text: str) -> tuple[Named, ...]:
    return tuple(sorted(_find(text, _indicator_words()), key=lambda named: named.start))


_IN_NAME = re.compile(
    r"(?:实验|中心|第[一二三四五六七八九十]|(?<!城)(?<!乡)镇|(?<!城)乡|(?<!农)(?<!乡)村|希望|附属|附中|直属|区直|县直|市直)$"
)
_TERM = re.compile(r"[开入放升上]$")
"""What makes 学前 a time ("开学前") and no stage."""


def stages_in(text: str) -> list[Named]:
    """Return the school stages named in simplified ``text`` by position, not those in a school's name."""
    return list(_stages_found(text))


@lru_cache(maxsize=8192)
def _stages_found(text: str) -> tuple[Named, ...]:
    found = [
        n
        for n in _find(text, _stage_words())
        if not _IN_NAME.search(text[max(0, n.start - 3) : n.start])
        and not (text.startswith("学前", n.start) and _TERM.search(text[max(0, n.start - 1) : n.start]))
    ]
    return tuple(sorted(found, key=lambda named: named.start))
