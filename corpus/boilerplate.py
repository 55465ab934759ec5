"""Which parts of a report are furniture of the web page that carried it.

Nothing is removed: the text stays whole, and passages and facts skip the spans found here. A line is
furniture by its form alone (a breadcrumb, a bar of tools, a field such as 发布时间:, a footer), never by a
word inside prose: a line that reads on as a sentence, and any row of a table, is content.
"""

from __future__ import annotations

import re

from corpus.places import simplify

Span = tuple[int, int]

_PROSE = 60
"""A longer line with a single footer word is prose that mentions it."""
_LONGEST = 400
"""No field, bar or footer line is longer; it also bounds the work that a pattern can be made to do."""
_HEAD = 5
"""Lines about the document (地区:, 年度:) stand among so many first lines."""

_FIELD = (
    r"(?:发布|发文|成文|公开|更新|生成|印发|录入|创建|上传)?(?:日期|时间)|(?:信息|文章|稿件|内容|新闻)?来源(?:单位|部门)?|"
    r"(?:点击|浏览|阅读|访问)(?:次数|量|数|率)?|作者|编辑|责任编辑|责编|审核|审核人|校对|初审|复审|终审|签发|撰稿|供稿|"
    r"摄影|发布(?:人|机构|单位|部门)|信息(?:索引|分类)|索引号?|主题分类|体裁分类|公开(?:方式|范围|属性|形式)|有效性|"
    r"字体|字号|字体大小|视力保护色?|打印|分享到?|阅读次数|关键词|文号|发布文号|组配分类"
)
_META = re.compile(rf"^\s*[\[【〖(（]?\s*(?:{_FIELD})\s*[:：]")
_PAIR = re.compile(rf"(?:{_FIELD})\s*[:：]")
_TOOLS = re.compile(
    r"^[\s\[\]【】()（）|丨:：/\-·,，>＞»A+]*+"
    r"(?:(?>字体大小|字体|字号|大中小|大|中|小|特大|默认|打印本页|打印|关闭窗口|关闭本页|关闭|收藏|分享到|分享|返回顶部|返回首页|返回列表|返回|"
    r"回到顶部|微信|微博|新浪微博|QQ空间|QQ好友|朋友圈|扫一扫在手机打开当前页|扫一扫|二维码|繁体|简体|无障碍|适老化|长者模式|"
    r"无障碍浏览|智能问答|我要纠错|纠错|首页|网站首页|下载|导出|语音播报|视力保护色|复制链接|登录|注册|设为首页|加入收藏|"
    r"English|繁體|手机版|移动版|App|APP|RSS|邮箱|搜索|网站支持IPv6|本站支持IPv6)"
    r"[\s\[\]【】()（）|丨:：/\-·,，>＞»A+]*+)++$"
)
_CRUMB = re.compile(
    r"^\s*(?:您?(?:当前|现在)?(?:的|所在)?位置|当前位置|所在位置|您的位置|您现在的位置是?|您所在的位置)\s*[:：]|"
    r"^\s*(?:网站)?首页\s*(?:>|＞|»|›|/|-|\\|→|·|\||>>)"
)
_FOOTER = re.compile(
    r"版权所有|Copyright|All\s+Rights\s+Reserved|©|ICP备|ICP证|公网安备|公安备案|备案序号|网站备案|网站标识码|政府网站标识|"
    r"建议使用|最佳浏览|浏览器.{0,8}(?:浏览|以上|版本)|分辨率|网站地图|站点地图|技术支持[:：]|电子(?:信箱|邮箱|邮件)\s*[:：]|"
    r"联系我们|网站声明|法律声明|免责声明|隐私(?:政策|声明)|"
    r"关于我们|您是第.{0,12}位访(?:客|问者)|累计访问|党政机关网站|政府网站找错|适老化无障碍",
    re.IGNORECASE,
)
_FOOTER_FIELD = re.compile(
    r"^\s*(?:主\s*办|承\s*办|协\s*办|运\s*维|维\s*护|管\s*理)"
    r"(?:单位|部门|方)?\s*[:：]|"
    r"^\s*(?:联系电话|咨询电话|电话|传真|邮编|邮政编码|地址|联系地址|通[讯信]地址|网址|邮箱|技术支持|版权)\s*[:：]"
)
_ABOUT = re.compile(
    r"^(?:地区|区域|行政区划?|所属地区|报告地区|填报单位|年度|年份|数据年度|报告年度)\s*[:：]\s*\S{2,20}?"
    r"(?:\s*(?:地区|年度|年份|数据年度|报告年度)\s*[:：]\s*\S{2,12})*$"
)
_NEIGHBOUR = re.compile(
    r"^\s*[\[【(（]?(?:上一[篇条页]|下一[篇条页]|前一[篇条]|后一[篇条]|上篇|下篇)[\]】)）]?\s*(?:[:：>＞]|$|没有|无)|"
    r"^\s*(?:相关(?:链接|文章|阅读|新闻|信息|附件|解读|文件|推荐|稿件)|延伸阅读|推荐阅读|热点推荐|友情链接|"
    r"分享到|扫一扫.{0,20}|打开微信.{0,20}|点击数)\s*[:：]?\s*$"
)
_FORM = re.compile(r"^\s*[【\[]\s*(?:责编|编辑|责任编辑|审核|打印|关闭|字体|来源|作者|大中小)")
_SENTENCE = re.compile(r"[。！？；;]|[,，][^,，]*[,，]")


def find(text: str) -> tuple[Span, ...]:
    """Return the spans of page furniture in ``text``: whole lines, in order, neighbours merged."""
    lines = _lines(text)
    plain = [simplify(text[start:end]).strip() if end - start <= 2 * _LONGEST else "" for start, end in lines]
    marked = [_is_furniture(line) for line in plain]
    head = [i for i, line in enumerate(plain) if line][:_HEAD]
    for index in head:
        marked[index] = marked[index] or bool(_ABOUT.match(plain[index]))
    contact = [bool(_FOOTER_FIELD.match(line)) and not _SENTENCE.search(line) for line in plain]
    # Contact lines belong to the page only at its foot, where nothing but furniture follows them.
    foot = len(lines)
    while foot and (marked[foot - 1] or contact[foot - 1] or lines[foot - 1][0] == lines[foot - 1][1]):
        foot -= 1
    if any(marked[foot:]):
        marked[foot:] = [m or c for m, c in zip(marked[foot:], contact[foot:], strict=True)]
    spans: list[Span] = []
    for (start, end), is_furniture in zip(lines, marked, strict=True):
        if not is_furniture or start == end:
            continue
        if spans and not text[spans[-1][1] : start].strip():
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return tuple(spans)


def _lines(text: str) -> list[Span]:
    lines, start = [], 0
    for line in text.split("\n"):
        lines.append((start, start + len(line)))
        start += len(line) + 1
    return lines


def _is_furniture(line: str) -> bool:
    if len(line) < 2 or len(line) > _LONGEST or line.startswith("|"):
        return False
    if " | " in line and not (_FOOTER.search(line) or _TOOLS.match(line) or _CRUMB.match(line)):
        return False  # a row of a table
    if _CRUMB.match(line) or _TOOLS.match(line) or _NEIGHBOUR.match(line) or _FORM.match(line):
        return "。" not in line
    if _META.match(line):
        # "来源:本表数据取自…。" reads on as a sentence; a field has a short value.
        return all(len(value.strip()) <= 40 and "。" not in value for value in _PAIR.split(line))
    if _FOOTER.search(line):
        prose = "。" in line or (re.search(r"[,，]", line) and not re.search(r"[:：©]|版权所有", line))
        return not prose and (len(line) <= _PROSE or len(_FOOTER.findall(line)) > 1)
    return False
