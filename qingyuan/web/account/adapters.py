"""What allauth asks us: how one comes in, how secrets are kept, and which account the government's sign-on means.

Nobody signs up, no mail is sent, no account is made by a stranger's word; allauth's own sentences are not shown.
"""

from __future__ import annotations

from typing import Any, Final, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from qingyuan.foundation import clock
from qingyuan.foundation.audit import record_read
from qingyuan.foundation.crypto import decrypt_text, encrypt_text
from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.actions import accounts
from qingyuan.organisation.actor import ANONYMOUS, actor_of
from qingyuan.organisation.models import Account
from qingyuan.web.account import devices
from qingyuan.web.account.ways import address_of, first_page, is_here, shortened
from qingyuan.web.context import LAST_SIGN_IN

PROVIDER: Final = "government"
SECRETS: Final = "mfa.Authenticator.data"


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        return ["qingyuan.web.account.stages.SecondFactorStage"]

    def get_client_ip(self, request: HttpRequest) -> str:
        """For the list of sessions, which keeps no whole address."""
        return shortened(address_of(request))

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say it in their own words."""

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        """There is no mail: a lost password is the security officer's business."""

    def is_safe_url(self, url: str) -> bool:
        return bool(self.request) and is_here(self.request, url)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        messages.error(request, nobody())
        return redirect("web:sign-in")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        account = request.user
        return first_page(actor_of(account, clock.today()) if isinstance(account, Account) else ANONYMOUS)

    def login(self, request: HttpRequest, user: Account) -> None:
        """Every stage is passed. Raises ImmediateHttpResponse when a one-time code was spent in another window meanwhile."""
        actor, before = actor_of(user, clock.today()), user.last_login
        if user.must_set_password and not accounts.use_code(account=user, by=actor):
            messages.error(request, nobody())
            raise ImmediateHttpResponse(redirect("web:sign-in"))
        super().login(request, user)
        if before is not None:
            request.session[LAST_SIGN_IN] = before.isoformat()
        record_read(by=actor, act="sign_in", ledger="", path=request.path, address=address_of(request))

    def post_login(self, request: HttpRequest, user: Account, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        devices.remember(request, response, user.username)
        return response


class FactorAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        """Secrets of apps and seeds of paper codes stand under the city's key of the internal compartment."""
        return encrypt_text(Compartment.INTERNAL, text, SECRETS)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt_text(Compartment.INTERNAL, encrypted_text, SECRETS)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """There is no mail."""

    def generate_authenticator_name(self, user: Account, type: Any) -> str:
        return _("通行密钥 %(day)s") % {"day": clock.today().isoformat()}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": _("清源")}


class GovernmentAdapter(DefaultSocialAccountAdapter):
    """The government's single sign-on. It opens an account only where the security officer has entered its subject."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The one provider of the environment; what stands in the database counts for nothing."""
        found = settings.QINGYUAN_OIDC
        if not found or (provider and provider not in (PROVIDER, "openid_connect")):
            return []
        app = SocialApp(
            provider="openid_connect",
            provider_id=PROVIDER,
            name=found["name"],
            client_id=found["client"],
            secret=found["secret"],
            settings={
                "server_url": found["server"],
                "oauth_pkce_enabled": True,
                "fetch_userinfo": False,
                "scope": ["openid"],
            },
        )
        return [app] if not client_id or client_id == app.client_id else []

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Raises ImmediateHttpResponse for a subject that no active account carries."""
        user = sociallogin.user if sociallogin.is_existing else None
        if user is None or not user.is_active or sociallogin.state.get("process") != AuthProcess.LOGIN:
            raise ImmediateHttpResponse(turned_away(request, sociallogin.account.uid))

    def on_authentication_error(self, request: HttpRequest, provider: Any, **kwargs: Any) -> NoReturn:
        raise ImmediateHttpResponse(turned_away(request, ""))


def nobody() -> str:
    """The one answer to every way of not getting in by a word from elsewhere."""
    return _("没有登录成功。请重试;仍不行请联系本单位安全管理员。")


def turned_away(request: HttpRequest, subject: str) -> HttpResponse:
    """Back to the sign-in page with one answer for all reasons; the audit keeps a digest of the subject."""
    record_read(
        by=ANONYMOUS, act="sign_in_failed", ledger="", path=request.path, query=subject, address=address_of(request)
    )
    messages.error(request, nobody())
    return redirect("web:sign-in")
