"""An endpoint agrees before it is sent anything, and what is sent is signed with keys that overlap."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from domain.endpoint import (
    ENDPOINT,
    KEYS_MAX,
    AddressChangedError,
    EndpointRemovedError,
    EndpointTakenError,
    EndpointUnknownError,
    NoSuchPositionError,
    NoTypesError,
    OverlapError,
    PauseEndpoint,
    RegisterEndpoint,
    RemoveEndpoint,
    ResumeEndpoint,
    ReviseEndpoint,
    RotateSecret,
    SigningKey,
    Subscription,
    TooManyKeysError,
    VerifyEndpoint,
)
from events.contracts import (
    EndpointPaused,
    EndpointRegistered,
    EndpointRemoved,
    EndpointResumed,
    EndpointRevised,
    EndpointVerified,
    SecretRotated,
)
from tests.domain.cast import ADA, BEN, LATER, NOON
from tests.spec import given

HOOK = UUID("0190b000-0000-7000-8000-000000000090")
URL, ELSEWHERE = "https://hooks.example.org/impact", "https://elsewhere.example.org/"
KEY, NEWER, NEWEST = (UUID(f"0190b000-0000-7000-8000-0000000000a{n}") for n in (1, 2, 3))
PUBLIC_KEY = "whpk_AA=="
DAY = timedelta(days=1)
WANTED = Subscription(url=URL, types=("Idea*",), ordered=True)
ABOUT: dict[str, Any] = {"url": URL, "types": ("Idea*",), "ordered": True}
REGISTERED = EndpointRegistered(
    endpoint_id=HOOK, registered_by=ADA, **ABOUT, key_id=KEY, public_key=PUBLIC_KEY, occurred_at=NOON
)
AGREED = EndpointVerified(endpoint_id=HOOK, proof="handshake", rate_per_minute=60, occurred_at=NOON)
PAUSED = EndpointPaused(endpoint_id=HOOK, cause="asked", after=7, paused_by=ADA, occurred_at=NOON)
REMOVED = EndpointRemoved(endpoint_id=HOOK, removed_by=ADA, occurred_at=NOON)


def registering(by=ADA, **said: Any) -> RegisterEndpoint:
    """Want an endpoint."""
    fields = {"subscription": WANTED, "key_id": KEY, "public_key": PUBLIC_KEY, **said}
    return RegisterEndpoint(endpoint_id=HOOK, by=by, now=NOON, **fields)


def agreeing(**said: Any) -> VerifyEndpoint:
    """Say that the endpoint agreed."""
    fields = {"url": URL, "proof": "handshake", "rate_per_minute": 60, **said}
    return VerifyEndpoint(endpoint_id=HOOK, now=NOON, **fields)


def revising(**said: Any) -> ReviseEndpoint:
    """Want an endpoint to be like this."""
    wanted = {"url": URL, "types": ("Idea*",), "ordered": True, **said}
    return ReviseEndpoint(endpoint_id=HOOK, by=BEN, subscription=Subscription(**wanted), now=LATER)


def rotating(key_id=NEWER, overlap=DAY) -> RotateSecret:
    """Want a new key."""
    return RotateSecret(
        endpoint_id=HOOK, by=BEN, key_id=key_id, public_key=PUBLIC_KEY, overlap=overlap, now=LATER
    )


def rotated(key_id=NEWER, *, until=LATER + DAY, at=LATER) -> SecretRotated:
    """Say that there is a new key."""
    return SecretRotated(
        endpoint_id=HOOK,
        rotated_by=BEN,
        key_id=key_id,
        public_key=PUBLIC_KEY,
        old_until=until,
        occurred_at=at,
    )


def pausing(after=7) -> PauseEndpoint:
    """Want nothing sent for now."""
    return PauseEndpoint(endpoint_id=HOOK, cause="asked", after=after, by=ADA, now=NOON)


def resuming(after=None) -> ResumeEndpoint:
    """Want events sent again."""
    return ResumeEndpoint(endpoint_id=HOOK, by=ADA, after=after, now=LATER)


def test_an_endpoint_is_registered():
    """Whoever registers it says where events go, which, and with which key they are signed."""
    given(ENDPOINT).when(registering()).then(REGISTERED)


def test_an_endpoint_is_for_something():
    """Without a type of events there would be nothing to send."""
    given(ENDPOINT).when(registering(subscription=Subscription(url=URL, types=()))).then_refused(NoTypesError)
    given(ENDPOINT, REGISTERED).when(revising(types=())).then_refused(NoTypesError)


def test_an_endpoint_is_registered_once():
    """The same again causes nothing; somebody else's wish is another endpoint."""
    given(ENDPOINT, REGISTERED).when(registering()).then_nothing()
    given(ENDPOINT, REGISTERED).when(registering(by=BEN)).then_refused(EndpointTakenError)


def test_nothing_is_done_with_what_is_not_there():
    """An endpoint is registered before anything else, and a removed one stays away."""
    given(ENDPOINT).when(agreeing()).then_refused(EndpointUnknownError)
    given(ENDPOINT, REGISTERED, REMOVED).when(revising()).then_refused(EndpointRemovedError)
    given(ENDPOINT, REGISTERED, REMOVED).when(
        RemoveEndpoint(endpoint_id=HOOK, by=BEN, now=LATER)
    ).then_nothing()


def test_an_endpoint_agrees():
    """It agrees at its address, once, and can agree to another rate."""
    given(ENDPOINT, REGISTERED).when(agreeing()).then(AGREED)
    given(ENDPOINT, REGISTERED, AGREED).when(agreeing()).then_nothing()
    slower = EndpointVerified(endpoint_id=HOOK, proof="handshake", rate_per_minute=6, occurred_at=NOON)
    given(ENDPOINT, REGISTERED, AGREED).when(agreeing(rate_per_minute=6)).then(slower)


def test_an_endpoint_that_came_back_has_moved():
    """What was asked at an address is not asked after two moves, though the address is the same again."""
    away = revising(url=ELSEWHERE)
    (gone,) = ENDPOINT.decide(away, ENDPOINT.fold([REGISTERED]))
    (back,) = ENDPOINT.decide(revising(), ENDPOINT.fold([REGISTERED, gone]))
    (other,) = ENDPOINT.decide(revising(types=("*",)), ENDPOINT.fold([REGISTERED]))
    assert [
        ENDPOINT.fold(events).moves
        for events in ([REGISTERED], [REGISTERED, other], [REGISTERED, gone, back])
    ] == [0, 0, 2]


def test_an_endpoint_agrees_for_its_own_address_alone():
    """Who was asked at an address that was changed meanwhile has not agreed for the new one."""
    given(ENDPOINT, REGISTERED).when(agreeing(url=ELSEWHERE)).then_refused(AddressChangedError)


def test_another_address_agrees_anew():
    """A change of what is sent needs no new consent, and a change of the address does."""
    same_place = given(ENDPOINT, REGISTERED, AGREED, revised(types=("*",)))
    same_place.when(agreeing()).then_nothing()
    moved = given(ENDPOINT, REGISTERED, AGREED, revised(url=ELSEWHERE))
    moved.when(agreeing(url=ELSEWHERE)).then(AGREED)


def revised(**said: Any) -> EndpointRevised:
    """Say that an endpoint is like this."""
    return EndpointRevised(endpoint_id=HOOK, revised_by=BEN, **{**ABOUT, **said}, occurred_at=LATER)


def test_an_endpoint_is_revised():
    """What is wanted replaces what was; the same again causes nothing."""
    given(ENDPOINT, REGISTERED).when(revising(types=("*",))).then(revised(types=("*",)))
    given(ENDPOINT, REGISTERED).when(revising()).then_nothing()


def test_a_new_key_signs_beside_the_old_for_a_while():
    """Receivers have time to learn the new key; the oldest ends first, and never later than was said."""
    given(ENDPOINT, REGISTERED).when(rotating()).then(rotated())
    state = ENDPOINT.fold(
        [REGISTERED, rotated(until=LATER + DAY), rotated(NEWEST, until=LATER + 3 * DAY, at=LATER)]
    )
    assert state.keys == (
        SigningKey(key_id=NEWEST, public_key=PUBLIC_KEY),
        SigningKey(key_id=NEWER, public_key=PUBLIC_KEY, until=LATER + 3 * DAY),
        SigningKey(key_id=KEY, public_key=PUBLIC_KEY, until=LATER + DAY),
    )
    assert [key.key_id for key in state.keys_at(LATER + 2 * DAY)] == [NEWEST, NEWER]


def test_an_overlap_has_an_end():
    """Old keys end at once at the least, and after a week at the most."""
    given(ENDPOINT, REGISTERED).when(rotating(overlap=timedelta())).then(rotated(until=LATER))
    given(ENDPOINT, REGISTERED).when(rotating(overlap=7 * DAY)).then(rotated(until=LATER + 7 * DAY))
    for wrong in (7 * DAY + timedelta(seconds=1), -DAY):
        given(ENDPOINT, REGISTERED).when(rotating(overlap=wrong)).then_refused(OverlapError)


def test_few_keys_sign_at_once():
    """A sixth key waits until one has ended, or ends all others at once."""
    others = [UUID(int=n) for n in range(1, KEYS_MAX)]
    full = given(ENDPOINT, REGISTERED, *(rotated(key) for key in others))
    full.when(rotating()).then_refused(TooManyKeysError)
    full.when(rotating(overlap=timedelta())).then(rotated(until=LATER))


def test_an_endpoint_is_paused_and_resumed():
    """It goes on where it stood, or where somebody says."""
    given(ENDPOINT, REGISTERED).when(pausing()).then(PAUSED)
    given(ENDPOINT, REGISTERED, PAUSED).when(pausing(9)).then_nothing()
    resumed = EndpointResumed(endpoint_id=HOOK, resumed_by=ADA, after=7, occurred_at=LATER)
    given(ENDPOINT, REGISTERED, PAUSED).when(resuming()).then(resumed)
    from_zero = EndpointResumed(endpoint_id=HOOK, resumed_by=ADA, after=0, occurred_at=LATER)
    given(ENDPOINT, REGISTERED, PAUSED).when(resuming(0)).then(from_zero)
    given(ENDPOINT, REGISTERED, PAUSED, resumed).when(resuming()).then_nothing()


def test_an_endpoint_begins_within_the_log():
    """There is no position before the first."""
    given(ENDPOINT, REGISTERED).when(pausing(-1)).then_refused(NoSuchPositionError)
    given(ENDPOINT, REGISTERED, PAUSED).when(resuming(-1)).then_refused(NoSuchPositionError)


def test_an_endpoint_is_removed():
    """It is gone for good."""
    given(ENDPOINT, REGISTERED).when(RemoveEndpoint(endpoint_id=HOOK, by=ADA, now=NOON)).then(REMOVED)
