"""Settings of every process. What differs between machines comes from the environment (``config/env.py``)."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Secrets -------------------------------------------------------------------------------------------------------
SECRET_KEY = env.text("SECRET_KEY")
ENCRYPTION_KEYS = env.names("ENCRYPTION_KEYS")
if not ENCRYPTION_KEYS:
    raise env.BadSetting("ENCRYPTION_KEYS", "is not set.")
LIVE_KEY = env.text("LIVE_KEY")

# --- Addresses -----------------------------------------------------------------------------------------------------
DEBUG = env.flag("DEBUG", default=False)
HTTPS = env.flag("HTTPS", default=False)
BASE_DOMAIN = env.text("BASE_DOMAIN", "localhost")
PORT_OFFSET = env.whole("PORT_OFFSET", 0, high=50_000)
PUBLIC_PORT = env.whole("PUBLIC_PORT", 443 if HTTPS else 8000 + PORT_OFFSET, high=65_535)
LIVE_URL = env.url("LIVE_URL", f"http://{BASE_DOMAIN}:{8001 + PORT_OFFSET}", schemes=("http", "https"))
ALLOWED_HOSTS = ["*"]  # config.hosts answers 404 to every host that is neither an agency's nor a company's

# --- Apps ----------------------------------------------------------------------------------------------------------
BOTH_SIDES = [
    "tenants.accounts",
    "django.contrib.sessions",
    "allauth.account",
    "allauth.mfa",
]
SHARED_APPS = [
    "django_tenants",
    "tenants",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    *BOTH_SIDES,
    "allauth",
    "csp",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "conversations.desk",
    "billing.catalogue",
    "privacy.registry",
    "config",
]
TENANT_APPS = [
    *BOTH_SIDES,
    "conversations.integrations",
    "conversations",
    "billing",
    "privacy",
]
INSTALLED_APPS = [*SHARED_APPS, *(app for app in TENANT_APPS if app not in SHARED_APPS)]
TENANT_MODEL = "tenants.ClientCompany"
TENANT_DOMAIN_MODEL = "tenants.Domain"
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
TENANT_LIMIT_SET_CALLS = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Requests ------------------------------------------------------------------------------------------------------
MIDDLEWARE = [
    "conversations.webhook.WebhookMiddleware",
    "config.hosts.HostMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.browser_powers.BrowserPowersMiddleware",
    "config.private_pages.PrivatePagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "tenants.accounts.middleware.SignInMiddleware",
    "tenants.accounts.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "config.urls_company"
PUBLIC_SCHEMA_URLCONF = "config.urls_agency"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # one cookie less that holds texts
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "conversations.uploads.BoundedUploads",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "config.templatetags.page",
            ],
        },
    },
]

# --- Database ------------------------------------------------------------------------------------------------------
DATABASE_URL = env.url("DATABASE_URL", schemes=("postgresql", "postgres"))


def _database(url: str) -> dict[str, Any]:
    try:
        parts: dict[str, Any] = psycopg.conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise env.BadSetting("DATABASE_URL", f"cannot be read ({error}).") from error
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    known = {names[key]: str(value) for key, value in parts.items() if key in names}
    return {**known, "OPTIONS": {key: value for key, value in parts.items() if key not in names}}


DATABASES = {
    "default": {
        **_database(DATABASE_URL),
        "ENGINE": "tenants.engine",
        "CONN_MAX_AGE": 600,  # a backend keeps memory for every schema it has touched: none lives for ever
        "CONN_HEALTH_CHECKS": True,
    },
}

# --- Broker, hints and caches --------------------------------------------------------------------------------------
REDIS_URL = env.url("REDIS_URL", schemes=("redis", "rediss", "unix"))
CACHES = {
    "default": {
        "BACKEND": "config.caching.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_FUNCTION": "config.caching.key_with_schema",
        "TIMEOUT": 300,
    },
}

# --- Files ---------------------------------------------------------------------------------------------------------
MEDIA_ROOT = env.text("MEDIA_ROOT", str(BASE_DIR / "var" / "media"))
DEMO_FILE = env.text("DEMO_FILE", str(BASE_DIR / "var" / "demo.json"))  # the sign-ins of the demo
MEDIA_URL = "/media/"  # never served as such: every file goes through a view that knows who may see it
STATIC_URL = "/static/"
STATIC_ROOT = env.text("STATIC_ROOT", str(BASE_DIR / "var" / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
S3_BUCKET = env.text("S3_BUCKET", "")
_DISK: dict[str, Any] = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
_S3: dict[str, Any] = {
    "BACKEND": "storages.backends.s3.S3Storage",
    "OPTIONS": {
        "bucket_name": S3_BUCKET,
        "endpoint_url": env.text("S3_ENDPOINT_URL", "") or None,
        "region_name": env.text("S3_REGION", "") or None,
        "access_key": env.text("S3_ACCESS_KEY", "") or None,
        "secret_key": env.text("S3_SECRET_KEY", "") or None,
        "default_acl": None,
        "file_overwrite": False,
    },
}
STORAGES = {
    "default": _S3 if S3_BUCKET else _DISK,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_MANIFEST_STRICT = False

# --- Signing in ----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["tenants.accounts.backend.PersonBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "config.account_adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "tenants.accounts.sign_in_forms.LoginForm",
    "reset_password": "tenants.accounts.sign_in_forms.ResetPasswordForm",
    "reset_password_from_key": "tenants.accounts.sign_in_forms.ResetPasswordKeyForm",
    "change_password": "tenants.accounts.sign_in_forms.ChangePasswordForm",
    "reauthenticate": "tenants.accounts.sign_in_forms.ReauthenticateForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account begins with an invitation that went to the address
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
MFA_ADAPTER = "tenants.accounts.adapters.MFAAdapter"
MFA_FORMS = {
    "authenticate": "tenants.accounts.sign_in_forms.AuthenticateForm",
    "reauthenticate": "tenants.accounts.sign_in_forms.ReauthenticateCodeForm",
    "activate_totp": "tenants.accounts.sign_in_forms.ActivateTOTPForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # a code counts half a minute longer: clocks differ and people type slowly (RFC 6238, 5.2)
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
TWO_FACTOR_ENFORCED = env.flag("TWO_FACTOR_ENFORCED", default=HTTPS)  # where a company or agency asks for it

# --- Headers and cookies -------------------------------------------------------------------------------------------
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
BEHIND_PROXY = env.flag("BEHIND_PROXY", default=False)  # then X-Forwarded-For and -Proto are our own proxy's words
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF, LIVE_URL],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}

# --- Languages and time --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("nl", _("Dutch")), ("de", _("German"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "config.formats"
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Mail ----------------------------------------------------------------------------------------------------------
EMAIL_BACKEND = env.text("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = env.text("EMAIL_FILE_PATH", str(BASE_DIR / "var" / "mail"))
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.whole("EMAIL_PORT", 25, high=65_535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=False)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Balie <noreply@localhost>")

# --- API -----------------------------------------------------------------------------------------------------------
API_CALLS_PER_MINUTE = env.whole("API_CALLS_PER_MINUTE", 600, low=1)  # of one key
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["tenants.accounts.api.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["tenants.accounts.api.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.parsers.BoundedJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.api.problem",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Balie",
    "VERSION": "1",
    "DESCRIPTION": "Everything an agent or admin of one client company can do, on the company's own host.",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
}

# --- The first Meta app ---------------------------------------------------------------------------------------------
META_APP_ID = env.text("META_APP_ID", "")
META_APP_SECRET = env.text("META_APP_SECRET", "")
META_VERIFY_TOKEN = env.text("META_VERIFY_TOKEN", "")
META_GRAPH_URL = env.url("META_GRAPH_URL", "https://graph.facebook.com", schemes=("http", "https"))
META_GRAPH_VERSION = env.text("META_GRAPH_VERSION", "v25.0")
MEDIA_LINK_ORIGINS = env.names("MEDIA_LINK_ORIGINS")
META_SIGNUP_CONFIG_ID = env.text("META_SIGNUP_CONFIG_ID", "")
META_COEXISTENCE_CONFIG_ID = env.text("META_COEXISTENCE_CONFIG_ID", "")

# --- Logs: no phone number, token or text of a message ever --------------------------------------------------------
LOG_LEVEL = env.text("LOG_LEVEL", "INFO", choices=("DEBUG", "INFO", "WARNING", "ERROR"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.logs.LineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django.server": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "fontTools": {"level": "WARNING"},
    },
}

# Who may read /metrics; empty: nobody.
METRICS_TOKEN = env.text("METRICS_TOKEN", "")

# Distinguishes installations that share a PostgreSQL or Valkey server (role names, channel names).
INSTALLATION = env.text("INSTALLATION", hashlib.sha256(SECRET_KEY.encode()).hexdigest()[:8])
