"""How often anybody may do what: one table, with numbers that no ordinary person ever meets.

Operations that share an allowance are counted together. A route that is not named here has the allowance of
its kind, to read or to write, so that none is without one. Somebody who is known is counted as an account and by
the token; whoever is not known, by address.
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

Per: TypeAlias = Literal["address", "account", "token", "key"]
"""What is counted: a network address, an account, a token, or whatever the operation itself names (as an e-mail)."""

MINUTE = 60
HOUR = 60 * MINUTE


class Limit(Struct, frozen=True, kw_only=True):
    """At most so many in any window of so many seconds, for each of what is counted."""

    per: Per
    amount: int
    seconds: int


class Allowance(Struct, frozen=True, kw_only=True):
    """What operations of one kind may be done how often."""

    name: str
    limits: tuple[Limit, ...]


FREE = Allowance(name="free", limits=())
READ = Allowance(
    name="read",
    limits=(
        Limit(per="address", amount=3_000, seconds=MINUTE),
        Limit(per="account", amount=6_000, seconds=MINUTE),
        Limit(per="token", amount=3_000, seconds=MINUTE),
    ),
)
WRITE = Allowance(
    name="write",
    limits=(
        Limit(per="address", amount=300, seconds=MINUTE),
        Limit(per="account", amount=300, seconds=MINUTE),
        Limit(per="token", amount=240, seconds=MINUTE),
    ),
)
VOTE = Allowance(
    name="vote",
    limits=(
        Limit(per="address", amount=300, seconds=MINUTE),
        Limit(per="account", amount=300, seconds=MINUTE),
    ),
)
# A whole office may come from one address; one mailbox must not be filled by others.
SIGN_IN_LINK = Allowance(
    name="sign-in-link",
    limits=(
        Limit(per="address", amount=60, seconds=10 * MINUTE),
        Limit(per="account", amount=20, seconds=10 * MINUTE),
        Limit(per="key", amount=5, seconds=15 * MINUTE),
    ),
)
# Eight digits and five tries for each mail: one chance in twenty million. However many mails are asked for, the codes
# typed for one mailbox stay few.
SIGN_IN_CODE = Allowance(
    name="sign-in-code",
    limits=(
        Limit(per="address", amount=60, seconds=10 * MINUTE),
        Limit(per="account", amount=20, seconds=10 * MINUTE),
        Limit(per="key", amount=20, seconds=HOUR),
    ),
)
PROOF = Allowance(
    name="proof",
    limits=(
        Limit(per="address", amount=120, seconds=10 * MINUTE),
        Limit(per="account", amount=60, seconds=10 * MINUTE),
    ),
)
JOIN = Allowance(
    name="join",
    limits=(
        Limit(per="address", amount=60, seconds=HOUR),
        Limit(per="account", amount=60, seconds=HOUR),
    ),
)
# Each is a mail to somebody who did not ask for it.
INVITATION = Allowance(
    name="invitation",
    limits=(
        Limit(per="address", amount=200, seconds=HOUR),
        Limit(per="account", amount=60, seconds=HOUR),
        Limit(per="key", amount=10, seconds=24 * HOUR),
    ),
)
# Waiting in place of a proof of work costs a script nothing, so only few may do it from one network.
WAIT = Allowance(name="wait", limits=(Limit(per="key", amount=10, seconds=HOUR),))
# Each is a row of up to 64 KiB for half an hour, of somebody who need not be known.
KEEP_FORM = Allowance(name="keep-form", limits=(Limit(per="address", amount=60, seconds=10 * MINUTE),))
# A draft is kept for weeks, whoever begins it; what is typed into it is saved every few seconds.
BEGIN_DRAFT = Allowance(
    name="begin-draft",
    limits=(
        Limit(per="address", amount=120, seconds=HOUR),
        Limit(per="account", amount=60, seconds=HOUR),
    ),
)
KEEP_DRAFT = Allowance(
    name="keep-draft",
    limits=(
        Limit(per="address", amount=1_200, seconds=MINUTE),
        Limit(per="account", amount=240, seconds=MINUTE),
    ),
)

# A word under a key cannot be guessed; a host of many endpoints may agree for all of them within minutes.
CONSENT = Allowance(
    name="consent",
    limits=(
        Limit(per="address", amount=300, seconds=10 * MINUTE),
        Limit(per="account", amount=300, seconds=10 * MINUTE),
    ),
)

# A file may be long, and nobody needs the same one every minute.
DOWNLOAD_MINE = Allowance(
    name="download-mine",
    limits=(
        Limit(per="address", amount=60, seconds=HOUR),
        Limit(per="account", amount=12, seconds=HOUR),
    ),
)

ALLOWANCES: Mapping[str, Allowance] = {
    "castVote": VOTE,
    "withdrawVote": VOTE,
    "agreeToEvents": CONSENT,
    "agreeToEventsInBrowser": CONSENT,
    # Operation of the service: its own supervisor asks all the time, and a file costs nothing.
    "isAlive": FREE,
    "isReady": FREE,
    "getMetrics": FREE,
    "serve_static": FREE,
    # Signing in. By mailbox a link is counted by its handler, which alone reads the form.
    "ask_for_link": SIGN_IN_LINK,
    "use_link": SIGN_IN_CODE,
    "use_code": SIGN_IN_CODE,
    "begin_oidc": PROOF,
    "begin_oidc_after_work": PROOF,
    "finish_oidc": PROOF,
    "connect_identity": PROOF,
    # A device is asked twice for each: for options, and with what it answers.
    "beginPasskey": PROOF,
    "addPasskey": PROOF,
    "beginPasskeySignIn": PROOF,
    "signInByPasskey": PROOF,
    "beginStepUp": PROOF,
    "stepUp": PROOF,
    "join": JOIN,
    "cast_my_vote": VOTE,
    "withdraw_my_vote": VOTE,
    "sendInvitation": INVITATION,
    "invite_somebody": INVITATION,
    # Counted by a handler alone, see `app.web.work`.
    "wait": WAIT,
    # Counted where a form is kept, see `app.http.keeping_forms`.
    "keep_form": KEEP_FORM,
    "download_everything": DOWNLOAD_MINE,
    "save_draft": KEEP_DRAFT,
    "keep_draft": KEEP_DRAFT,
    # Counted where a draft is begun, see `app.web.new_idea`.
    "begin_draft": BEGIN_DRAFT,
}


def allowance_of(operation: str, *, writes: bool) -> Allowance:
    """Give the allowance of an operation: its own, or that of its kind."""
    return ALLOWANCES.get(operation) or (WRITE if writes else READ)
