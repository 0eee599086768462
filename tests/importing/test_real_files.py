"""The real files, where they are present: our counts against the published ones."""

from collections import Counter

import pytest

from app.importing import READERS
from app.importing.rows import Source


@pytest.mark.parametrize(
    ("name", "collection", "counts"),
    [
        ("poland_lodz_2024_.pb", "2024", (163, 66_045, 249_712)),
        ("poland_swiecie_2023_.pb", "2023", (22, 2_553, 7_968)),
        ("poland_wieliczka_2023_green-budget.pb", "2023", (64, 6_586, 16_750)),
    ],
)
def test_the_ballots_of_a_city_give_its_official_counts(real, name, collection, counts):
    """Counting votes project by project gives the file's own `votes` column for every project."""
    reader = READERS["pabulib"](real(f"pabulib/{name}"))
    reader.check()
    counted = Counter(vote.source_id for vote in reader.votes())
    official = {idea.source_id: idea.official_votes for idea in reader.ideas()}
    found = reader.collection

    assert found.source == Source(system="pabulib", collection=collection)
    assert (found.ideas, found.ballots, found.votes) == counts
    assert counted == official
    assert counted.total() == found.votes


def test_two_cities_of_one_instance_do_not_collide(real):
    """Świecie and Wieliczka both call their edition 2023, and still have identities of their own."""
    names = ["poland_swiecie_2023_.pb", "poland_wieliczka_2023_green-budget.pb"]
    found = [READERS["pabulib"](real(f"pabulib/{name}")).collection for name in names]

    assert len({collection.source for collection in found}) == 1
    assert len({collection.identity for collection in found}) == 2


def test_projects_of_a_city_have_themes_places_and_costs(real):
    """Łódź's projects carry its country, its currency, and a theme wherever they have a category."""
    ideas = list(READERS["pabulib"](real("pabulib/poland_lodz_2024_.pb")).ideas())

    assert {(idea.places, idea.currency) for idea in ideas} == {(("PL",), "PLN")}
    assert sum(1 for idea in ideas if not idea.themes) == 3
    assert all(1 <= len(idea.title) <= 200 for idea in ideas)


def test_a_conversation_is_counted_by_last_vote(real):
    """Published counts add up every agreement; ours, by last vote, is never higher and differs in sum."""
    reader = READERS["polis"](real("polis/affordable-housing"))
    standing: Counter[str] = Counter()
    for vote in reader.votes():
        standing[vote.source_id] += 1 if vote.supports else -1
    official = Counter({idea.source_id: idea.official_votes or 0 for idea in reader.ideas()})

    assert reader.collection.source == Source(system="polis", collection="4hnmy3zeff")
    assert (reader.collection.ideas, reader.collection.ballots) == (165, 381)
    assert standing <= official
    assert (standing.total(), official.total()) == (8_041, 8_084)
