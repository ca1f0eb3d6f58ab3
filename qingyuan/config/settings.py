"""All settings, from the environment only (see docs; ``environment`` explains each mistake).

One city is one database, one audit database, one key set, one fact folder and one upload folder:
``$QINGYUAN_HOME/$QINGYUAN_CITY/{db.sqlite3,audit.sqlite3,keys/,facts/,uploads/}``.
"""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from qingyuan.config import environment
from qingyuan.reference.packs import pack_codes

PACKAGE = Path(__file__).resolve().parent.parent
BASE_DIR = PACKAGE.parent
_env = os.environ

# --- the installation -------------------------------------------------------------------------------------------------
QINGYUAN_HOME = environment.home(_env, "QINGYUAN_HOME", BASE_DIR / "var")
QINGYUAN_CITY = environment.city(_env, "QINGYUAN_CITY")
QINGYUAN_CITY_HOME = environment.private_folder(QINGYUAN_HOME / QINGYUAN_CITY, "QINGYUAN_HOME")
QINGYUAN_KEYS = QINGYUAN_CITY_HOME / "keys"
QINGYUAN_FACTS = QINGYUAN_CITY_HOME / "facts"
QINGYUAN_UPLOADS = QINGYUAN_CITY_HOME / "uploads"
QINGYUAN_TODAY = environment.day(_env, "QINGYUAN_TODAY")
# Windows that closed before the office began to keep its ledgers here ask for nothing.
QINGYUAN_DUES_FROM = environment.day(_env, "QINGYUAN_DUES_FROM")
# Statutory clocks that no column can answer and that ran out before this day are not asked for.
QINGYUAN_CLOCKS_FROM = environment.day(_env, "QINGYUAN_CLOCKS_FROM")
# Which province's rules clocks and plans rest on; unset, the province of the division codes says it (organisation.queries.city_pack).
QINGYUAN_RULE_PACK = environment.one_of(_env, "QINGYUAN_RULE_PACK", pack_codes())
QINGYUAN_DEMO = environment.flag(_env, "QINGYUAN_DEMO")
QINGYUAN_CRYPTO_SUITE = environment.whole_number(_env, "QINGYUAN_CRYPTO_SUITE", 1)
QINGYUAN_KEY_PROVIDER = environment.text(
    _env, "QINGYUAN_KEY_PROVIDER", "qingyuan.foundation.crypto.provider.FileKeyProvider"
)
# What the sign-in page of the fictional city tells a newcomer; the demo room founds these accounts.
QINGYUAN_DEMO_PASSWORD = "yunling-2022-demo" if QINGYUAN_DEMO else ""
QINGYUAN_DEMO_ACCOUNTS = ("longdong", "longdong.sg", "longdong.ld") if QINGYUAN_DEMO else ()
QINGYUAN_ZONES = environment.chosen(_env, "QINGYUAN_ZONES", ("commission", "police", "health"))

# Reminders leave through one door (casework/reminders); a channel that is not set here is not offered. In the demo none leaves.
QINGYUAN_EMAIL_URL = environment.mail_server(_env, "QINGYUAN_EMAIL_URL")
QINGYUAN_SMS = environment.gateway(_env, "QINGYUAN_SMS_URL", "QINGYUAN_SMS_SECRET")
QINGYUAN_MESSENGER = environment.gateway(_env, "QINGYUAN_MESSENGER_URL", "QINGYUAN_MESSENGER_SECRET")

DEBUG = environment.flag(_env, "QINGYUAN_DEBUG")
SECRET_KEY = environment.secret(_env, "QINGYUAN_SECRET_KEY", QINGYUAN_CITY_HOME / "secret-key")
ALLOWED_HOSTS = environment.names(_env, "QINGYUAN_HOSTS", ("localhost", "127.0.0.1", "[::1]"))
CSRF_TRUSTED_ORIGINS = environment.names(_env, "QINGYUAN_ORIGINS", ())
# The demo and a developer's own server speak plain HTTP on this machine; every other installation is behind TLS.
_https = environment.flag(_env, "QINGYUAN_HTTPS", default=not (QINGYUAN_DEMO or DEBUG))

# --- rooms ------------------------------------------------------------------------------------------------------------
ROOMS = (
    "foundation",
    "organisation",
    "ledgers",
    "casework",
    "indicators",
    "enforcement",
    "rehabilitation",
    "treatment",
    "prevention",
    "participation",
    "situation",
    "governance",
    "web",
)

INSTALLED_APPS = [
    *(f"qingyuan.{room}" for room in ROOMS),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "qingyuan.web.middleware.NoNullCharactersMiddleware",
    "qingyuan.web.middleware.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "qingyuan.web.middleware.BodyLimitMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "qingyuan.web.account.middleware.LastSeenMiddleware",
    "qingyuan.web.middleware.ReadOnlyGetMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "qingyuan.web.middleware.ActorMiddleware",
    "qingyuan.web.account.middleware.ProofMiddleware",
]

ROOT_URLCONF = "qingyuan.config.urls"
ASGI_APPLICATION = "qingyuan.config.asgi.application"
WSGI_APPLICATION = "qingyuan.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "qingyuan.web.context.frame",
            ],
        },
    },
]

# --- databases: never ATOMIC_REQUESTS (with IMMEDIATE every read would take SQLite's one write lock) ------------------
DATABASES = {
    "default": environment.database(_env, "DATABASE_URL", QINGYUAN_CITY_HOME / "db.sqlite3"),
    "audit": environment.database(_env, "AUDIT_DATABASE_URL", QINGYUAN_CITY_HOME / "audit.sqlite3"),
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "KEY_PREFIX": QINGYUAN_CITY}}
DATABASE_ROUTERS = ["qingyuan.foundation.audit.router.AuditRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# --- people who work here ---------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "organisation.Account"
LOGIN_URL = "web:sign-in"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "qingyuan.organisation.passwords.LongestPasswordValidator", "OPTIONS": {"max_length": 128}},
    {"NAME": "qingyuan.organisation.passwords.KnownPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Which roles is said beside the policy (organisation/policy.py). The demo lets everyone look around without a telephone.
QINGYUAN_REQUIRE_SECOND_FACTOR = environment.flag(_env, "QINGYUAN_REQUIRE_SECOND_FACTOR", default=not QINGYUAN_DEMO)
# The government's single sign-on: an account opens with it only after the security officer entered its subject.
QINGYUAN_OIDC = environment.single_sign_on(
    _env, "QINGYUAN_OIDC_SERVER", "QINGYUAN_OIDC_CLIENT", "QINGYUAN_OIDC_SECRET", "QINGYUAN_OIDC_NAME"
)

# allauth gives the stages of a sign-in, the factors and the list of sessions; its own pages are not routed.
ACCOUNT_ADAPTER = "qingyuan.web.account.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_TIMEOUT = 10 * 60
MFA_ADAPTER = "qingyuan.web.account.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "清源"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODE_DIGITS = 10
SOCIALACCOUNT_ADAPTER = "qingyuan.web.account.adapters.GovernmentAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_AUTO_SIGNUP = False

# Two cities of one installation may be open in one browser: each has cookies of its own name, and keys of its own behind
# them. With __Host- a browser takes them from this host over TLS only.
_cookie = f"{'__Host-' if _https else ''}qingyuan-{QINGYUAN_CITY}"
SESSION_COOKIE_NAME = _cookie
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _https
CSRF_COOKIE_NAME = f"{_cookie}-csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = _https
LANGUAGE_COOKIE_NAME = f"{_cookie}-language"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = _https
CSRF_FAILURE_VIEW = "qingyuan.web.errors.form_expired"

# --- what a browser may do --------------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = _https
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _https
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if environment.flag(_env, "QINGYUAN_BEHIND_PROXY") else None
)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-src": [NONE],
        "media-src": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# --- words, days, files -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("英文"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
# Hashed names need `collectstatic`, which an installation runs once; the demo and developers serve from the source.
_collected = not (DEBUG or QINGYUAN_DEMO)
STATIC_ROOT = QINGYUAN_HOME / "static" if _collected else None
WHITENOISE_USE_FINDERS = not _collected
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": QINGYUAN_UPLOADS}},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _collected
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
# Never a temporary file: what people send is held in memory until it stands encrypted.
FILE_UPLOAD_HANDLERS = ["qingyuan.web.uploads.InMemoryUpload"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "quiet": {
            "()": "qingyuan.foundation.quiet_logging.QuietFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "quiet"}},
    "root": {"handlers": ["console"], "level": environment.text(_env, "QINGYUAN_LOG_LEVEL", "INFO")},
}
