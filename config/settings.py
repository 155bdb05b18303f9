"""Django settings. The only place that reads the environment; docs/operations.md lists the variables."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent

ENVIRONMENT = env.str("ORDERWRIGHT_ENV", "development")
if ENVIRONMENT not in ("development", "test", "production"):
    raise ImproperlyConfigured("ORDERWRIGHT_ENV is one of development, test, production.")
IS_PRODUCTION = ENVIRONMENT == "production"

VAR_DIR = Path(env.str("ORDERWRIGHT_VAR", str(Path.cwd() / "var")))
DEBUG = False

# A demo or test run may have a known key: everything in it is made up. Production may not.
SECRET_KEY = env.str("SECRET_KEY", "" if IS_PRODUCTION else "only-for-development-and-tests-never-for-real-orders")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY must be set when ORDERWRIGHT_ENV is production.")

# Seal the provider accounts' credentials; the first seals, all open. Each is 32 bytes in URL-safe base64. Where none is
# given, one is derived from SECRET_KEY.
_DERIVED_KEY = urlsafe_b64encode(sha256(f"orderwright sealing {SECRET_KEY}".encode()).digest()).decode()
SECRET_SEALING_KEYS: list[str] = env.list("SECRET_SEALING_KEYS", []) or [_DERIVED_KEY]

# Signs the journal's heads, which are kept outside: 32 bytes in URL-safe base64, else derived from SECRET_KEY. A former
# key is named by its public half, in base64, so that its heads still count.
_DERIVED_SEED = urlsafe_b64encode(sha256(f"orderwright audit {SECRET_KEY}".encode()).digest()).decode()
AUDIT_SIGNING_KEY = env.str("AUDIT_SIGNING_KEY", "") or _DERIVED_SEED
AUDIT_FORMER_KEYS: list[str] = env.list("AUDIT_FORMER_KEYS", [])

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
# How links in mails begin: https://desk.example. Unless set, with the host that whoever caused the mail has called.
PUBLIC_ADDRESS = env.str("PUBLIC_ADDRESS", "").rstrip("/")
if PUBLIC_ADDRESS and not re.fullmatch(r"https?://[^/?#@\s]+", PUBLIC_ADDRESS):
    raise ImproperlyConfigured("PUBLIC_ADDRESS is a scheme and a host, and perhaps a port: https://desk.example")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "orderwright.journal",
    "orderwright.accounts",
    "orderwright.orders",
    "orderwright.shipping",
    "orderwright.payments",
    "orderwright.outbox",
    "orderwright.reads",
    "orderwright.web",
    "orderwright.api",
    "orderwright.worker",
    "orderwright.cli",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "orderwright.web.unreadable.UnreadableRequests",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "orderwright.web.errors.ErrorPages",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "orderwright" / app / "templates" for app in ("web", "api", "outbox")],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "orderwright.web.jinja.environment"},
    }
]

# SQLite keeps its file beside the demo; PostgreSQL comes as DATABASE_URL=postgres://…
DATABASES = {
    "default": dj_database_url.parse(
        env.str("DATABASE_URL", f"sqlite:///{VAR_DIR / 'orderwright.sqlite3'}"),
        conn_max_age=None,
    )
}
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    # WAL with FULL sync keeps every acknowledged commit; IMMEDIATE makes a writer wait its turn instead of failing
    # later; without recursive triggers a REPLACE would write over a journal entry and ask no trigger.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-65536;"
            "PRAGMA recursive_triggers=ON; PRAGMA secure_delete=ON;"
            "PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864;"
        ),
    }
    # A file, not memory, so that threads of one test share it as web and worker do.
    _database["TEST"] = {"NAME": env.str("ORDERWRIGHT_TEST_SQLITE", str(VAR_DIR / "test.sqlite3"))}
    if IS_PRODUCTION or ENVIRONMENT == "development":
        Path(_database["NAME"]).parent.mkdir(parents=True, exist_ok=True)

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
# auth.W004: the e-mail is unique, without regard to letter case, by a constraint that the check cannot see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
# The first refuses whoever failed too often, before a password is looked at.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "orderwright.accounts.backends.EmailBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if ENVIRONMENT == "test":
    # Argon2 costs a fifth of a second by design; a test of the hasher itself asks for it by name.
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "orderwright.accounts.passwords.RepeatedPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "open-orders"

# Signing in: allauth has the second factors, passkeys, recovery codes and sessions; the pages are the portal's own.
ACCOUNT_ADAPTER = "orderwright.web.sign_in.adapter.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# Staff are invited, so their addresses need no proof of their own.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
# An office may stand behind one address: its many sign-ins are no attack, its many failures are.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "30/m/ip,10/5m/key",
    "reauthenticate": "10/m/user",
    # Whoever forgot a password asks once or twice; nobody's mailbox is to be filled.
    "reset_password": "20/10m/ip,3/10m/key",
}
# Nobody who is not here gets a mail from here.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "orderwright.accounts.reset_links.ResetLinks"  # noqa: S105 - a class
PASSWORD_RESET_TIMEOUT = 3600
MFA_ADAPTER = "orderwright.web.sign_in.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Orderwright"
# A phone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
# Browsers allow passkeys on http for localhost alone.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_PRODUCTION
# How many proxies of one's own stand before the desk, so that the caller's address is the one that they add.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 0)
# Single sign-on, where the shop has an OpenID Connect provider; it lets in who was invited here, and nobody else.
OIDC_ISSUER = env.str("OIDC_ISSUER", "")
OIDC_NAME = env.str("OIDC_NAME", "single sign-on")
if OIDC_ISSUER:
    INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
    SOCIALACCOUNT_ADAPTER = "orderwright.web.sign_in.single_sign_on.SingleSignOnAdapter"
    # A link, not a form: the browser would hold the provider's address against form-action.
    SOCIALACCOUNT_LOGIN_ON_GET = True
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "staff",
                    "name": OIDC_NAME,
                    "client_id": env.str("OIDC_CLIENT_ID"),
                    "secret": env.str("OIDC_CLIENT_SECRET", ""),
                    "settings": {"server_url": OIDC_ISSUER, "oauth_pkce_enabled": True},
                }
            ],
        }
    }
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
# By person and place together: who guesses from elsewhere does not lock the person out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
# What it says of itself at every start is nobody's news.
AXES_VERBOSE = False
AXES_USERNAME_CALLABLE = "orderwright.web.sign_in.lockout.who"
AXES_CLIENT_IP_CALLABLE = "orderwright.web.sign_in.lockout.where"
AXES_LOCKOUT_CALLABLE = "orderwright.web.sign_in.lockout.locked_out"
# Counts of tries have to be one count for all web processes.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cachedvalue",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "orderwright.web.errors.csrf_failed"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
if IS_PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-src": [SELF],  # mails, as documents that are shut off: web/framed.py
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LANGUAGE_CODE = "en"
USE_I18N = True
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "orderwright" / "web" / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
# Collected for production; elsewhere they are served from where they stand.
STATIC_ROOT = BASE_DIR / "static-collected" if IS_PRODUCTION else None
WHITENOISE_USE_FINDERS = not IS_PRODUCTION
WHITENOISE_MAX_AGE = 31_536_000 if IS_PRODUCTION else 0
STORAGES = {
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if IS_PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    }
}

# One megabyte holds an order of thousands of lines; what is larger is refused before it is read. Django itself leaves
# files out of this count, web/errors.py does not.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.str("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = env.int("EMAIL_PORT", 8025)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 10

# How long a provider may take to accept a connection and to answer, in seconds.
PROVIDER_CONNECT_TIMEOUT = env.int("PROVIDER_CONNECT_TIMEOUT", 5)
PROVIDER_READ_TIMEOUT = env.int("PROVIDER_READ_TIMEOUT", 30)
PRACTICE_PORT = env.int("PRACTICE_PORT", 8010)
PRACTICE_URL = env.str("PRACTICE_URL", f"http://127.0.0.1:{PRACTICE_PORT}")
# Where the demo's portal listens; a desk of one's own says it to `orderwright serve`.
PORT = env.int("PORT", 8000)
# The hour (UTC) from which the worker compares every payment with its provider, once a night; below zero: never.
PROVIDER_SWEEP_HOUR = env.int("PROVIDER_SWEEP_HOUR", 2)
# Who is told by mail, once a day, which holds end soon; nobody unless set.
HOLD_DIGEST_TO: list[str] = env.list("HOLD_DIGEST_TO", [])
# Who is sent each signed head of the journal, to be kept outside; nobody unless set.
AUDIT_HEAD_TO: list[str] = env.list("AUDIT_HEAD_TO", [])
# Where a test may stop a process, so that recovery after a crash can be shown; never set in real use.
CRASH_AT = env.str("ORDERWRIGHT_CRASH_AT", "") if not IS_PRODUCTION else ""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "WARNING")},
}
