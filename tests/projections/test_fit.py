"""How well an idea fits a mandate: a sum of named parts, each of which can say no."""

import pytest
from hypothesis import given
from msgspec.structs import replace

from events.contracts import MandateMatched, MatchReason
from projections.funder_matches.fit import PARTS_MAX, SCORE_MAX, fit
from projections.funder_matches.words import told
from tests.projections.examples import NOON, days, idea_id, organisation_id
from tests.projections.matching import PLACES, STAGES, THEMES, idea, ideas, mandate, mandates


def points(part, *, of_mandate=None, of_idea=None):
    """Tell what a part adds, or that it says no."""
    fitted = fit(mandate(**of_mandate or {}), idea(**of_idea or {}), NOON)
    (reason,) = [reason for reason in fitted.reasons if reason.part == part]
    return reason.points if reason.fits else "no"


def why(part, *, of_mandate=None, of_idea=None, at=NOON):
    """Tell what is said of a part."""
    funder, asking = mandate(**of_mandate or {}), idea(**of_idea or {})
    (reason,) = [one for one in told(fit(funder, asking, at), funder, asking, at) if one.part == part]
    return reason.why


@given(mandates(), ideas())
def test_a_score_is_the_sum_of_its_parts(funder, asking):
    """Whatever both say, the score is a whole number from 0 to 100, the exact sum of all parts within their bounds."""
    fitted = fit(funder, asking, NOON)
    assert fitted.score == sum(reason.points for reason in fitted.reasons)
    assert 0 <= fitted.score <= SCORE_MAX == sum(PARTS_MAX.values())
    assert [reason.part for reason in fitted.reasons] == list(PARTS_MAX)
    assert all(0 <= reason.points <= PARTS_MAX[reason.part] for reason in fitted.reasons)
    assert all(reason.points == 0 for reason in fitted.reasons if not reason.fits)
    assert fitted.is_match == all(reason.fits for reason in fitted.reasons)


@given(mandates(), ideas())
def test_every_part_is_said_in_words(funder, asking):
    """Of every part there is a sentence, whether it fits or not, and no code or placeholder stands in it."""
    for reason in told(fit(funder, asking, NOON), funder, asking, NOON):
        assert reason.why.endswith(".")
        assert not reason.why[0].islower()
        assert not {"None", "HE205", "GB-LDS", "E12000003"} & set(reason.why.replace(",", " ").split())


@given(mandates(), ideas())
def test_asking_for_less_never_makes_a_part_refuse(funder, asking):
    """A mandate that names nothing refuses nothing by what it names, and loses no other point."""
    named, open_to_all = (
        fit(funder, asking, NOON),
        fit(replace(funder, themes=(), places=(), stages=()), asking, NOON),
    )
    for before, after in zip(named.reasons, open_to_all.reasons, strict=True):
        if before.part in {"theme", "place"}:
            assert after.fits
        elif before.part == "stage":
            assert after.fits or not before.fits
        else:
            assert before == after


@given(mandates(), ideas())
def test_more_places_and_themes_never_lower_the_score(funder, asking):
    """An idea that is for more places or about more themes fits no worse."""
    wider = replace(
        asking,
        themes=tuple(dict.fromkeys((*asking.themes, *THEMES))),
        places=tuple(dict.fromkeys((*asking.places, *PLACES))),
    )
    before, after = fit(funder, asking, NOON), fit(funder, wider, NOON)
    assert after.score >= before.score
    assert after.is_match or not before.is_match


@given(ideas())
def test_the_nearer_theme_counts_more(asking):
    """The very theme counts more than its parent, and that more than what lies above; what lies beside says no."""
    about = replace(asking, themes=("HE205",))
    scores = [fit(mandate(themes=(wanted,)), about, NOON) for wanted in ("HE205", "HE200", "HE")]
    assert [one.reasons[0].points for one in scores] == [35, 27, 20]
    assert not fit(mandate(themes=("HE300",)), about, NOON).reasons[0].fits


@pytest.mark.parametrize(
    ("wanted", "of_idea", "added"),
    [
        ((), (), 10),
        (("GB-LDS",), ("GB-LDS",), 20),
        (("GB-ENG",), ("GB-LDS",), 20),
        (("GB-LDS",), ("GB-ENG",), 10),
        (("GB-LDS",), ("GB-CRF", "GB-LDS"), 20),
        (("GB-LDS",), ("GB-CRF",), "no"),
        (("GB-LDS",), (), "no"),
    ],
)
def test_a_place_fits_where_it_lies_within_or_takes_in(wanted, of_idea, added):
    """A place within the mandate's counts whole, one that takes it in counts half, and no other fits."""
    assert points("place", of_mandate={"places": wanted}, of_idea={"places": of_idea}) == added


@pytest.mark.parametrize(
    ("ask", "currency", "added"),
    [
        (None, None, 10),
        (10_000, "GBP", 20),
        (50_000, "GBP", 20),
        (50_001, "GBP", 19),
        (100_000, "GBP", 10),
        (10_000_000, "GBP", 4),
        (9_999, "GBP", "no"),
        (20_000, "EUR", "no"),
    ],
)
def test_a_ticket_is_held_against_the_ask(ask, currency, added):
    """One that covers the ask counts whole, a part of it less; too small an ask and another currency say no."""
    assert points("ticket", of_idea={"ask_minor": ask, "ask_currency": currency}) == added


def test_a_mandate_without_money_left_fits_nothing():
    """When less is left than a mandate gives at least, it is open to nothing."""
    assert points("ticket", of_mandate={"left_minor": 9_999}) == "no"
    assert points("ticket", of_mandate={"left_minor": 10_000}) == 10


@pytest.mark.parametrize(
    ("stages", "stage", "added"),
    [
        ((), "logged", 4),
        ((), "funding", 10),
        (("shaping", "supported"), "supported", 6),
        (("shaping",), "supported", "no"),
        ((), "delivering", "no"),
        ((), "withdrawn", "no"),
    ],
)
def test_a_stage_fits_where_it_is_wanted(stages, stage, added):
    """The further on an idea is, the more it counts, as long as it looks for funders at all."""
    assert points("stage", of_mandate={"stages": stages}, of_idea={"stage": stage}) == added


def test_a_window_is_open_from_its_first_moment_to_before_its_last():
    """A mandate fits while it is open, and not before, after, or while it is paused or closed."""
    funder = mandate()
    for at, fits in (
        (funder.opens_at, True),
        (funder.closes_at, False),
        (funder.opens_at - days(1), False),
    ):
        assert fit(funder, idea(), at).is_match is fits
    assert not fit(mandate(status="paused"), idea(), NOON).is_match
    assert not fit(mandate(status="closed"), idea(), NOON).is_match


def test_a_pool_adds_its_points_in_the_same_currency():
    """An open pool is good, none is no harm, and one in another currency says no."""
    assert points("pool") == 0
    assert points("pool", of_idea={"pool_currency": "GBP"}) == 10
    assert points("pool", of_idea={"pool_currency": "EUR"}) == "no"


def test_support_is_told_and_adds_nothing():
    """How many people back an idea is information; the mandate's own thresholds stand beside it."""
    votes = {"votes": 63, "verified_votes": 58, "covered_percent": 40}
    assert points("support", of_idea=votes) == 0
    assert (
        why("support", of_idea=votes)
        == "63 people support it, 58 of them verified. 40% of its needs are covered."
    )
    by_itself = {"mode": "pledge", "min_votes": 50, "min_covered": 60, "needs_pool": True}
    assert why("support", of_mandate=by_itself, of_idea={"votes": 1}) == (
        "1 person supports it. The pledge is made by itself from 50 verified votes, 60% of needs covered and an open pool."
    )


@pytest.mark.parametrize(
    ("part", "of_mandate", "of_idea", "said"),
    [
        ("theme", {}, {}, "The funder is open to any theme."),
        (
            "theme",
            {"themes": ("HE",)},
            {"themes": ("HE205",)},
            "The idea is about Dementia, a part of Health.",
        ),
        (
            "theme",
            {"themes": ("HE205",)},
            {"themes": ("HE205",)},
            "The idea is about Dementia, which the funder names.",
        ),
        (
            "theme",
            {"themes": ("ED", "EN")},
            {"themes": ("HE205", "SC102")},
            "The idea is about Dementia and Carer support, and the funder is open to Education or Environment.",
        ),
        ("theme", {"themes": ("ED",)}, {}, "The idea names no theme, and the funder is open to Education."),
        (
            "place",
            {"places": ("E12000003",)},
            {"places": ("GB-LDS",)},
            "The idea is for Leeds, which lies in Yorkshire and The Humber.",
        ),
        (
            "place",
            {"places": ("GB-LDS",)},
            {"places": ("GB-ENG",)},
            "The idea is for England, which takes in Leeds.",
        ),
        (
            "place",
            {"places": ("GB-LDS",)},
            {"places": ("FR",)},
            "The idea is for France, and the funder is open to Leeds.",
        ),
        ("ticket", {}, {}, "The idea names no sum yet; the funder gives from £100 to £500."),
        (
            "ticket",
            {},
            {"ask_minor": 120_000, "ask_currency": "GBP"},
            "The idea asks for £1,200, of which the funder can give £500.",
        ),
        (
            "ticket",
            {},
            {"ask_minor": 500, "ask_currency": "GBP"},
            "The idea asks for £5, and the funder gives no less than £100.",
        ),
        (
            "ticket",
            {},
            {"ask_minor": 500, "ask_currency": "JPY"},
            "The idea asks for JPY\N{NO-BREAK SPACE}500, and the funder gives GBP.",
        ),
        ("stage", {}, {"stage": "live"}, "The idea is live, and no longer looks for funders."),
        (
            "stage",
            {"stages": ("funding",)},
            {},
            "The idea is still gathering support, and the funder wants ideas that are gathering money.",
        ),
        ("window", {"status": "paused"}, {}, "The funder has paused this offer of money."),
        ("window", {}, {}, "This offer of money is open until 5 May 2026."),
        ("window", {"opens_at": NOON + days(1)}, {}, "This offer of money opens on 5 May 2026."),
        ("window", {"closes_at": NOON}, {}, "This offer of money ended on 4 May 2026."),
        ("pool", {}, {"pool_currency": "EUR"}, "The idea's pool is in EUR, and the funder gives GBP."),
    ],
)
def test_both_sides_read_why(part, of_mandate, of_idea, said):
    """Why a part fits or does not is one sentence that both sides understand."""
    assert why(part, of_mandate=of_mandate, of_idea=of_idea) == said


def test_the_stages_a_mandate_may_name_are_those_that_count():
    """Every stage a mandate can name is worth something, and no other is."""
    assert [points("stage", of_idea={"stage": stage}) for stage in STAGES] == [4, 6, 8, 10]


def test_a_fit_becomes_the_reasons_of_an_event():
    """The parts of a fit are the parts that the event of a match knows."""
    fitted = fit(mandate(), idea(), NOON)
    event = MandateMatched(
        mandate_id=mandate().mandate_id,
        idea_id=idea_id(1),
        organisation_id=organisation_id(1),
        revision=1,
        score=fitted.score,
        reasons=tuple(MatchReason(part=reason.part, points=reason.points) for reason in fitted.reasons),
        occurred_at=NOON,
    )
    assert sum(reason.points for reason in event.reasons) == event.score
