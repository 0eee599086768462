"""The checks of the `tail` campaign notice every way in which a log or a reader can be wrong."""

from uuid import UUID

import pytest

from ops.faults.marks import Mark, mark_of, marked_events
from ops.faults.outcomes import Outcomes
from ops.faults.tail_check import Entry, LogCheck, Reading
from tests.faults.examples import MOMENT, broken

LOST = "the reader saw every event while it ran"
ORDER = "the reader saw every event in order, once"
OTHER = "the reader saw what the log holds"
WHOLE_LOG = "count of events = newest position"
GAPLESS = "positions count 1 to N without a gap"
VERSIONS = "versions count without a gap in every stream"
TWICE = "no event is there twice"
THERE = "every acknowledged append is there, where it was said to be"
WHOLE = "an append is there as a whole or not at all"
REFUSED = "a refused append is not there"
ANSWERED = "a writer is answered, refused or told to retry"


def entry(position, stream, version, mark):
    """Make an entry whose identifier follows from its position."""
    return Entry(position, stream, version, UUID(int=position), Mark(*mark))


def a_sound_log():
    """Two writers: an acknowledged append of two events, one of one, and a ghost of two that nobody was told of."""
    return [
        entry(1, "vote-a", 1, (1, 1, 1, 2)),
        entry(2, "vote-a", 2, (1, 1, 2, 2)),
        entry(3, "vote-b", 1, (2, 1, 1, 1)),
        entry(4, "vote-a", 3, (1, 2, 1, 2)),
        entry(5, "vote-a", 4, (1, 2, 2, 2)),
    ]


def what_was_told():
    """Writers say: two appends acknowledged, one refused, one unknown."""
    outcomes = Outcomes()
    for writer, line in (
        (1, "acknowledged 1 2 2"),
        (2, "acknowledged 1 3 1"),
        (2, "refused 2"),
        (1, "unknown 3"),
    ):
        outcomes.hear(writer, line)
    return outcomes


def found(log, *, seen=None, outcomes=None, count=None, newest=None):
    """Name the broken invariants, given a log, what the reader saw (all of it, unless said), and what was told."""
    check, reading = LogCheck(), Reading()
    check.look(log)
    for position in seen or [item.position for item in log]:
        reading.see(position, UUID(int=position))
    last = log[-1].position
    told = outcomes or what_was_told()
    return broken(check.invariants(told, reading, count=count or len(log), newest=newest or last))


def test_a_sound_log_passes():
    """Nothing is broken where nothing is wrong, a ghost included."""
    assert found(a_sound_log()) == set()


def test_a_ghost_is_counted_and_no_breach():
    """An append that was never acknowledged may be there, once."""
    check = LogCheck()
    check.look(a_sound_log())
    assert check.ghosts(what_was_told()) == 1


def test_an_event_that_the_reader_skipped_is_lost():
    """A position of the log that the reader never saw is noticed."""
    assert found(a_sound_log(), seen=[1, 2, 4, 5]) == {LOST}


def test_an_end_that_the_reader_never_reached_is_lost():
    """The newest events count, too."""
    assert found(a_sound_log(), seen=[1, 2, 3]) == {LOST}


def test_events_out_of_order_are_noticed():
    """A reader that sees all, but not in order, is wrong."""
    assert found(a_sound_log(), seen=[1, 3, 2, 4, 5]) == {ORDER}


def test_an_event_seen_twice_is_noticed():
    """Once is once."""
    assert found(a_sound_log(), seen=[1, 2, 2, 3, 4, 5]) == {ORDER}


def test_an_event_that_the_reader_alone_has_seen_is_noticed():
    """What was seen must be there at the end: nothing is taken back."""
    assert found(a_sound_log(), seen=[1, 2, 3, 4, 5, 6]) == {OTHER}


def test_another_event_than_the_one_seen_is_noticed():
    """A position keeps its event for ever."""
    check, reading = LogCheck(), Reading()
    check.look(a_sound_log())
    for position in range(1, 6):
        reading.see(position, UUID(int=99 if position == 3 else position))
    assert broken(check.invariants(what_was_told(), reading, count=5, newest=5)) == {OTHER}


def test_a_gap_is_noticed():
    """Positions count without a gap, and so does the whole."""
    log = a_sound_log()
    log[4] = entry(6, *log[4][1:3], log[4].mark)
    assert found(log) == {GAPLESS, WHOLE_LOG, WHOLE}


def test_a_count_that_differs_is_noticed():
    """The database's count of events is its newest position."""
    assert found(a_sound_log(), count=6) == {WHOLE_LOG}


def test_a_version_left_out_is_noticed():
    """Versions count without a gap."""
    log = a_sound_log()
    log[2] = log[2]._replace(version=2)
    assert VERSIONS in found(log)


def test_an_event_appended_twice_is_noticed():
    """The same event at two positions is one too many, and its append is not what it was."""
    log = [*a_sound_log(), entry(6, "vote-b", 2, (2, 1, 1, 1))]
    assert {TWICE, WHOLE, THERE} <= found(log)


@pytest.mark.parametrize("line", ["acknowledged 9 3 1", "acknowledged 1 4 1", "acknowledged 1 3 2"])
def test_an_acknowledged_append_that_is_not_where_it_was_said_to_be_is_noticed(line):
    """An append that is absent, or at another position or version than answered, is noticed."""
    outcomes = what_was_told()
    outcomes.hear(2, line)
    assert found(a_sound_log(), outcomes=outcomes) == {THERE}


def test_half_an_append_is_noticed():
    """The first event of a ghost without its second is torn."""
    assert found(a_sound_log()[:4]) == {WHOLE}


def test_an_append_with_another_in_between_is_noticed():
    """The events of one append stand next to each other."""
    log = [
        entry(1, "vote-a", 1, (1, 1, 1, 2)),
        entry(2, "vote-b", 1, (2, 1, 1, 1)),
        entry(3, "vote-a", 2, (1, 1, 2, 2)),
    ]
    assert WHOLE in found(log)


def test_a_refused_append_that_is_there_is_noticed():
    """Who is told of a conflict decides again; what was refused must not be there as well."""
    outcomes = what_was_told()
    outcomes.hear(1, "refused 2")
    assert found(a_sound_log(), outcomes=outcomes) == {REFUSED}


def test_an_unexpected_error_is_noticed():
    """A writer's failure is a breach, and quoted."""
    outcomes = what_was_told()
    outcomes.hear(2, "failed 7 ValueError()")
    assert found(a_sound_log(), outcomes=outcomes) == {ANSWERED}
    assert outcomes.failures == ["writer 2: failed 7 ValueError()"]


def test_a_campaign_in_which_nothing_happened_does_not_pass():
    """An invariant that was never checked does not hold."""
    check = LogCheck()
    invariants = check.invariants(Outcomes(), Reading(), count=0, newest=0)
    assert not all(invariant.holds for invariant in invariants)


def test_a_mark_is_read_back():
    """A marked event says who wrote it, in which request, and in which place of it."""
    events = marked_events(7, 123_456, 3, MOMENT)
    assert [mark_of(event) for event in events] == [Mark(7, 123_456, number, 3) for number in (1, 2, 3)]
