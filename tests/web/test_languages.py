"""Pages in other languages: nothing is left in English, and Welsh is complete."""

import pytest

from app.web.templating import environment
from projections.language import speaking
from tests.pseudo import PSEUDO
from tests.web.examples import PAGES
from tests.web.unsaid import untranslated

ENVIRONMENT = environment()
_DONE = {
    *("funders.html", "funder.html", "mandate.html", "mandate_form.html", "desk.html"),
    *("pool.html", "pool_new.html"),
    *("offers.html", "offer.html", "offer_form.html", "organisations.html", "organisation.html"),
    *("organisation_new.html", "member.html", "invitation.html", "permissions.html", "community.html"),
    "fairness.html",
    "open_offers.html",
    *("history.html", "notices.html", "events.html"),
    *("new_idea/problem.html", "new_idea/proposal.html", "new_idea/about.html", "new_idea/check.html"),
    *("new_idea/logged.html", "new_idea/no_draft.html", "new_idea/alike.html"),
    *(
        "work.html",
        "continue.html",
        "sign_in.html",
        "code.html",
        "confirm.html",
        "link.html",
        "name.html",
        "me.html",
    ),
    *("mailbox.html", "letter.html", "identities.html", "leaving.html", "not_signed_in.html"),
    *("passkeys.html", "tokens.html"),
    *("board.html", "idea.html", "votes.html", "revisions.html", "care.html", "needs.html", "need.html"),
    "idea_parts.html",
    *("about.html", "design.html", "offline.html", "problem.html", "webhook.html", "webhooks.html"),
}
_NOT_YET = {template for template, _ in PAGES.values()} - _DONE
"""Templates whose texts are not given to translators yet."""


@pytest.mark.parametrize("name", [name for name, (template, _) in PAGES.items() if template not in _NOT_YET])
def test_a_page_says_nothing_that_translators_were_not_given(name):
    """In a language that accents every letter, no letter is without one."""
    template, page = PAGES[name]
    with speaking(PSEUDO):
        html = ENVIRONMENT.get_template(template).render(page=page)
    assert untranslated(html, page) == []
