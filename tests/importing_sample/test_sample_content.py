"""The written sample: believable, complete, in plain words, and consistent with the codes."""

import re
from collections import Counter

import msgspec
import pytest

from app.importing.sample import SampleContent, SampleContentError, SampleRevision, read_sample
from app.importing.sample.content import _contradictions
from events.codes import places, themes

JARGON = (
    "beneficiar", "co-design", "co-produc", "deprivation", "disadvantaged", "empower", "engage", "grassroots",
    "hard to reach", "hard-to-reach", "holistic", "hub", "impact", "isolated", "journey", "leverage",
    "lived experience", "marginalised", "outcomes", "passionate", "pathway", "provision", "service user",
    "signpost", "stakeholder", "vulnerable", "wraparound",
)  # fmt: skip


@pytest.fixture(scope="module")
def content() -> SampleContent:
    """The sample as it is shipped."""
    return read_sample()


def test_the_sample_is_large_and_varied(content):
    """There are ideas enough to fill a board, from all over the United Kingdom, on most themes."""
    around = Counter(
        step for idea in content.ideas for code in idea.places for step in places.with_ancestors(code)
    )
    wide = {themes.with_ancestors(code)[-1] for idea in content.ideas for code in idea.themes}
    assert len(content.ideas) >= 44
    assert len({idea.author for idea in content.ideas}) >= 25
    assert all(around[nation] >= 3 for nation in ("GB-ENG", "GB-SCT", "GB-WLS", "GB-NIR"))
    assert all(around[region] >= 2 for region in places.ENGLISH_REGIONS)
    assert len(wide) >= 25
    assert {idea.shape for idea in content.ideas} == {"steady", "burst", "fading", "rising", "new"}


def test_every_code_is_known(content):
    """Every theme and place of the sample is in the tables."""
    assert [code for idea in content.ideas for code in idea.themes if not themes.is_theme(code)] == []
    assert [code for idea in content.ideas for code in idea.places if not places.is_place(code)] == []


def test_titles_are_short_and_differ(content):
    """No two ideas share a title, also after revisions, and none is longer than 80 characters."""
    titles = [idea.title for idea in content.ideas]
    titles += [revision.title for idea in content.ideas for revision in idea.revisions if revision.title]
    assert len({title.casefold() for title in titles}) == len(titles)
    assert max(map(len, titles)) <= 80


def test_texts_are_two_to_four_sentences_of_plain_words(content):
    """Problems and proposals have two to four sentences of readable length, and no word of the trade."""
    for idea in content.ideas:
        for text in (idea.problem, idea.proposal, *(r.proposal for r in idea.revisions if r.proposal)):
            sentences = re.split(r"(?<=[.!?])\s+", text)
            assert 2 <= len(sentences) <= 4, text
            assert max(len(sentence.split()) for sentence in sentences) <= 36, text
        words = f"{idea.title} {idea.problem} {idea.proposal}".casefold()
        assert [word for word in JARGON if re.search(rf"\b{word}", words)] == [], idea.key


def test_some_ideas_changed_on_their_way(content):
    """Two ideas were revised, one was withdrawn for good and one was withdrawn and reopened, each with a reason."""
    revised = [idea for idea in content.ideas if idea.revisions]
    withdrawn = [idea for idea in content.ideas if idea.withdrawn and not idea.reopened]
    reopened = [idea for idea in content.ideas if idea.reopened]
    assert (len(revised), len(withdrawn), len(reopened)) == (2, 1, 1)


def test_a_revision_changes_what_it_names_and_nothing_else(content):
    """Applying a revision replaces its texts and leaves all the others."""
    idea = content.ideas[0]
    later = idea.revised(
        SampleRevision(days_ago=1, reason="A neighbour asked for it.", title="A title to test")
    )
    assert later.title == "A title to test"
    assert msgspec.structs.replace(later, title=idea.title) == idea


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"themes": ("XX999",)}, "unknown theme 'XX999'"),
        ({"places": ("GB-XXX",)}, "unknown place 'GB-XXX'"),
        ({"author": "nobody"}, "author 'nobody'"),
        ({"key": "a-night-off"}, "there 2 times"),
        ({"days_ago": 40.0}, "order of time"),
    ],
)
def test_a_contradiction_is_named(content, change, complaint):
    """An unknown code, a stranger as author, a key used twice or a turn before the start is said in a sentence."""
    ideas = {idea.key: idea for idea in content.ideas}
    ideas["vet-van"] = msgspec.structs.replace(ideas["vet-van"], **change)
    broken = msgspec.structs.replace(content, ideas=tuple(ideas.values()))
    assert any(complaint in sentence for sentence in _contradictions(broken))
    assert issubclass(SampleContentError, ValueError)
