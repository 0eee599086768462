"""Letters are written in the language that is spoken where they are asked for, or that whoever they are for chose."""

import pytest
import pytest_asyncio

from app.access.accounts import by_email, by_id
from app.access.recovery import recover
from app.notices import keep_language, language_of
from projections.language import ENGLISH, language_called
from tests.http.offering import need, offered
from tests.http.signing_in import SAME_SITE, Browser, mails_to
from tests.http.test_notices import letters_to, write

pytestmark = pytest.mark.asyncio
WELSH = language_called("cy")
IN_WELSH = "Gweld hyn, a phopeth sy'n berthnasol i chi"


@pytest_asyncio.fixture
async def maker(service):
    """Give somebody who runs a part."""
    return await service.person("Rosa Sample")


async def signed_in(service, email, **headers):
    """Sign in by the link of a letter in whatever language, and tell who that is."""
    browser = Browser(service)
    browser.client.headers.update(headers)
    await browser.sign_in(email)
    return browser, (await by_email(service.resources.pool, email)).person_id


async def known(service, person_id):
    """Tell in which language somebody is written to."""
    return await language_of(service.resources.pool, person_id)


async def test_a_link_is_asked_for_in_welsh(service):
    """Its letter is Welsh, as is what is wrong with an address; a program is told of it in English."""
    browser = Browser(service)
    answer = await browser.post("/cy/sign-in", email="wrong", next="/")
    assert "Nid cyfeiriad e-bost yw hwn" in answer.text
    await browser.post("/sign-in", email="dwr@example.org", next="/")
    (letter,) = await mails_to(service, "dwr@example.org")
    assert letter.subject == "Mewngofnodi i Open Impact"
    assert 'lang="cy"' in letter.html
    answer = await browser.post("/sign-in/code", code="1")
    assert "Nid hwn yw'r cod" in answer.text.replace("&#39;", "'")
    answer = await browser.client.post("/api/v1/sign-in/passkey", json={}, headers=SAME_SITE)
    assert "field" in answer.json()["detail"]


async def test_what_a_browser_asks_for_is_kept_until_somebody_chooses(service):
    """The first sign-in keeps the language of the browser, later ones do not change it, and a choice always does."""
    _, person_id = await signed_in(service, "afon@example.org", **{"accept-language": "cy"})
    assert await known(service, person_id) is WELSH
    browser, _ = await signed_in(service, "afon@example.org", **{"accept-language": "fr"})
    assert await known(service, person_id) is WELSH
    await browser.get("/en/about")
    assert await known(service, person_id) is ENGLISH
    await browser.get("/about")
    await browser.get("/cy/")
    assert await known(service, person_id) is WELSH
    await Browser(service).get("/en/")
    assert await known(service, person_id) is WELSH


async def test_a_notice_comes_in_the_language_of_whoever_it_is_for(service, author, maker):
    """Two people who are told at once are each told in their own language."""
    await keep_language(service.resources.pool, author.person_id, WELSH)
    first, second = await author.log_idea(title="Dyfrgwn"), await maker.log_idea(title="Otters")
    await offered(maker, first, await need(service, author, first))
    await offered(author, second, await need(service, maker, second))
    await service.shown()
    await write(service)
    (welsh,), (english,) = await letters_to(service, author), await letters_to(service, maker)
    assert IN_WELSH in welsh.text
    assert "Dyfrgwn" in welsh.subject
    assert "See it, and all that concerns you" in english.text
    assert "your idea “Otters”" in english.subject


async def test_a_recovery_is_told_of_in_the_language_of_whoever_lost_their_passkeys(service):
    """The operator who does it speaks English; the letter is in the language of the account."""
    resources = service.resources
    _, person_id = await signed_in(service, "nant@example.org", **{"accept-language": "cy"})
    account = await by_id(resources.pool, person_id)
    await recover(
        resources.pool,
        resources.outbox,
        account,
        public_url="https://impact.example.org",
        sign_out=True,
        end_tokens=False,
    )
    letter = (await mails_to(service, "nant@example.org"))[-1]
    assert letter.subject == "Tynnwyd eich allweddi mynediad"
    assert "https://impact.example.org/sign-in?next=/me/passkeys" in letter.text


async def test_nothing_is_known_of_whoever_never_chose(service, author):
    """They are written to in English until a first language is kept, and whether they want letters stays as it was."""
    assert await known(service, author.person_id) is ENGLISH
    await service.resources.pool.execute(
        "INSERT INTO notice_marks (person_id, by_mail) VALUES ($1, false)", author.person_id
    )
    await keep_language(service.resources.pool, author.person_id, WELSH, unless_known=True)
    await keep_language(service.resources.pool, author.person_id, ENGLISH, unless_known=True)
    row = await service.resources.pool.fetchrow(
        "SELECT by_mail, language FROM notice_marks WHERE person_id = $1", author.person_id
    )
    assert tuple(row) == (False, "cy")
