"""What people write is shown as Markdown, and nothing in it runs, asks for anything or leads astray."""

import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.async_api import async_playwright

from app.web.markdown import LENGTH_MAX, rendered, summary
from tests.web.browsing import ARGUMENTS

CHROMIUM = shutil.which("chromium")
RUN = "document.title='ran'"
ELSEWHERE = "//elsewhere.example/x"
URLS = (
    "javascript:{run}",
    "JaVaScRiPt:{run}",
    " javascript:{run}",
    "java\tscript:{run}",
    "java&#10;script:{run}",
    "javascript&colon;{run}",
    "&#106;avascript:{run}",
    "&#x6A;avascript:{run}",
    "vbscript:{run}",
    "data:text/html,<script>{run}</script>",
    "data:text/html;base64,PHNjcmlwdD4=",
    "file:///etc/passwd",
    "blob:nothing",
    "x:{run}",
)
TAGS = (
    "<script>{run}</script>",
    "<SCRIPT SRC={else_}></SCRIPT>",
    "<scr<script>ipt>{run}</script>",
    "<img src=x onerror={run}>",
    "<img src={else_}>",
    "<svg onload={run}>",
    "<svg><script>{run}</script></svg>",
    "<svg><animate onbegin={run} attributeName=x dur=1s>",
    "<body onload={run}>",
    "<iframe srcdoc='<script>{run}</script>'></iframe>",
    "<iframe src={else_}></iframe>",
    "<object data={else_}></object>",
    "<embed src={else_}>",
    "<link rel=stylesheet href={else_}>",
    "<style>@import '{else_}';</style>",
    "<style>body{{background:url({else_})}}</style>",
    "<meta http-equiv=refresh content='0;url={else_}'>",
    "<base href={else_}>",
    "<form action={else_}><button autofocus onfocus={run}>x</button></form>",
    "<input autofocus onfocus={run}>",
    "<details open ontoggle={run}>",
    "<video src={else_} onerror={run}></video>",
    "<audio src={else_}></audio>",
    "<math><mtext><table><mglyph><style><img src=x onerror={run}>",
    "<noscript><p title='</noscript><img src=x onerror={run}>'>",
    "<template><img src=x onerror={run}></template>",
    "<a href=javascript:{run}>x</a>",
    "<p style='background:url({else_})'>x</p>",
    "<!--><img src=x onerror={run}>-->",
    "<![CDATA[<img src=x onerror={run}>]]>",
    "<?php <img src=x onerror={run}> ?>",
    "<xss id=x tabindex=1 onfocus={run} autofocus>",
)
PLACES = ("{tag}", "> {tag}", "* {tag}", "# {tag}", "`{tag}`", "    {tag}")
CORPUS = [
    *(
        form.format(url=url)
        for url in URLS
        for form in ("[x]({url})", "[x](<{url}>)", "![x]({url})", "<{url}>")
    ),
    *(place.format(tag=tag) for tag in TAGS for place in PLACES),
    "![x](http:{else_})",
    '[x]: http:{else_} "onload={run}"\n\n![x][x]',
    '[x](http://a.example/"onmouseover={run})',
    "[x](http://a.example 'a\" onfocus={run} autofocus x=\"')",
    "```<script>\n{run}\n```",
    "```x onload={run}\ntext\n```",
    "&lt;script&gt;{run}&lt;/script&gt;",
    "\x00<script>{run}</script>",
    "\u202e<script>{run}</script>",
]
ATTEMPTS = [
    attempt.replace("{{", "{").replace("}}", "}").replace("{run}", RUN).replace("{else_}", ELSEWHERE)
    for attempt in CORPUS
]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One *two* **three**", '<p dir="auto">One <em>two</em> <strong>three</strong></p>\n'),
        ("# Bold", '<p dir="auto"><strong>Bold</strong></p>\n'),
        ("a\nb", '<p dir="auto">a<br>\nb</p>\n'),
        ("* a", "<ul>\n<li>a</li>\n</ul>\n"),
        (
            "[a](https://a.example)",
            '<p dir="auto"><a href="https://a.example" rel="nofollow noopener ugc">a</a></p>\n',
        ),
        ("<b>a</b>", '<p dir="auto">&lt;b&gt;a&lt;/b&gt;</p>\n'),
    ],
)
def test_what_people_write_is_shown(text, html):
    """Emphasis, lists, links and line breaks are shown, headings as bold text, HTML as it is written."""
    assert rendered(text) == html


@pytest.mark.parametrize("text", ["[" * 100_000, "> " * 5_000, "*a " * 6_000, "`" * 19_999, "[a](" * 4_000])
def test_long_and_deep_texts_are_rendered(text):
    """A text that is very long, or nested very deep, is rendered all the same."""
    assert rendered(text)
    assert len(rendered("<" * (LENGTH_MAX + 1))) > LENGTH_MAX


@pytest.mark.asyncio
@pytest.mark.skipif(
    CHROMIUM is None, reason="Chromium is not installed: the texts are not seen in a browser."
)
async def test_nothing_runs_in_a_browser():
    """Hundreds of attempts, shown in Chromium without any policy: no script runs, and nothing is asked for."""
    assert len(ATTEMPTS) >= 60
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page, asked = await browser.new_page(), []
        html = "".join(f"<div>{rendered(attempt)}</div>" for attempt in ATTEMPTS)

        async def answer(route):
            if route.request.url == "http://open-impact.test/":
                await route.fulfill(
                    body=f"<!doctype html><title>still</title>{html}", content_type="text/html"
                )
            else:
                asked.append(route.request.url)
                await route.abort()

        await page.route("**/*", answer)
        await page.goto("http://open-impact.test/")
        await page.wait_for_timeout(300)
        assert await page.title() == "still"
        assert asked == []
        links = await page.evaluate("[...document.querySelectorAll('a')].map(a => a.protocol)")
        assert set(links) <= {
            "http:",
            "https:",
            "mailto:",
            ":",
        }  # A colon alone: an address that leads nowhere.
        assert (
            await page.evaluate("document.querySelectorAll('script,style,img,svg,iframe,form').length") == 0
        )
        await browser.close()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("The **last** bus *stopped*.", "The last bus stopped."),
        ("# What is wrong\n\nThe last bus\nstopped.", "What is wrong The last bus stopped."),
        ("* one\n* two\n  1. three", "one two three"),
        ("> Said [somebody](https://example.org/long) in `code`.", "Said somebody in code."),
        ("```\nlet it = be\n```\nafter", "let it = be after"),
        ("a \\* b &amp; c", "a * b & c"),
        ("2 * 3 * 4 and snake_case_words", "2 * 3 * 4 and snake_case_words"),
        ("hard  \nbreak", "hard break"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("---", ""),
        ("", ""),
    ],
)
def test_a_summary_has_no_signs_of_markdown(text, line):
    """A card shows what the page says, without the signs by which it is laid out."""
    assert summary(text) == line


@given(st.text(), st.integers(min_value=2, max_value=200))
def test_a_summary_fits_on_one_line(text, length):
    """Whatever somebody writes, its summary is one line and no longer than asked."""
    line = summary(text, length)
    assert len(line) <= length
    assert "\n" not in line


def test_a_long_text_is_summed_up_by_its_beginning():
    """A text of any length is shortened after a whole word."""
    line = summary("**word** " * 100_000)
    assert line.startswith("word word")
    assert line.endswith("word…")
