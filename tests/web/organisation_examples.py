"""Examples of the pages of organisations and invitations, all of them invented."""

from app.access.invitations import Invitation
from app.web.addresses import member_href, organisation_href
from app.web.organisation_views import (
    InvitationPage,
    MemberLine,
    MemberPage,
    NewOrganisationPage,
    OrganisationLine,
    OrganisationPage,
    OrganisationsPage,
    role_choices,
)
from tests.web.cast import LONG_WORD, SCRIPT, START, uuid

TRUST = uuid(900)
HOSTILE = f"{SCRIPT} {LONG_WORD}"


def member(number: int, name: str, roles: str, *, is_oneself: bool = False) -> MemberLine:
    """Make somebody who acts for the organisation."""
    return MemberLine(
        person_id=uuid(number),
        name=name,
        roles=roles,
        is_oneself=is_oneself,
        href=member_href(TRUST, uuid(number)),
    )


def organisation(**changes) -> OrganisationPage:
    """Make the page of an organisation as a stranger sees it."""
    usual = {
        "href": organisation_href(TRUST),
        "name": "Dale Transport Trust",
        "org_id": "GB-CHC-1164883",
        "register": "Charity Commission",
        "register_href": "https://register.example.org/1164883",
        "website": "https://dale.example.org/",
        "registered_at": START,
        "member_count": 3,
        "members": (),
        "is_member": False,
        "is_administrator": False,
        "invitations": (),
        "roles": role_choices(()),
        "new_name": "Dale Transport Trust",
        "new_website": "https://dale.example.org/",
    }
    return OrganisationPage(**{**usual, **changes})


def invitation(number: int, sent_to: str) -> Invitation:
    """Make an open invitation."""
    return Invitation(
        invitation_id=uuid(number),
        sent_to=sent_to,
        roles=["funder"],
        invited_by=uuid(1),
        created_at=START,
        expires_at=START,
    )


MEMBERS = (
    member(1, "Ada Sample", "administers it"),
    member(2, "Ben Sample", "makes offers, commits money", is_oneself=True),
    member(3, HOSTILE, "member"),
)

ORGANISATION_PAGES: dict[str, tuple[str, object]] = {
    "organisations": (
        "organisations.html",
        OrganisationsPage(
            q="",
            lines=[
                OrganisationLine(href=organisation_href(uuid(n)), name=name, org_id=org_id, members=n)
                for n, (name, org_id) in enumerate(
                    (
                        ("Dale Trust", "GB-CHC-1164883"),
                        (HOSTILE, None),
                        ("صندوق الأمل", "XE-EXAMPLE-" + "9" * 80),
                    ),
                    1,
                )
            ],
            next_href="/organisations?cursor=x",
        ),
    ),
    "organisations-no-match": ("organisations.html", OrganisationsPage(q=SCRIPT, lines=[])),
    "organisations-none": ("organisations.html", OrganisationsPage(q="", lines=[])),
    "organisation-new": ("organisation_new.html", NewOrganisationPage(roles=role_choices(()))),
    "organisation-new-wrong": (
        "organisation_new.html",
        NewOrganisationPage(
            roles=role_choices(("funder",)),
            name=HOSTILE,
            org_id="GB-CHC-12",
            website="javascript:alert(1)",
            errors={
                "org_id": "Charity Commission gives six or seven digits, such as GB-CHC-1164883.",
                "website": "Give an address that begins with https:// or http://.",
            },
        ),
    ),
    "organisation": ("organisation.html", organisation()),
    "organisation-bare": (
        "organisation.html",
        organisation(
            name=HOSTILE, org_id=None, register=None, register_href=None, website=None, member_count=1
        ),
    ),
    "organisation-member": (
        "organisation.html",
        organisation(members=MEMBERS, is_member=True, said="You act for the organisation now."),
    ),
    "organisation-administrator": (
        "organisation.html",
        organisation(
            members=MEMBERS,
            member_count=300,
            is_member=True,
            is_administrator=True,
            invitations=[invitation(7, "c…@example.org"), invitation(8, f"x…@{LONG_WORD}.example")],
            email="ben@exam",
            errors={"email": "This is not an e-mail address; write one like name@example.org."},
        ),
    ),
    "member": (
        "member.html",
        MemberPage(
            href=member_href(TRUST, uuid(3)),
            organisation="Dale Transport Trust",
            organisation_href=organisation_href(TRUST),
            name=HOSTILE,
            is_oneself=False,
            can_change=True,
            held="member",
            roles=role_choices(()),
        ),
    ),
    "member-last": (
        "member.html",
        MemberPage(
            href=member_href(TRUST, uuid(1)),
            organisation=HOSTILE,
            organisation_href=organisation_href(TRUST),
            name="Ada Sample",
            is_oneself=True,
            can_change=True,
            held="administers it",
            roles=role_choices(("admin",)),
            error="An organisation needs an administrator; make somebody else one first.",
        ),
    ),
    "invitation": (
        "invitation.html",
        InvitationPage(
            word="w" * 43,
            organisation=HOSTILE,
            inviter="Ada Sample",
            roles=["commit its money", "administer it"],
        ),
    ),
    "invitation-over": (
        "invitation.html",
        InvitationPage(error="This invitation was used, was withdrawn or has expired; ask for a new one."),
    ),
    "invitation-of-another": (
        "invitation.html",
        InvitationPage(organisation="Dale Trust", inviter="Ada Sample", is_for_another=True),
    ),
}
"""Each page by name: its template and its view model."""
