"""Signing in by the government's OpenID Connect provider: code flow with PKCE, the ID token checked by its signature."""

from __future__ import annotations

from typing import Any, Final

import jwt
import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qingyuan.foundation import audit
from qingyuan.foundation.crypto import blind_index, indexing_as, keyring
from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.actions.accounts import GrantRefused, require
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Account
from qingyuan.organisation.permissions import may_reset
from qingyuan.web.account.adapters import PROVIDER, turned_away
from qingyuan.web.account.ways import wanted
from qingyuan.web.middleware import open_to_strangers, writes_on_get

LONGEST_SUBJECT: Final = 191
# A secret shared with the provider signs nothing here: whoever reads our settings could sign in as anybody.
SIGNATURES: Final = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"})
# The provider is away, or answers what is no answer: the way by password is still open.
NO_ANSWER: Final = (requests.RequestException, jwt.PyJWTError, ValueError, KeyError)


class GovernmentSignOn(OpenIDConnectOAuth2Adapter):
    """allauth's client, stricter: the ID token's signature is always checked, and only its subject is kept."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, PROVIDER)

    def get_provider(self) -> OpenIDConnectProvider:
        return GovernmentProvider(self.request, app=get_adapter(self.request).get_app(self.request, PROVIDER))

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return request.build_absolute_uri(reverse("web:sso-return"))

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """Raises OAuth2Error for an ID token that is missing, not signed by the provider, or not for us."""
        written = kwargs["response"].get("id_token")
        if not written:
            raise OAuth2Error("no id_token")
        claims = self._checked(app, str(written))
        # Name, phone and the rest of what the provider knows about a person stay there.
        known_as = {"id_token": {"sub": known_subject(str(claims["sub"]))}}
        return self.get_provider().sociallogin_from_response(request, known_as)

    def _checked(self, app: SocialApp, written: str) -> dict[str, Any]:
        """The claims of an ID token signed by the provider, for us, and not run out. Raises OAuth2Error."""
        with get_adapter(self.request).get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            keys = jwt.PyJWKSet.from_dict(answer.json()).keys
        try:
            # A provider with one key need not name it (OpenID Connect Core 10.1).
            named = jwt.get_unverified_header(written).get("kid")
            fitting = [key for key in keys if named is None or key.key_id == named]
            if len(fitting) != 1:
                raise OAuth2Error("no key, or more than one, for the id_token")
            claims: dict[str, Any] = jwt.decode(
                written,
                key=fitting[0],
                algorithms=sorted(SIGNATURES),
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                options={"require": ["iss", "aud", "exp", "iat", "sub"]},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error("the id_token is not good") from error
        return claims


class GovernmentProvider(OpenIDConnectProvider):
    """The provider that speaks through our client, with our address of return."""

    def get_oauth2_adapter(self, request: HttpRequest) -> GovernmentSignOn:
        return GovernmentSignOn(request)


def kept_subject(subject: str) -> str:
    """What is stored of a subject: a keyed digest, for some providers take the identity number. Letter case counts."""
    return blind_index(Compartment.INTERNAL, "oidc-subject", subject)


def known_subject(subject: str) -> str:
    """``kept_subject``; a subject entered before the index key was changed is brought under the one of today.

    Nobody else could: the subject itself is not kept.
    """
    today = kept_subject(subject)
    for key_id in keyring().index_keys_ever(Compartment.INTERNAL):
        with indexing_as(Compartment.INTERNAL, key_id):
            before = kept_subject(subject)
        if before != today:
            SocialAccount.objects.filter(provider=PROVIDER, uid=before).update(uid=today)
    return today


@open_to_strangers
@writes_on_get
@never_cache
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """To the provider. Only ever to sign in: nobody ties a subject to an account from here. Errors: Http404 without one."""
    if not settings.QINGYUAN_OIDC:
        raise Http404
    try:
        provider = GovernmentSignOn(request).get_provider()
        response: HttpResponse = provider.redirect(request, AuthProcess.LOGIN, next_url=wanted(request) or None)
        return response
    except ImmediateHttpResponse as answer:
        return answer.response
    except NO_ANSWER:
        return turned_away(request, "")


@open_to_strangers
@writes_on_get
@never_cache
@require_GET
def come_back(request: HttpRequest) -> HttpResponse:
    """From the provider, with a code that is exchanged behind the scenes. Errors: Http404 without one."""
    if not settings.QINGYUAN_OIDC:
        raise Http404
    try:
        response: HttpResponse = OAuth2CallbackView.adapter_view(GovernmentSignOn)(request)
        return response
    except NO_ANSWER:
        return turned_away(request, "")


def is_linked(account: Account) -> bool:
    """Whether the security officer has entered a subject for ``account``."""
    return SocialAccount.objects.filter(user_id=account.pk, provider=PROVIDER).exists()


@transaction.atomic
def link(*, account: Account, subject: str, by: Actor) -> None:
    """Enter, change or (empty) take off the subject by which the provider knows ``account``. Raises GrantRefused."""
    require(may_reset(by, account))
    subject = subject.strip()
    if len(subject) > LONGEST_SUBJECT:
        raise GrantRefused(_("标识太长,请核对。"))
    uid = known_subject(subject)
    if subject and SocialAccount.objects.filter(provider=PROVIDER, uid=uid).exclude(user_id=account.pk).exists():
        raise GrantRefused(_("这个标识已经对应另一个账号,请核对。"))
    SocialAccount.objects.filter(user_id=account.pk, provider=PROVIDER).delete()
    if subject:
        SocialAccount.objects.create(user_id=account.pk, provider=PROVIDER, uid=uid)
    audit.record_write(by=by, act="accounts.subject", ledger="accounts", summary=account.username)
