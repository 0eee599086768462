"""How titles and texts are fitted into the service's limits."""

from hypothesis import given
from hypothesis import strategies as st

from app.importing.rows import TEXT_LIMIT, TITLE_LIMIT, title_and_text


@given(st.text(min_size=1, max_size=600).filter(str.strip), st.text(max_size=6_000))
def test_title_and_text_always_fit(title, text):
    """Both are within their limits and never empty, and no part of a title that was cut is lost."""
    short, long = title_and_text(title, text)
    whole = " ".join(title.split())

    assert 1 <= len(short) <= TITLE_LIMIT
    assert 1 <= len(long) <= TEXT_LIMIT
    assert short == whole or (short.endswith("…") and " ".join(long.split()).startswith(whole))


def test_a_title_is_cut_between_words():
    """The cut falls on a space, and an ellipsis shows it."""
    assert title_and_text("ten chars " * 30, "")[0] == ("ten chars " * 19 + "ten") + "…"
