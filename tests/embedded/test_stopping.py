"""Being asked to stop: a flag, and an end for steps that would not look at it."""

import os
import signal
import time

import pytest

from app.embedded.stopping import StopRequest


@pytest.fixture(autouse=True)
def _a_terminal_that_may_close():
    """Whoever runs the tests may do so under `nohup`, which ignores SIGHUP."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_each_signal_asks_to_stop(number):
    """Ctrl-C, SIGTERM and a closed terminal all mean the same, and afterwards signals mean what they did before."""
    before = signal.getsignal(number)
    stop = StopRequest()
    with stop.listening():
        assert stop.go_on()
        os.kill(os.getpid(), number)
        assert not stop.go_on()
    assert signal.getsignal(number) is before


def test_a_closed_terminal_does_not_matter_under_nohup():
    """Who asked for SIGHUP to be ignored keeps that."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        stop = StopRequest()
        with stop.listening():
            os.kill(os.getpid(), signal.SIGHUP)
            assert stop.go_on()
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_long_step_is_left_once():
    """A step that waits for something else is left at the signal; its cleaning up is not disturbed by another."""
    stop, cleaned = StopRequest(), []
    with stop.listening():
        with stop.interrupting():
            try:
                os.kill(os.getpid(), signal.SIGTERM)
                time.sleep(60)
            finally:
                os.kill(os.getpid(), signal.SIGTERM)
                cleaned.append(True)
        assert cleaned
        assert not stop.go_on()
