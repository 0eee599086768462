"""Which types of events an endpoint means."""

from hypothesis import given
from hypothesis import strategies as st

from app.webhooks.subscriptions import NAMES, meaningless, meant

types = st.one_of(
    st.sampled_from(NAMES),
    st.sampled_from(NAMES).flatmap(lambda name: st.integers(0, len(name)).map(lambda end: name[:end] + "*")),
)


def test_a_star_stands_for_the_rest_of_a_name():
    """A name means itself, a beginning with a star all names that begin so, and a star alone all there are."""
    assert meant(["VoteCast"]) == ["VoteCast"]
    assert meant(["Vote*"]) == ["VoteCast", "VoteWithdrawn", "VotesQuarantined"]
    assert meant(["*"]) == list(NAMES)
    assert meant([]) == []


def test_what_means_nothing_is_named():
    """A misspelt name, a star elsewhere than at the end, and small letters mean nothing."""
    assert meaningless(["VoteCast", "Votes", "vote*", "V*e", "Idea*", ""]) == ["Votes", "vote*", "V*e", ""]


@given(st.lists(types, max_size=5))
def test_what_several_mean_is_what_each_means(several):
    """Nothing more and nothing less, each once, in the order of the catalogue."""
    found = meant(several)
    assert set(found) == {name for one in several for name in meant([one])}
    assert found == [name for name in NAMES if name in set(found)]
    assert meaningless(several) == []
