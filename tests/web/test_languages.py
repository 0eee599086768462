"""Pages in other languages: nothing is left in English that translators were not given."""

import pytest

from app.web.templating import environment
from projections.language import speaking
from tests.pseudo import PSEUDO
from tests.web.examples import PAGES
from tests.web.unsaid import untranslated

ENVIRONMENT = environment()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_nothing_that_translators_were_not_given(name):
    """In a language that accents every letter, no letter is without one."""
    template, page = PAGES[name]
    with speaking(PSEUDO):
        html = ENVIRONMENT.get_template(template).render(page=page)
    assert untranslated(html, page) == []
