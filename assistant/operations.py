"""Which operation does a question ask for? Decided by ways of asking, tried in a stated order.

The patterns read folded text (simplified, half-width). They are ways of asking in general Chinese;
names of metrics never occur here.
"""

from __future__ import annotations

import re

from assistant.question import Op

_NUM = r"(?:多少|几|多大|多高|多长)"
OPERATIONS: tuple[tuple[Op, str], ...] = (
    ("outside", r"天气|股票|股价|彩票|写(?:一?首|诗|代码|作文)|笑话|翻译成|你是谁|你叫什么|唱|几点了|菜谱"),
    ("never_less", r"只增不减"),
    (
        "recheck",
        r"(?:算|计算|复算|核算|推算|验算|加)(?:得|的|出来的|下来|起来)?.{0,4}(?:对|准确?|正确|错)|对不对|对吗|对么|对得上|是否正确|正不正确|正确吗|准确吗|准不准|"
        r"有没有(?:算)?错|算错|有误|吻合|一致吗|是否一致|自相矛盾|矛盾|站得住|靠谱吗|可信吗|属实|"
        r"(?:能|可以|能不能|能否).{0,24}(?:算|推|核|复)(?:算)?(?:得|出|对|准)|(?:复算|核对|核算|核实|核|验证|复核|验算)一下|复算|验算|有没有问题|算得?出来|怎么算(?:出来|的)",
    ),
    (
        "document",
        r"文号|发文字号|文件号|几号文|哪号文|发的什么文|(?:哪个|什么|哪份|哪一份)(?:文件|通知|方案|意见)",
    ),
    (
        "purpose",
        r"(?:干什么|干嘛|干啥|做什么|做啥|用途|用在|用到|花在|投到|投向|用来|哪方面|什么项目|什么钱|啥钱|指的?是?什么|指啥|怎么用|花到|派什么用|哪里用|哪儿|什么意思|说的是什么|是什么数)",
    ),
    (
        "rank",
        r"排序|排(?:一?个|一下)?(?:序|名|队|列)|从高到低|从低到高|由高到低|由低到高|从大到小|从小到大|从多到少|"
        r"(?:最|第一)(?:高|低|多|少|大|小|快|慢)|名列|排第|排一排|依次",
    ),
    (
        "compare",
        r"(?:哪个|哪里|哪边|哪家|哪一?个?(?:区|县|市|年|学段|地方)|谁|何者)(?:的)?.{0,14}(?:更|较)?(?:高|低|多|少|大|小|快|慢|好|差)(?![组学班时型])|"
        r"比较|对比|相比(?!上年|去年|20)|谁更|可以这么说|能说|可以说|能不能说|(?:能|可以)(?:直接|就|够)?(?:这么|这样|如此)?(?:说|讲|认为|断定|下结论)|能(?:直接)?比(?!上)|"
        r"(?:高于|低于|多于|少于|超过|不如)[^\d]{0,16}(?:吗|么|没有|没)?\??$|孰",
    ),
    (
        "difference",
        r"相差|差多少|差几|差距|差额|差值|之差|(?:多|少|高|低)(?:了|出)?(?:多少|几)(?=[^多几]*$)|"
        r"(?:(?<!新)增加|减少|(?<!新)增|减|涨|降|提高|上升|下降|降低|提升|少)(?:了|出来|出)?(?:多少|几)(?!倍)"
        r"(?=(?:个?百分点|万|亿|元|人|名|所|个|间|钱|块|点|次|位)*(?:[?,;。!、呢吗啊 ]|$))|"
        r"(?:增加|减少|变化)(?:的)?(?:额|量|数)|增量|还差|距离.{0,10}(?:差|多少)",
    ),
    (
        "growth",
        r"增幅|增长率|增速|增长幅度|降幅|下降幅度|涨幅|同比|环比|(?:增长|增加|提高|上升|下降|减少|降低|涨|降|提升|增)(?:了)?(?:百分之|多少个?百分|%)|(?:增长|成长)(?:了)?(?:多少|几)|变化(?:情况|多少|怎样|如何|趋势)|增长情况|升还是降|增还是减|涨还是跌|涨还是降|多了还是少了|增加还是减少|(?:增长|增加|下降|减少|涨|降)(?:了)?(?:吗|没有|没|么)",
    ),
    ("ratio", r"(?:几|多少)倍"),
    ("average", r"平均每(?:个|一)?(?:人次|人|名|位|生|所|校|园|班|个)?"),
    (
        "convert",
        r"换算|折合|合(?:多少|几)个?[亿万]|相当于(?:多少|几)个?[亿万]|[用以按][亿万]元(?:表示|来说|计)",
    ),
    (
        "share",
        r"占(?:比|.{0,16}(?:比例|比重|百分|多少|几成|几分))|比例(?:是|为|有)?(?:多少|多大|多高)|百分之几|几成|(?:占|当中).{0,10}(?:多大|多少)",
    ),
    (
        "sum",
        r"一共|合计|总共|加起来|合起来|合在一起|加一块|总和|共计|加在一起|总数加|两(?:批|项|笔|次).{0,10}(?:共|多少)",
    ),
)
_COMPILED = tuple((name, re.compile(pattern)) for name, pattern in OPERATIONS)

_NUMERIC = re.compile(
    rf"{_NUM}|百分之|占比|比例|比重|[率数额量]是?[吗呢]?\??$|几成|数量|总数|[率比]如何|什么水平|啥水平|水平怎么样|差额|差距|增幅|增速"
)
_NARRATIVE = re.compile(
    r"有.{1,12}[吗么]|有没有|难不难|好不好|怎么(?!样)|如何|为什么|为何|哪些|什么(?:措施|办法|做法|问题|困难|内容|机制|制度|经验|荣誉|称号|奖|目标|原则|时候|原因|文件|工作|打算|计划|安排)|"
    r"有什么|是什么|哪(?:所|家|个|位|些|几|种|类|年|一年|一?天|里)|谁|何时|啥(?:时候|措施|问题|机制)|什么样|措施|介绍|概括|总结|说说|讲讲|谈谈|包括|分别(?:是|叫)"
)


def operation(folded: str) -> Op:
    """Return the operation of a folded question; plain numeric questions are ``value``."""
    for name, pattern in _COMPILED:
        if pattern.search(folded):
            return name
    if _NUMERIC.search(folded):
        return "value"
    if _NARRATIVE.search(folded):
        return "explain"
    return "value"


def asks_number(folded: str) -> bool:
    """True if a number is wanted, not a sentence."""
    return bool(_NUMERIC.search(folded)) or not _NARRATIVE.search(folded)


_WHICH = re.compile(
    r"(哪个|哪里|哪边|哪家|哪一?个?(?:区|县|市|年|学段|地方)|谁|何者)(?:的)?([^,。?]{0,14}?)(?:更|较)?(?:高|低|多|少|大|小|快|慢|好|差)|比较|对比|相比|谁更|可以这么说|能不能说|能说|可以说|(?:高于|低于|多于|少于|超过|不如)|孰"
)


def without(text: str, name: Op) -> str:
    """Return ``text`` without the words that ask for ``name``; for a ranking also what it ranks by."""
    for other, pattern in _COMPILED:
        if other == name and name != "compare":
            text = pattern.sub(" ", text)
    if name == "difference":
        text = re.sub(r"(?<= )(?:个?百分点|[万亿]?元|[人名所个间家])(?=[ ,。?]|$)", " ", text)
    if name == "compare":
        return _WHICH.sub(r" \2 ", text)
    if name == "convert":
        text = re.sub(
            r"(?:换算成?|折合成?|相当于|合(?=[亿万])|多少|几|(?<= )成)(?:多少|几)?个?[百千万亿]+(?:元|人次|人|名|平方米|亩|公顷)?|换算成?|折合成?|相当于|[亿万]+元|(?<= )[百千万亿]+[人名次亩](?= |$|[,?])",
            " ",
            text,
        )
    if name == "rank":
        text = re.sub(
            r"增长幅度|增幅|增长率|增速|降幅|[各几]个?学段|学段|各级各?类?|把|按照?|分别", " ", text
        )
    return text
