"""The report as a page of a government site, and as the page that a browser prints to PDF."""

from __future__ import annotations

import random
import re
from html import escape

from scripts.rendering.draft import Block, Cell

SITE = "政府信息公开"
_NAV = ["网站首页", "政务要闻", "信息公开", "办事服务", "互动交流", "专题专栏"]
_PAGE = """<!DOCTYPE html>
<html><head>{charset}
<title>{title}</title>
<meta name="SiteName" content="{site}">
<style>.content p {{ text-indent: 2em; }} .none {{ display: none }}</style>
<script>var visits = 20391; document.title = document.title;</script>
</head><body>
<div class="top">{tools}</div>
<div class="nav"><ul>{nav}</ul></div>
<div class="position">您当前的位置：<a href="/">首页</a> &gt; <a href="/xxgk/">信息公开</a> &gt; 正文</div>
{main}
<div class="share">分享到：<a>微信</a> <a>微博</a></div>
<p>上一篇：<a href="a.html">关于做好汛期安全工作的通知</a></p>
<div class="footer"><p>版权所有：{site} Copyright © 2019-2031</p><p>网站标识码：3300000031　ICP备16012345号　公网安备33010002000123号</p>
<p>联系电话：0571-12345678</p></div>
</body></html>"""
_PRINT = """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title></title><style>
@page {{ size: A4; margin: {margin}mm 24mm;
  @top-center {{ content: "{running}"; font: 9pt "Noto Serif CJK SC"; border-bottom: 0.5pt solid #333 }}
  @bottom-center {{ content: {number}; font: 9pt "Noto Serif CJK SC" }} }}
body {{ font: {size}pt/{leading} {font}; margin: 0 }}
p {{ margin: 0; text-align: justify; text-indent: 2em; orphans: 1; widows: 1 }}
h1 {{ font-size: 1.5em; text-align: center; line-height: 1.4; margin: 0 0 1em }}
.meta, .caption {{ text-align: center; text-indent: 0 }} .caption {{ font-weight: bold }}
.unit {{ text-align: right; text-indent: 0; font-size: 0.85em }}
.heading {{ font-weight: bold }}
table {{ border-collapse: collapse; width: 100%; margin: 0 0 0.8em; font-size: 0.8em; line-height: 1.4 }}
td, th {{ border: 0.6pt solid #000; padding: 2pt 4pt; text-align: center; font-weight: inherit }}
thead {{ display: {thead} }} tr {{ break-inside: avoid }}
</style></head><body>{main}</body></html>"""


def page(draft: list[Block], name: str, dice: random.Random) -> bytes:
    """Return the web page in GB 18030, its declared charset right, wrong or missing."""
    title = next((b.text for b in draft if b.kind == "title"), "")
    charset = dice.choice(
        [
            '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">',
            '<meta charset="GB18030">',
            '<meta charset="utf-8">',
            "",
        ]
    )
    style = dice.choice(["paragraphs", "spans", "breaks"])
    body = _breaks(draft) if style == "breaks" else "\n".join(_block(b, style, dice) for b in draft)
    main = f'<div class="content TRS_Editor">{body}</div>'
    if dice.random() < 0.4:  # laid out with tables, as old sites are
        side = (
            '<td width="160"><ul class="menu"><li>机构概况</li><li>政策文件</li><li>财政信息</li></ul></td>'
        )
        main = f'<table width="980" border="0"><tr>{side}<td><table width="100%"><tr><td>{main}</td></tr></table></td></tr></table>'
    html = _PAGE.format(
        charset=charset,
        title=escape(f"{title}-{SITE}" if title else SITE),
        site=SITE,
        tools="<a>登录</a> | <a>注册</a> | <a>无障碍浏览</a>",
        nav="".join(f'<li><a href="#">{word}</a></li>' for word in _NAV),
        main=main,
    )
    return html.replace("\n", "\r\n").encode("gb18030")


def printed(draft: list[Block], dice: random.Random, font: str = "") -> str:
    """Return the page from which a browser prints the PDF: A4, running head, page numbers, ruled tables.

    ``font`` names the fonts to print with, the first that has a letter first; else one of two is drawn.
    """
    title = next((b.text for b in draft if b.kind == "title"), "")
    return _PRINT.format(
        margin=dice.choice([22, 26, 30]),
        running=dice.choice(["", title]).replace('"', ""),
        number=dice.choice(
            ['"— " counter(page) " —"', '"第" counter(page) "页 共" counter(pages) "页"', "counter(page)"]
        ),
        size=dice.choice([12, 14, 16]),
        leading=dice.choice([1.5, 1.8]),
        font=font or dice.choice(['"Noto Serif CJK SC"', '"Noto Sans CJK SC"']),
        thead=dice.choice(["table-header-group", "table-row-group"]),
        main="\n".join(_printed_block(b) for b in draft),
    )


def table(block: Block) -> str:
    """Return a table element, merged cells merged."""
    parts = [
        '<table border="1" cellspacing="0"><thead>'
        if block.heads
        else '<table border="1" cellspacing="0"><tbody>'
    ]
    for index, row in enumerate(block.rows):
        if index and index == block.heads:
            parts.append("</thead><tbody>")
        parts.append("<tr>" + "".join(_cell(cell) for cell in row if cell) + "</tr>")
    return "".join(parts) + "</tbody></table>"


def _cell(cell: Cell) -> str:
    tag = "th" if cell.is_head else "td"
    span = (f' colspan="{cell.across}"' if cell.across > 1 else "") + (
        f' rowspan="{cell.down}"' if cell.down > 1 else ""
    )
    return f"<{tag}{span}>{escape(cell.text) or '&nbsp;'}</{tag}>"


def _block(block: Block, style: str, dice: random.Random) -> str:
    text = _spans(block.text) if style == "spans" else escape(block.text)
    if block.kind == "table":
        return table(block)
    if block.kind == "title":
        return (
            f"<h1>{text}</h1>"
            if dice.random() < 0.5
            else f'<div class="title" align="center"><b>{text}</b></div>'
        )
    if block.kind in ("meta", "caption"):
        return f'<p align="center">{text}</p>'
    if block.kind == "unit":
        return f'<p align="right">{text}</p>'
    if block.kind == "heading":
        return f"<p>　　<strong>{text}</strong></p>"
    return f"<p>　　{text}</p>" if style == "paragraphs" else f'<p style="text-indent: 2em">{text}</p>'


def _spans(text: str) -> str:
    """As Word pastes it: every run of Latin letters and figures is a span of its own."""
    return re.sub(
        r"[0-9A-Za-z.,%]+",
        lambda m: f'<span lang="EN-US" style="font-family: Times">{m[0]}</span>',
        escape(text),
    )


def _breaks(draft: list[Block]) -> str:
    return "".join(table(b) if b.kind == "table" else f"　　{escape(b.text)}<br>\n<br />" for b in draft)


def _printed_block(block: Block) -> str:
    if block.kind == "table":
        return table(block)
    if block.kind == "title":
        return f"<h1>{escape(block.text)}</h1>"
    return f'<p class="{block.kind}">{escape(block.text)}</p>'
