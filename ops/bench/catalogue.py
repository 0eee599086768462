"""What is measured and what is aimed at: names of cases, ratios and targets, in one place.

The names are a promise to whoever reads the JSON.
"""

from collections.abc import Mapping

from msgspec import Struct


class Ratio(Struct, frozen=True):
    """The median of one case divided by that of another."""

    over: str
    under: str
    meaning: str


class Target(Struct, frozen=True):
    """What a ratio or case should reach."""

    at_least: float | None = None
    at_most: float | None = None

    def met_by(self, value: float) -> bool:
        """Tell whether a value reaches the target."""
        return (self.at_least is None or value >= self.at_least) and (
            self.at_most is None or value <= self.at_most
        )


class Bench(Struct, frozen=True, kw_only=True):
    """A benchmark: its cases as (unit, meaning), its ratios and its targets, all by name."""

    about: str
    cases: Mapping[str, tuple[str, str]]
    ratios: Mapping[str, Ratio] = {}
    targets: Mapping[str, Target] = {}


_RATE = "events/s"
_MS = "ms"


def _percentiles(name: str, what: str) -> dict[str, tuple[str, str]]:
    return {
        f"{name}_p50_ms": (_MS, f"{what}: half take at most this"),
        f"{name}_p99_ms": (_MS, f"{what}: 99 of 100 take at most this"),
    }


APPEND = Bench(
    about="Appending to the log beside plain INSERTs into a table with the same columns and indexes",
    cases={
        "insert_1": (_RATE, "plain one-row INSERT transactions, 1 connection"),
        "insert_16": (_RATE, "plain one-row INSERT transactions, 16 connections"),
        "append_1": (_RATE, "one event with expected version, 1 caller"),
        "append_16": (_RATE, "one event with expected version, 16 callers"),
        "append_64": (_RATE, "one event with expected version, 64 callers"),
        "append_256": (_RATE, "one event with expected version, 256 callers"),
        **_percentiles("append_1", "one append, 1 caller"),
        **_percentiles("append_16", "one append, 16 callers"),
        **_percentiles("append_64", "one append, 64 callers"),
        **_percentiles("append_256", "one append, 256 callers"),
        "insert_batch500": (_RATE, "multi-row INSERT of 500 in one transaction, 1 connection"),
        "append_batch500": (_RATE, "500 events of one stream in one append, 1 caller"),
        "append_many500": (_RATE, "500 appends of one event each to streams of their own, 1 caller"),
        "eventsourcing_16": (_RATE, "PyPI eventsourcing, PostgreSQL application recorder, 16 threads"),
    },
    ratios={
        "append_256_vs_insert_16": Ratio("append_256", "insert_16", "256 callers against plain INSERTs"),
        "append_256_vs_eventsourcing": Ratio(
            "append_256", "eventsourcing_16", "256 callers against the peer"
        ),
        "append_16_vs_insert_16": Ratio("append_16", "insert_16", "equal concurrency"),
        "append_1_vs_insert_1": Ratio("append_1", "insert_1", "a lone caller"),
        "append_batch500_vs_insert_batch500": Ratio("append_batch500", "insert_batch500", "batches of 500"),
    },
    targets={
        "append_256_vs_insert_16": Target(at_least=3.0),
        "append_256_vs_eventsourcing": Target(at_least=30.0),
        "append_16_vs_insert_16": Target(at_least=1.4),
        "append_1_vs_insert_1": Target(at_least=0.85),
        "append_batch500_vs_insert_batch500": Target(at_least=0.8),
        "append_64_p99_ms": Target(at_most=6.0),
    },
)

READ = Bench(
    about="Reading the tail of a log of 300,000 events in one process",
    cases={
        "read_tail_5000": (_RATE, "read_tail in pages of 5,000, every event decoded"),
        "read_tail_500": (_RATE, "read_tail in pages of 500, every event decoded"),
        "fetch_5000": (_RATE, "the same rows as asyncpg gives them, in pages of 5,000, nothing decoded"),
    },
    ratios={"read_tail_vs_fetch": Ratio("read_tail_5000", "fetch_5000", "what is left after decoding")},
    targets={"read_tail_5000": Target(at_least=200_000)},
)

_QUERIES = {
    "default": "the board's default view",
    "filtered": "ideas of a theme in a place",
    "common_word": "search for a word of many ideas",
    "rare_word": "search for a word of few ideas",
    "typo": "search for a misspelt word",
    "deep_page": "a page far down by cursor",
}
_SIZES = {"1k": "1,000 ideas", "100k": "100,000 ideas"}

PROJECTIONS = Bench(
    about="Keeping idea_board up to date, rebuilding it from 1,000,000 events, and asking it",
    cases={
        "rebuild_idea_board": (_RATE, "rebuild of idea_board in one process"),
        "rebuild_rss_at_20_percent": ("MB", "memory of that process with a fifth of the log behind it"),
        "rebuild_rss_at_end": ("MB", "memory of that process at the end"),
        **_percentiles("live_200", "from committed to visible on the board at 200 events/s"),
        **_percentiles("live_1000", "from committed to visible on the board at 1,000 events/s"),
        "live_200_rate": (_RATE, "what was really appended when 200 were wanted"),
        "live_1000_rate": (_RATE, "what was really appended when 1,000 were wanted"),
        "live_poll_ms": (_MS, "how often the board's position was looked at: the error of the above"),
        **{
            name: described
            for size, ideas in _SIZES.items()
            for query, what in _QUERIES.items()
            for name, described in _percentiles(f"board_{size}_{query}", f"{what}, {ideas}").items()
        },
    },
    ratios={
        "board_100k_vs_1k": Ratio(
            "board_100k_default_p50_ms", "board_1k_default_p50_ms", "the default view, hundredfold ideas"
        ),
        "rebuild_rss_end_vs_20_percent": Ratio(
            "rebuild_rss_at_end", "rebuild_rss_at_20_percent", "growth of memory over four fifths of the log"
        ),
    },
    targets={
        "rebuild_idea_board": Target(at_least=100_000),
        "rebuild_rss_end_vs_20_percent": Target(at_most=1.2),
        "live_200_p50_ms": Target(at_most=5.0),
        "live_200_p99_ms": Target(at_most=30.0),
        "live_1000_p99_ms": Target(at_most=150.0),
        "board_100k_vs_1k": Target(at_most=1.5),
        **{f"board_100k_{query}_p99_ms": Target(at_most=30.0) for query in _QUERIES},
    },
)

HTTP = Bench(
    about="PUT …/vote with real tokens over 64 connections to one web process, beside a handler without the log",
    cases={
        "vote": ("requests/s", "PUT /api/v1/ideas/{id}/vote, every vote a new one"),
        "bare_handler": ("requests/s", "a handler that authenticates alike and answers without the log"),
        "bare_without_envelope": (
            "requests/s",
            "the same without request ids, headers and figures around it",
        ),
        "board_page": ("requests/s", "GET /api/v1/ideas, 2,000 ideas on the board"),
        **_percentiles("vote", "one vote"),
        **_percentiles("bare_handler", "one bare answer"),
        **_percentiles("bare_without_envelope", "one bare answer without its envelope"),
        **_percentiles("board_page", "one page of the board"),
    },
    ratios={
        "vote_vs_bare_handler": Ratio("vote", "bare_handler", "what a vote costs beyond HTTP"),
        "vote_vs_bare_without_envelope": Ratio("vote", "bare_without_envelope", "and beyond the framework"),
    },
    targets={"vote_vs_bare_handler": Target(at_least=0.4)},
)

IMPORT = Bench(
    about="Importing a city's ballots end to end: file, deciders, log, and the board caught up",
    cases={
        "lodz": ("votes/s", "Łódź 2024: 66,045 ballots, 249,712 votes"),
        "generated": ("votes/s", "a generated file of the same size"),
    },
    targets={"lodz": Target(at_least=10_000)},
)

_POOLS = {
    "mixed": "200 pledges with every condition there is",
    "totals": "200 pledges that leave one after another, each for want of the total",
    "names": "200 pledges that leave one after another, each for want of the next",
    "shares": "199 capped shares that leave one in ten thousand of the whole",
    "leaving": "100 such shares, and 100 that leave one after another",
    "matches": "199 that match the others, without a common denominator",
    "billionths": "two capped shares that leave billionths",
    "chase": "two capped shares and seven pence, small enough to be lowered one by one",
}

RESOLUTION = Bench(
    about="Resolving pools of conditional pledges, beside lowering pledges one by one",
    cases={
        **{
            name: described
            for kind, what in _POOLS.items()
            for name, described in _percentiles(f"resolve_{kind}", what).items()
        },
        **_percentiles("naive_mixed", "the mixed pools, one by one"),
        **_percentiles("naive_chase", "the chase, one by one"),
    },
    ratios={
        "naive_vs_resolve_mixed": Ratio("naive_mixed_p50_ms", "resolve_mixed_p50_ms", "ordinary pools"),
        "naive_vs_resolve_chase": Ratio("naive_chase_p50_ms", "resolve_chase_p50_ms", "a chase down"),
    },
    targets={f"resolve_{kind}_p99_ms": Target(at_most=5.0) for kind in _POOLS},
)

_CHANGES = {
    "idea": "an idea is revised and all mandates open to it are listed",
    "narrow": "a narrow mandate is revised and the best 50 ideas are listed",
    "field": "a mandate for a field of themes in England is revised and listed alike",
    "wide": "a mandate for any theme in the whole country is revised and listed alike",
    "vote": "a vote is cast that changes nothing of what fits",
}

MATCHING = Bench(
    about="Finding what fits among 100,000 ideas and 2,000 mandates, beside comparing each with each",
    cases={
        "matching_rebuild": ("s", "rebuild of funder_matches from 305,000 events in one process"),
        "matching_rebuild_rss": ("MB", "memory of that process at the end"),
        **{
            name: described
            for change, what in _CHANGES.items()
            for name, described in _percentiles(f"matching_{change}", what).items()
        },
        **_percentiles("matching_cross_idea", "one idea compared with every mandate"),
        **_percentiles("matching_cross_mandate", "one mandate compared with every idea"),
    },
    ratios={
        "matching_cross_vs_idea": Ratio(
            "matching_cross_idea_p50_ms", "matching_idea_p50_ms", "what the index saves an idea"
        ),
        "matching_cross_vs_narrow": Ratio(
            "matching_cross_mandate_p50_ms", "matching_narrow_p50_ms", "what it saves a narrow mandate"
        ),
        "matching_cross_vs_wide": Ratio(
            "matching_cross_mandate_p50_ms", "matching_wide_p50_ms", "and what a wide one"
        ),
    },
    targets={
        "matching_rebuild": Target(at_most=300.0),
        **{f"matching_{change}_p99_ms": Target(at_most=100.0) for change in _CHANGES},
    },
)

WEBHOOKS = Bench(
    about="Telling other programs of events: how soon, how many, and whether one holds up others",
    cases={
        **_percentiles("webhooks_50", "from committed to received, 50 events/s for 10 endpoints"),
        **_percentiles("webhooks_hole", "the same beside an endpoint that never answers"),
        **_percentiles("webhooks_hole_shared", "the same where all of them are at one host and port"),
        "webhooks_rate": ("deliveries/s", "42,000 deliveries due at once to 10 endpoints, one worker"),
        "webhooks_few": (_MS, "one of many events for 5 endpoints, received by all"),
        "webhooks_few_of_many": (_MS, "the same beside 10,000 endpoints that want something else"),
    },
    ratios={
        "webhooks_hole_vs_none": Ratio(
            "webhooks_hole_p99_ms", "webhooks_50_p99_ms", "what an endpoint that never answers costs others"
        ),
        "webhooks_hole_shared_vs_none": Ratio(
            "webhooks_hole_shared_p99_ms", "webhooks_50_p99_ms", "what it costs others at its host and port"
        ),
        "webhooks_many_vs_few": Ratio(
            "webhooks_few_of_many", "webhooks_few", "what 10,000 endpoints cost that are not meant"
        ),
    },
    targets={
        "webhooks_50_p99_ms": Target(at_most=1_000.0),
        "webhooks_rate": Target(at_least=400.0),
        "webhooks_hole_vs_none": Target(at_most=2.0),
        "webhooks_hole_shared_vs_none": Target(at_most=2.0),
        "webhooks_many_vs_few": Target(at_most=1.25),
    },
)

_PAGES = {"board": "the board", "search": "a search on the board", "idea": "an idea's page"}

SITE = Bench(
    about="Pages with 10,000 ideas and 1,000,000 votes: how quickly they come, and how soon open ones hear of votes",
    cases={
        "site_board_kib": ("KiB", "a newcomer's first view of the board as it is sent, fonts left out"),
        **{
            name: described
            for page, what in _PAGES.items()
            for name, described in {
                f"site_{page}_p95_ms": (_MS, f"{what}, whole: 95 of 100 take at most this"),
                **_percentiles(f"site_{page}", f"{what}, whole"),
            }.items()
        },
        **_percentiles("site_live", "from a vote's answer until each of 200 open pages heard, 50 votes/s"),
        "site_live_frames": ("frames/s", "what these pages were sent"),
        "site_live_page_kib": ("KiB", "the web process's memory for each open page"),
    },
    targets={
        "site_board_kib": Target(at_most=60.0),
        **{f"site_{page}_p95_ms": Target(at_most=50.0) for page in _PAGES},
        "site_live_p99_ms": Target(at_most=1_000.0),
        "site_live_page_kib": Target(at_most=100.0),
    },
)

LOOKED_AT: Mapping[str, str] = {
    "board": "the board",
    "idea": "an idea's page",
    "pool": "a pool's page",
    "form": "the form to log an idea",
}
MEASURES: Mapping[str, tuple[str, str, Target]] = {
    "performance": ("of 100", "performance", Target(at_least=95.0)),
    "accessibility": ("of 100", "accessibility", Target(at_least=95.0)),
    "best_practices": ("of 100", "best practices", Target(at_least=95.0)),
    "seo": ("of 100", "search engines", Target(at_least=95.0)),
    "lcp_ms": (_MS, "the largest thing is painted, on simulated slow 4G", Target(at_most=1_200.0)),
    "cls": ("shift", "how much moves while it loads", Target(at_most=0.0)),
}

LIGHTHOUSE = Bench(
    about="What Lighthouse thinks of pages with 10,000 ideas and 1,000,000 votes (needs `ops/dev lighthouse`)",
    cases={
        f"lighthouse_{page}_{measure}": (unit, f"{what}: {meaning}")
        for page, what in LOOKED_AT.items()
        for measure, (unit, meaning, _) in MEASURES.items()
    },
    targets={
        f"lighthouse_{page}_{measure}": target
        for page in LOOKED_AT
        for measure, (_, _, target) in MEASURES.items()
    },
)

BY_THEMSELVES = frozenset({"lighthouse"})
"""Benches that need what is not installed with the product: `all` leaves them out."""

BENCHES: Mapping[str, Bench] = {
    "append": APPEND,
    "read": READ,
    "projections": PROJECTIONS,
    "http": HTTP,
    "import": IMPORT,
    "matching": MATCHING,
    "resolution": RESOLUTION,
    "webhooks": WEBHOOKS,
    "site": SITE,
    "lighthouse": LIGHTHOUSE,
}
