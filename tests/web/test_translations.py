"""Translations are whole: every text of the site, in every language, with its values and its markup."""

import re
from collections import Counter

import pytest

from ops.words import texts, untranslated
from projections.language import ENGLISH, LANGUAGES, catalogue

VALUE = re.compile(r"%\((\w+)\)s")
MARKUP = re.compile(r"<[^>]+>")
TEXTS = texts()


@pytest.fixture(scope="module", params=[one.tag for one in LANGUAGES if one is not ENGLISH])
def words(request):
    """Each language's translations in turn."""
    return catalogue(request.param)


def forms(message):
    """Give a message's texts in English, and those that it is translated by."""
    english = message.id if isinstance(message.id, tuple) else (message.id,)
    said = message.string if isinstance(message.string, tuple) else (message.string,)
    return english, said


def test_every_text_is_translated_and_nothing_else_is_kept(words):
    """What the code says is what translators have: `ops/dev words` brings them together."""
    assert {(one.context, one.id) for one in words} == {(one.context, one.id) for one in TEXTS}
    assert untranslated(words) == []


def test_a_translation_has_the_values_of_its_text(words):
    """A value that is not there cannot be put in; one may be left out only in a form for a certain number."""
    for message in words:
        if message.id:
            english, said = forms(message)
            wanted = {name for text in english for name in VALUE.findall(text)}
            assert all(set(VALUE.findall(text)) <= wanted for text in said), message.id
            assert set(VALUE.findall(said[-1])) == wanted, message.id


def test_a_translation_has_the_markup_of_its_text(words):
    """The same elements with the same attributes, in whatever order the language wants; fewer only for a certain number."""
    for message in words:
        if message.id:
            english, said = forms(message)
            wanted = Counter(MARKUP.findall(english[-1]))
            assert all(Counter(MARKUP.findall(text)) <= wanted for text in said), message.id
            assert Counter(MARKUP.findall(said[-1])) == wanted, message.id


def test_a_language_has_all_its_forms_of_plurals(words):
    """Welsh has six."""
    counted = [one for one in words if isinstance(one.id, tuple)]
    assert counted
    assert all(len(one.string) == words.num_plurals for one in counted)
