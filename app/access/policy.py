"""Who may do what: one table, in which an operation that is not named is nobody's.

An operation is a route, by its operation id (or the name of its handler, where it is a page). Its rule says
what a token must be good for, who may come in, and how they must be related to what the address names. A
session is good for everything its person may do. The rules of the domain are decided after this, by deciders.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal, TypeAlias

from msgspec import Struct

from app.access.scopes import Scope

Who: TypeAlias = Literal["everyone", "anyone", "person", "operator", "machine"]
"""Everyone alike, without a look at who asks; anyone, known or not, where it matters who; a person who is signed in
or has a token; an operator of this installation; whoever asks on this very machine, or an operator from anywhere,
and for all others it is not there."""

Relation: TypeAlias = Literal[
    "author", "in_charge", "steward", "member", "offers", "funder", "admin", "owner"
]
"""The author of the idea in the address; whoever is in charge of it, which is its author or a steward of its
community; a steward of the community in the address, or somebody with a role in the organisation in it, or in that of the mandate in it; the owner of the endpoint
in it, which is whoever registered it for themselves, or an administrator of the organisation it is for. An operator counts
as steward of every community, and as nothing else."""

FRESH_FOR = timedelta(minutes=5)
"""How old a proof may be where a fresh one is asked for."""


class Rule(Struct, frozen=True, kw_only=True):
    """What an operation asks for.

    `fresh` asks a session for a proof not older than `FRESH_FOR`, by passkey unless the installation lets an
    e-mail link do; a token was made by such a session and need not show one. `session` keeps programs with a
    token out: what opens an account is for people alone. `recent` takes a proof of any
    kind. `in_body` leaves the relation to the handler (`relations.require_role`), because the organisation stands
    in the body or behind what is in it.
    """

    who: Who
    scope: Scope | None = None
    relation: Relation | None = None
    fresh: bool = False
    recent: bool = False
    session: bool = False
    in_body: bool = False


EVERYONE = Rule(who="everyone")
ANYONE = Rule(who="anyone")
WITHOUT_PROGRAMS = Rule(who="anyone", session=True)
PERSON = Rule(who="person")
THEMSELVES = Rule(who="person", session=True)

RULES: Mapping[str, Rule] = {
    # Reading what is public.
    "listIdeas": EVERYONE,
    "getIdea": EVERYONE,
    "listIdeaHistory": EVERYONE,
    "listNeeds": EVERYONE,
    "listStages": EVERYONE,
    "listRevisions": EVERYONE,
    "getRevision": EVERYONE,
    "getRevisionDifference": EVERYONE,
    "listHistory": EVERYONE,
    "listEvents": EVERYONE,
    "streamEvents": EVERYONE,
    "listEventTypes": EVERYONE,
    "getEventTypeSchema": EVERYONE,
    "getAsyncApi": EVERYONE,
    "listCommunities": EVERYONE,
    "getCommunity": EVERYONE,
    "listThemes": EVERYONE,
    "listPlaces": EVERYONE,
    "getProofOfWork": EVERYONE,
    "getTally": EVERYONE,
    "listMandateMatches": EVERYONE,
    "explainMatch": EVERYONE,
    "listIdeaMatches": EVERYONE,
    "listQuarantines": EVERYONE,
    "getQuarantine": EVERYONE,
    # Ideas and votes. That an idea is revised by its author alone is the domain's own rule as well.
    "logIdea": Rule(who="person", scope="ideas:write"),
    "reviseIdea": Rule(who="person", scope="ideas:write", relation="author"),
    "withdrawIdea": Rule(who="person", scope="ideas:write", relation="author"),
    "reopenIdea": Rule(who="person", scope="ideas:write", relation="in_charge"),
    "closeIdea": Rule(who="person", scope="ideas:write", relation="in_charge"),
    "launchService": Rule(who="person", scope="ideas:write", relation="in_charge"),
    "addNeed": Rule(who="person", scope="ideas:write", relation="in_charge"),
    "reviseNeed": Rule(who="person", scope="ideas:write", relation="in_charge"),
    "removeNeed": Rule(who="person", scope="ideas:write", relation="in_charge"),
    "orderNeeds": Rule(who="person", scope="ideas:write", relation="in_charge"),
    "castVote": Rule(who="person", scope="votes:write"),
    "withdrawVote": Rule(who="person", scope="votes:write"),
    "setVotesAside": Rule(who="person", scope="moderate", relation="steward"),
    "liftQuarantine": Rule(who="person", scope="moderate", relation="steward"),
    # Organisations. That administrators alone change them is the domain's own rule as well. To leave is to remove
    # oneself, which every member may; to remove others, the handler asks for an administrator and a fresh proof.
    "listOrganisations": EVERYONE,
    "getOrganisation": EVERYONE,
    "registerOrganisation": Rule(who="person", scope="admin"),
    "reviseOrganisation": Rule(who="person", scope="admin", relation="admin"),
    "listMembers": Rule(who="person", scope="read", relation="member"),
    "changeMember": Rule(who="person", scope="admin", relation="admin", fresh=True),
    "removeMember": Rule(who="person", scope="admin", relation="member"),
    "listInvitations": Rule(who="person", scope="admin", relation="admin"),
    "sendInvitation": Rule(who="person", scope="admin", relation="admin", fresh=True),
    "withdrawInvitation": Rule(who="person", scope="admin", relation="admin"),
    "acceptInvitation": Rule(who="person", scope="admin"),
    # Offers. For whom an offer is made stands in its body or its stream, and so do the people who may answer it.
    "makeOffer": Rule(who="person", scope="offers:write"),
    "previewOffer": Rule(who="person", scope="read"),
    "reviseOffer": Rule(who="person", scope="offers:write"),
    "acceptOffer": Rule(who="person", scope="offers:write"),
    "declineOffer": Rule(who="person", scope="offers:write"),
    "withdrawOffer": Rule(who="person", scope="offers:write"),
    "deliverOffer": Rule(who="person", scope="offers:write"),
    "listIdeaOffers": EVERYONE,
    "getOffer": EVERYONE,
    "listOrganisationOffers": EVERYONE,
    "listOpenings": EVERYONE,
    "listMyOffers": PERSON,
    # Mandates say what an organisation's money is for: who may commit it may publish and change them.
    "listMandates": EVERYONE,
    "getMandate": EVERYONE,
    "listMandateRevisions": EVERYONE,
    "listMandatesOfOrganisation": EVERYONE,
    "listPastGrants": EVERYONE,
    "listPastRecipients": EVERYONE,
    "suggestMandate": EVERYONE,
    "publishMandate": Rule(who="person", scope="funding:write", relation="funder", in_body=True, fresh=True),
    "reviseMandate": Rule(who="person", scope="funding:write", relation="funder", fresh=True),
    "pauseMandate": Rule(who="person", scope="funding:write", relation="funder"),
    "resumeMandate": Rule(who="person", scope="funding:write", relation="funder", fresh=True),
    "closeMandate": Rule(who="person", scope="funding:write", relation="funder"),
    # Their forms ask for a fresh proof in the handler, which keeps what was typed; one comes to them with one. Whose
    # mandate is published stands in the form, and the handler asks for the role.
    "show_funders": ANYONE,
    "show_funder": ANYONE,
    "show_mandate": ANYONE,
    "show_new_mandate": Rule(who="person", session=True, fresh=True),
    "publish_my_mandate": THEMSELVES,
    "show_revise_mandate": Rule(who="person", session=True, relation="funder", fresh=True),
    "revise_my_mandate": Rule(who="person", session=True, relation="funder"),
    "pause_my_mandate": Rule(who="person", session=True, relation="funder"),
    "resume_my_mandate": Rule(who="person", session=True, relation="funder", fresh=True),
    "close_my_mandate": Rule(who="person", session=True, relation="funder"),
    "show_new_offer": THEMSELVES,
    "make_my_offer": Rule(who="person", scope="offers:write"),
    "show_offer": ANYONE,
    "show_offer_change": THEMSELVES,
    "change_my_offer": Rule(who="person", scope="offers:write"),
    "accept_my_offer": Rule(who="person", scope="offers:write"),
    "decline_my_offer": Rule(who="person", scope="offers:write"),
    "withdraw_my_offer": Rule(who="person", scope="offers:write"),
    "deliver_my_offer": Rule(who="person", scope="offers:write"),
    "show_offers": ANYONE,
    "show_open_offers": ANYONE,
    # Endpoints of other programs concern their owners alone. For whom one is registered stands in the body.
    "registerEndpoint": Rule(who="person", scope="webhooks:write"),
    "listEndpoints": Rule(who="person", scope="webhooks:write"),
    "getEndpoint": Rule(who="person", scope="webhooks:write", relation="owner"),
    "reviseEndpoint": Rule(who="person", scope="webhooks:write", relation="owner"),
    "removeEndpoint": Rule(who="person", scope="webhooks:write", relation="owner"),
    "pauseEndpoint": Rule(who="person", scope="webhooks:write", relation="owner"),
    "resumeEndpoint": Rule(who="person", scope="webhooks:write", relation="owner"),
    "rotateSecret": Rule(who="person", scope="webhooks:write", relation="owner"),
    "verifyEndpoint": Rule(who="person", scope="webhooks:write", relation="owner"),
    "listDeliveries": Rule(who="person", scope="webhooks:write", relation="owner"),
    "getDelivery": Rule(who="person", scope="webhooks:write", relation="owner"),
    "replayEvents": Rule(who="person", scope="webhooks:write", relation="owner"),
    # With public keys anybody can check what an endpoint was sent.
    "listPublicKeys": EVERYONE,
    # Whoever has the word that an endpoint was sent agrees for it; the handler looks at it.
    "agreeToEvents": EVERYONE,
    "agreeToEventsInBrowser": EVERYONE,
    "testEndpoint": Rule(who="person", scope="webhooks:write", relation="owner"),
    "show_endpoints": THEMSELVES,
    "register_my_endpoint": THEMSELVES,
    "show_endpoint": Rule(who="person", session=True, relation="owner"),
    "change_my_endpoint": Rule(who="person", session=True, relation="owner"),
    # Pools. Whose money may be pledged, and who is in charge of a pool, the handlers ask, as a body or the pool names the
    # organisation. Money is promised on a fresh proof; to take it back needs none.
    "listPools": EVERYONE,
    "getPool": EVERYONE,
    "openPool": Rule(who="person", scope="funding:write"),
    "revisePool": Rule(who="person", scope="funding:write"),
    "makePledge": Rule(who="person", scope="funding:write", fresh=True),
    "revisePledge": Rule(who="person", scope="funding:write", fresh=True),
    "withdrawPledge": Rule(who="person", scope="funding:write"),
    "vetoPledge": Rule(who="person", scope="funding:write"),
    "previewPledge": Rule(who="person", scope="read"),
    "commitPool": Rule(who="person", scope="funding:write"),
    "cancelPool": Rule(who="person", scope="funding:write"),
    "confirmFunds": Rule(who="person", scope="funding:write", fresh=True),
    "planMilestone": Rule(who="person", scope="funding:write"),
    "reachMilestone": Rule(who="person", scope="funding:write"),
    "releaseTranche": Rule(who="person", scope="funding:write", fresh=True),
    "show_pool": ANYONE,
    "show_new_pool": Rule(who="person", scope="funding:write"),
    "revise_our_pool": Rule(who="person", scope="funding:write"),
    "cancel_our_pool": Rule(who="person", scope="funding:write"),
    "plan_our_milestone": Rule(who="person", scope="funding:write"),
    "reach_our_milestone": Rule(who="person", scope="funding:write"),
    "release_our_tranche": Rule(who="person", scope="funding:write", fresh=True),
    "open_our_pool": Rule(who="person", scope="funding:write"),
    "preview_our_pledge": Rule(who="person", scope="read"),
    "make_our_pledge": Rule(who="person", scope="funding:write", fresh=True),
    "withdraw_our_pledge": Rule(who="person", scope="funding:write"),
    "confirm_our_funds": Rule(who="person", scope="funding:write", fresh=True),
    # Oneself.
    "getMe": PERSON,
    "getVoteReceipt": PERSON,
    "listMyNotices": PERSON,
    "markNoticesRead": THEMSELVES,
    "show_notices": THEMSELVES,
    "mark_my_notices": THEMSELVES,
    "choose_my_letters": THEMSELVES,
    "listMyVotes": PERSON,
    # Passkeys. The first one is added on any recent proof, each further one on a fresh one; see the handlers.
    "listPasskeys": PERSON,
    "beginPasskey": Rule(who="person", session=True, recent=True),
    "addPasskey": Rule(who="person", session=True, recent=True),
    "renamePasskey": Rule(who="person", session=True),
    "removePasskey": Rule(who="person", session=True, fresh=True),
    "beginPasskeySignIn": ANYONE,
    "signInByPasskey": ANYONE,
    "show_passkeys": THEMSELVES,
    "rename_my_passkey": THEMSELVES,
    "remove_my_passkey": Rule(who="person", session=True, fresh=True),
    "show_confirm": THEMSELVES,
    "beginStepUp": Rule(who="person", session=True),
    "stepUp": Rule(who="person", session=True),
    # A program ends its own life with its person, and makes no other program.
    "listMyTokens": PERSON,
    "createToken": THEMSELVES,
    "revokeToken": THEMSELVES,
    "show_tokens": THEMSELVES,
    "make_token": THEMSELVES,
    "end_token": THEMSELVES,
    # Communities. Only whoever runs the installation opens one; its stewards look after it, and operators with them.
    "openCommunity": Rule(who="operator", scope="admin", fresh=True),
    "listStewards": EVERYONE,
    "setVotingRules": Rule(who="person", scope="moderate", relation="steward", fresh=True),
    "pauseVoting": Rule(who="person", scope="moderate", relation="steward"),
    "resumeVoting": Rule(who="person", scope="moderate", relation="steward"),
    "appointSteward": Rule(who="person", scope="moderate", relation="steward", fresh=True),
    "removeSteward": Rule(who="person", scope="moderate", relation="steward", fresh=True),
    "show_community": ANYONE,
    "set_rules_here": Rule(who="person", scope="moderate", relation="steward", fresh=True),
    "pause_here": Rule(who="person", scope="moderate", relation="steward"),
    "resume_here": Rule(who="person", scope="moderate", relation="steward"),
    "appoint_here": Rule(who="person", scope="moderate", relation="steward", fresh=True),
    "remove_here": Rule(who="person", scope="moderate", relation="steward", fresh=True),
    # Operation of the service.
    "isAlive": EVERYONE,
    "isReady": ANYONE,
    "getMetrics": Rule(who="machine"),
    # The framework's own routes of the OpenAPI document.
    "_handler": EVERYONE,
    "handle_schema_path_not_found": EVERYONE,
    # Where one is signed in, and one's name.
    "listMySessions": THEMSELVES,
    "endMySession": THEMSELVES,
    "endMySessions": THEMSELVES,
    "show_me": THEMSELVES,
    "download_everything": THEMSELVES,
    "revise_my_name": THEMSELVES,
    "end_my_session": THEMSELVES,
    "sign_out_everywhere": THEMSELVES,
    "sign_out": THEMSELVES,
    "cast_my_vote": Rule(who="person", scope="votes:write"),
    "withdraw_my_vote": Rule(who="person", scope="votes:write"),
    # Signing in, which nobody can do who must be signed in for it.
    "show_sign_in": ANYONE,
    "ask_for_link": ANYONE,
    "show_code": ANYONE,
    "use_code": ANYONE,
    "show_link": ANYONE,
    "use_link": ANYONE,
    "show_name": ANYONE,
    "join": ANYONE,
    "show_mailbox": ANYONE,
    "show_letter": ANYONE,
    # Going on with a form that was kept meanwhile; whose it is, the handler asks the browser.
    "show_kept_form": THEMSELVES,
    "send_kept_form": THEMSELVES,
    "discard_kept_form": THEMSELVES,
    # The pages of organisations, for people alone.
    "show_organisations": ANYONE,
    "show_organisation": ANYONE,
    "show_new_organisation": THEMSELVES,
    "register_my_organisation": THEMSELVES,
    "revise_our_organisation": Rule(who="person", session=True, relation="admin"),
    "invite_somebody": Rule(who="person", session=True, relation="admin", fresh=True),
    "withdraw_our_invitation": Rule(who="person", session=True, relation="admin"),
    "show_member": Rule(who="person", session=True, relation="member"),
    "change_our_member": Rule(who="person", session=True, relation="admin", fresh=True),
    "end_membership": Rule(who="person", session=True, relation="member"),
    "show_invitation": ANYONE,
    "show_my_invitation": THEMSELVES,
    "accept_my_invitation": THEMSELVES,
    # Pages.
    "show_board": ANYONE,
    # Sign-in with an identity provider, and what of it is linked to one's account.
    "begin_oidc": ANYONE,
    "begin_oidc_after_work": ANYONE,
    "finish_oidc": ANYONE,
    "show_identities": THEMSELVES,
    "connect_identity": THEMSELVES,
    "disconnect_identity": THEMSELVES,
    # Writing an idea down needs nobody known; to log it, the handler asks who it is and leads back to what was typed.
    "show_new_idea": WITHOUT_PROGRAMS,
    "show_draft": WITHOUT_PROGRAMS,
    "save_draft": WITHOUT_PROGRAMS,
    "keep_draft": WITHOUT_PROGRAMS,
    "log_my_idea": WITHOUT_PROGRAMS,
    "delete_my_draft": WITHOUT_PROGRAMS,
    "show_logged": ANYONE,
    "show_options": EVERYONE,
    "show_idea": ANYONE,
    "follow_page": EVERYONE,
    "show_parts": ANYONE,
    "show_revisions": ANYONE,
    "show_needs": Rule(who="person", scope="ideas:write", relation="in_charge"),
    "add_my_need": Rule(who="person", scope="ideas:write", relation="in_charge"),
    "show_need": Rule(who="person", scope="ideas:write", relation="in_charge"),
    "revise_my_need": Rule(who="person", scope="ideas:write", relation="in_charge"),
    "remove_my_need": Rule(who="person", scope="ideas:write", relation="in_charge"),
    "move_my_need": Rule(who="person", scope="ideas:write", relation="in_charge"),
    "show_care": Rule(who="person", scope="ideas:write", relation="in_charge"),
    "launch_my_service": Rule(who="person", scope="ideas:write", relation="in_charge"),
    "withdraw_my_idea": Rule(who="person", scope="ideas:write", relation="author"),
    "close_my_idea": Rule(who="person", scope="ideas:write", relation="in_charge"),
    "reopen_my_idea": Rule(who="person", scope="ideas:write", relation="in_charge"),
    "show_whole_history": ANYONE,
    "show_history": ANYONE,
    "show_pool_history": ANYONE,
    "show_mandate_history": ANYONE,
    "show_offer_history": ANYONE,
    "show_organisation_history": ANYONE,
    "download_history_csv": EVERYONE,
    "download_history_lines": EVERYONE,
    "show_votes": ANYONE,
    "show_fairness": ANYONE,
    "show_desk": THEMSELVES,
    "show_idea_card": EVERYONE,
    "show_pool_bar": EVERYONE,
    "show_oembed": EVERYONE,
    "show_idea_share": EVERYONE,
    "show_pool_share": EVERYONE,
    "show_share": EVERYONE,
    "show_manifest": EVERYONE,
    "show_icon": EVERYONE,
    "show_service_worker": EVERYONE,
    "show_offline": ANYONE,
    "show_about": ANYONE,
    "show_design": ANYONE,
    "show_permissions": ANYONE,
    "show_event_types": ANYONE,
    "show_docs": EVERYONE,
    "serve_static": EVERYONE,
}
