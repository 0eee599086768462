"""Languages over HTTP: which one a request is answered in, that it stays, and that nothing else changes by it."""

import re

import pytest

from tests.http.signing_in import HTML, SAME_SITE, Browser

pytestmark = pytest.mark.asyncio

ENGLISH, WELSH = "What this is", "Beth yw hwn"
"""The title of the page about the site."""


async def asked(service, path, **headers):
    """Ask as a browser that was never here before."""
    return await Browser(service).get(
        path, **{name.replace("_", "-"): text for name, text in headers.items()}
    )


def spoken(answer):
    """Give the language that a page says it is in."""
    return re.search(r'<html lang="([^"]+)"', answer.text)[1]


async def test_the_path_chooses_and_the_browser_keeps_it(service):
    """Links on pages name no language: what was chosen once holds until something else is."""
    browser = Browser(service)
    for path in ("/cy/about", "/about", "/about?x=1"):
        answer = await browser.get(path, **{"accept-language": "en"})
        assert (answer.status_code, spoken(answer)) == (200, "cy"), path
        assert WELSH in answer.text
    assert ENGLISH in (await browser.get("/en/about", **{"accept-language": "cy"})).text
    assert ENGLISH in (await browser.get("/about", **{"accept-language": "cy"})).text


async def test_the_path_is_the_same_page_without_its_language(service):
    """The front page has one with a slash and one without; what lies below is found by its own path."""
    for path in ("/cy", "/cy/"):
        answer = await asked(service, path)
        assert (answer.status_code, spoken(answer)) == (200, "cy"), path
    assert (await asked(service, "/cy/static/icon.svg")).content == (
        await asked(service, "/static/icon.svg")
    ).content


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("cy", "cy"),
        ("cy-GB", "cy"),
        ("CY", "cy"),
        ("en-GB,en;q=0.9,cy;q=0.8", "en-GB"),
        ("fr, cy;q=0.7, en;q=0.3", "cy"),
        ("en;q=0.3, cy;q=0.7", "cy"),
        ("en;q=0.3,cy; Q=0.7", "cy"),
        ("cy;q=0, en;q=0.1", "en-GB"),
        ("fr, de", "en-GB"),
        ("*", "en-GB"),
        ("", "en-GB"),
        (";;;,,,=;q=,cy;q=much", "en-GB"),
        ("cy;q=nan, en;q=0.5", "en-GB"),
        ("en;q=nan, cy;q=0.5", "cy"),
        ("cy;q=-1, en;q=0.1", "en-GB"),
        ("cy;q=1e9, en", "en-GB"),
        ("x" * 4_000, "en-GB"),
        (",".join(["fr"] * 500 + ["cy"]), "en-GB"),
        ("\u0175\u0177", "en-GB"),
    ],
)
async def test_what_a_browser_asks_for_decides_where_nothing_was_chosen(service, wanted, language):
    """Weights count (RFC 9110, 12.5.4), what is no weight counts for nothing, and nonsense is English."""
    answer = await asked(service, "/about", accept_language=wanted.encode())
    assert (answer.status_code, spoken(answer), answer.headers["content-language"]) == (
        200,
        language,
        language,
    )


@pytest.mark.parametrize("kept", ["xx", "", "cy" * 100, '"', "../cy"])
async def test_a_cookie_that_names_no_language_counts_for_nothing(service, kept):
    """Then it is as if there were none."""
    answer = await asked(service, "/about", cookie=f"language={kept}", accept_language="en")
    assert (answer.status_code, spoken(answer)) == (200, "en-GB")


async def test_the_cookie_tells_the_language_and_nothing_else(service):
    """No script reads it, and it comes only by a path that chooses."""
    answer = await asked(service, "/cy/about")
    assert re.fullmatch(
        r"language=cy; HttpOnly; Max-Age=\d+; Path=/; SameSite=lax", answer.headers["set-cookie"]
    )
    assert "set-cookie" not in (await asked(service, "/about", accept_language="cy")).headers


async def test_programs_are_spoken_to_in_english(service):
    """What they read is a contract; their addresses have no language in front."""
    wanted = {"accept_language": "cy", "cookie": "language=cy", "accept": "application/json"}
    for path in ("/api/v1/ideas/nothing", "/api/v1/themes?limit=1", "/health/live"):
        plain, welsh = (
            await asked(service, path, accept="application/json"),
            await asked(service, path, **wanted),
        )
        told, said = dict(plain.json()), dict(welsh.json())
        assert {**told, "request_id": ""} == {**said, "request_id": ""}, path
    for path in ("/cy/api/v1/ideas", "/cy/health/live", "/en/metrics"):
        assert (await asked(service, path, accept="application/json")).status_code == 404, path


@pytest.mark.parametrize(
    "path", ["/cyx/about", "/CY/about", "/fr/about", "/cy/cy/about", "/cy/en", "/cy/nowhere"]
)
async def test_what_is_no_language_is_no_page(service, path):
    """One language stands in front, as we write it."""
    assert (await asked(service, path)).status_code == 404


async def test_an_error_is_a_page_in_the_language(service):
    """It says so in its headers, and no cache takes it for an answer to others."""
    answer = await asked(service, "/cy/nowhere")
    assert (answer.status_code, spoken(answer)) == (404, "cy")
    assert "Ni allwn ddod o hyd i&#39;r dudalen hon" in answer.text
    assert answer.headers["content-language"] == "cy"
    refused = await Browser(service).client.post("/cy/about", headers=SAME_SITE)
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert "Nid yw hyn yn gweithio yma" in refused.text


async def test_a_rule_that_is_broken_is_said_in_the_language(author):
    """The sentence is that of the domain, translated; programs read the English one."""
    idea = await author.log_idea()
    sent = {"cookie": "language=cy", **HTML}
    page = await author.send("POST", f"/ideas/{idea}/vote", **sent)
    assert page.status_code in {403, 409}, page.text
    assert "Chi a gofnododd y syniad hwn" in page.text
    told = await author.send("PUT", f"/api/v1/ideas/{idea}/vote", **sent)
    assert told.json()["detail"].startswith("You logged this idea")


async def test_caches_keep_languages_apart(service):
    """A page depends on what is asked for and on what was chosen, whether packed or not; a file does not."""
    for path in ("/about", "/cy/about", "/nowhere", "/offline", "/manifest.webmanifest"):
        for encoding in ("identity", "gzip"):
            answer = await asked(service, path, accept_encoding=encoding)
            varied = {name.strip().lower() for name in answer.headers["vary"].split(",")}
            assert varied >= {"accept-language", "cookie"}, (path, encoding)
    assert "cookie" not in (await asked(service, "/static/icon.svg")).headers.get("vary", "").lower()


async def test_every_header_of_safety_stands_on_pages_in_a_language(service):
    """Nothing is left out because a path has a language in front."""
    for path in ("/about", "/nowhere", "/me", "/"):
        plain, welsh = await asked(service, path), await asked(service, f"/cy{path}")
        names = [set(answer.headers) - {"set-cookie"} for answer in (plain, welsh)]
        assert names[0] == names[1], path
        for name in ("content-security-policy", "referrer-policy", "x-content-type-options"):
            assert plain.headers[name] == welsh.headers[name], (path, name)


async def test_head_answers_as_get_does(service):
    """With a language in front as without."""
    browser = Browser(service)
    head, get = await browser.client.head("/cy/about"), await browser.client.get("/cy/about")
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "content-language", "vary"):
        assert head.headers[name] == get.headers[name]


async def test_signing_in_keeps_the_language(service):
    """From the form in Welsh to the page after it, and when what was typed is wrong."""
    browser = Browser(service)
    assert spoken(await browser.get("/cy/sign-in")) == "cy"
    wrong = await browser.post("/cy/sign-in", email="nobody", next="/")
    assert (wrong.status_code, spoken(wrong)) == (400, "cy")
    await browser.sign_in("gwen@example.org", name="Gwen Sample", next_path="/about")
    for path in ("/about", "/me"):
        answer = await browser.get(path)
        assert (spoken(answer), "Gwen Sample" in answer.text) == ("cy", True), path


async def test_whoever_is_led_to_sign_in_comes_back_in_the_language(service):
    """The way back names no language, and needs none."""
    browser = Browser(service)
    led = await browser.get("/cy/me")
    assert (led.status_code, led.headers["location"]) == (303, "/sign-in?next=%2Fme")
    assert spoken(await browser.get(led.headers["location"])) == "cy"


async def test_a_page_says_where_it_is_in_other_languages(service):
    """Search engines find each language's page, and people the same page by the switch at its foot."""
    answer = await asked(service, "/cy/?q=b%C3%BBs&sort=newest")
    found = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', answer.text))
    site, query = service.resources.settings.public_url.rstrip("/"), "/?q=b%C3%BBs&amp;sort=newest"
    assert found == {"x-default": f"{site}{query}", "en": f"{site}{query}", "cy": f"{site}/cy{query}"}
    for tag in ("en", "cy"):
        assert f'<a href="/{tag}{query}" hreflang="{tag}"' in answer.text
    for path in ("/nowhere", "/sign-in/code"):
        assert 'rel="alternate" hreflang' not in (await asked(service, path)).text


async def test_the_switch_leads_to_the_page_it_stands_on(service):
    """On the page to sign in, too, which nobody is led back to after signing in."""
    for path in ("/sign-in?next=/me", "/about/design"):
        answer = await asked(service, path)
        assert f'href="/cy{path}"' in answer.text, path
    odd = await asked(service, '/nowhere/%22%3E%3Cscript%3E?x="><script>')
    assert "<script>" not in odd.text
    assert odd.status_code == 404


async def test_what_installs_the_site_is_in_the_language(service):
    """The manifest that a page names, and the page of no connection, which is asked for as nobody."""
    page = await asked(service, "/cy/offline")
    assert "Rydych all-lein" in page.text
    address = re.search(r'data-manifest="([^"]+)"', page.text)[1]
    manifest = (await asked(service, address)).json()
    assert (manifest["lang"], manifest["id"]) == ("cy", "/")
    assert manifest["description"].startswith("Syniadau")
    assert (await asked(service, "/en/manifest.webmanifest")).json()["lang"] == "en-GB"
