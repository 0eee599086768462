"""The web application, put together: the one place that knows all routes and opens what they need."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar

from app.http.code_lists import CodeController
from app.http.communities import CommunityController
from app.http.cross_origin import CrossOrigin
from app.http.docs import show_docs
from app.http.endpoint_consent import EndpointConsentController
from app.http.endpoint_keys import EndpointKeysController
from app.http.envelope import BODY_BYTES_MAX, Envelope
from app.http.event_log import EventController
from app.http.event_types import EventTypeController
from app.http.fair_votes import FairVotesController
from app.http.guards import authorise
from app.http.heads import Heads
from app.http.histories import HistoryController
from app.http.idea_life import IdeaLifeController
from app.http.ideas import IdeaController
from app.http.invitations import InvitationController
from app.http.keeping_forms import KeepingForms
from app.http.languages import Languages
from app.http.mandates import MandateController, MandatesOfOrganisationController
from app.http.matches import MatchController
from app.http.measures import Measures
from app.http.my_tokens import MyTokensController
from app.http.needs import NeedController
from app.http.notices import NoticeController
from app.http.offers import OfferController
from app.http.openapi import RuledOperations, config
from app.http.operation import OperationController
from app.http.organisations import OrganisationController
from app.http.passkeys import PasskeyController, PasskeySignInController, StepUpController
from app.http.past_grants import PastGrantsController
from app.http.people import MeController
from app.http.pools import PoolController, PoolOfIdeaController
from app.http.problems import answer_error
from app.http.proof_of_work import ProofOfWorkController
from app.http.resources import NoDatabaseError, open_resources
from app.http.revisions import RevisionController
from app.http.static_files import static_route
from app.http.vetoes import VetoController
from app.http.votes import VoteController
from app.http.webhooks import WebhookController
from app.settings import Settings
from app.web.built_files import STATIC, built_files
from app.web.communities import COMMUNITY_PAGES
from app.web.continuing import CONTINUING
from app.web.embedding.oembed import show_oembed
from app.web.embedding.pictures import EMBEDDED_PICTURES
from app.web.embedding.share_images import SHARE_IMAGES
from app.web.fairness import FAIRNESS
from app.web.funders import show_funder
from app.web.histories.downloads import DOWNLOADS
from app.web.histories.pages import HISTORY_PAGES
from app.web.idea_life import LIFE_PAGES
from app.web.installing import INSTALLING
from app.web.invitations import INVITATION_PAGES
from app.web.live import LIVE
from app.web.mailbox import MAILBOX
from app.web.mandates import MANDATE_PAGES
from app.web.matches import MATCH_PAGES
from app.web.me import ME
from app.web.mine import download_everything
from app.web.my_tokens import TOKEN_PAGES
from app.web.needs import NEED_PAGES
from app.web.new_idea import NEW_IDEA_PAGES
from app.web.notices import NOTICES
from app.web.offers import OFFERS
from app.web.oidc import OIDC_PAGES
from app.web.open_offers import OPEN_OFFERS
from app.web.organisations import ORGANISATION_PAGES
from app.web.pages import PAGES
from app.web.passkeys import PASSKEYS
from app.web.picking import PICKING
from app.web.pool_opening import POOL_OPENING_PAGES
from app.web.pool_steps import POOL_STEPS
from app.web.pools import POOL_PAGES
from app.web.sign_in import SIGN_IN
from app.web.webhooks import WEBHOOK_PAGES
from events.store import EventStore


def create_app(settings: Settings | None = None, *, store: EventStore | None = None) -> Litestar:
    """Make the application; nothing is opened before its lifespan begins.

    Without settings, those of the environment hold. A store takes the place of the one in the database;
    accounts, tokens and read models are in the database all the same.

    Raises:
        SettingsError: the environment says something that cannot be meant.
        NoDatabaseError: the settings name no database.
        AssetsNotBuiltError: the styles and scripts of the pages are not built.
    """
    chosen = settings if settings is not None else Settings.from_environment(os.environ)
    database_url = chosen.database_url
    if database_url is None:
        raise NoDatabaseError
    built_files()
    measures = Measures()

    @asynccontextmanager
    async def holding_resources(app: Litestar) -> AsyncIterator[None]:
        async with open_resources(chosen, database_url, measures, store=store) as resources:
            app.state["resources"] = resources
            yield

    app = Litestar(
        route_handlers=[
            IdeaController,
            IdeaLifeController,
            NeedController,
            RevisionController,
            VoteController,
            FairVotesController,
            ProofOfWorkController,
            HistoryController,
            EventController,
            EventTypeController,
            CommunityController,
            OrganisationController,
            InvitationController,
            OfferController,
            MandateController,
            MatchController,
            MandatesOfOrganisationController,
            PastGrantsController,
            PoolOfIdeaController,
            PoolController,
            VetoController,
            WebhookController,
            EndpointKeysController,
            EndpointConsentController,
            MeController,
            NoticeController,
            PasskeyController,
            PasskeySignInController,
            StepUpController,
            MyTokensController,
            CodeController,
            OperationController,
            show_docs,
            *PAGES,
            *EMBEDDED_PICTURES,
            show_oembed,
            *SHARE_IMAGES,
            *INSTALLING,
            *LIVE,
            *HISTORY_PAGES,
            *DOWNLOADS,
            *MANDATE_PAGES,
            show_funder,
            *FAIRNESS,
            *COMMUNITY_PAGES,
            *CONTINUING,
            *POOL_PAGES,
            *POOL_STEPS,
            *POOL_OPENING_PAGES,
            *PASSKEYS,
            *SIGN_IN,
            *ME,
            download_everything,
            *NOTICES,
            *MATCH_PAGES,
            *OFFERS,
            *OPEN_OFFERS,
            *NEED_PAGES,
            *NEW_IDEA_PAGES,
            *PICKING,
            *LIFE_PAGES,
            *MAILBOX,
            *OIDC_PAGES,
            *ORGANISATION_PAGES,
            *INVITATION_PAGES,
            *TOKEN_PAGES,
            *WEBHOOK_PAGES,
            static_route(STATIC),
        ],
        guards=[authorise],
        lifespan=[holding_resources],
        exception_handlers={Exception: answer_error},
        openapi_config=config(),
        plugins=[RuledOperations()],
        logging_config=None,
        request_max_body_size=BODY_BYTES_MAX,
    )
    app.state["measures"] = measures
    # Around the framework and not inside it: unknown addresses and errors get the same envelope.
    inside = KeepingForms(CrossOrigin(Heads(app.asgi_handler)))
    https = chosen.public_url.startswith("https:")
    app.asgi_handler = Languages(Envelope(inside, measures, https=https), https=https)
    return app
