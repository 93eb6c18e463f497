"""Every setting of the project, read once from the environment; docs/operations lists the variables.

No rule of the field belongs in here: deadlines, series and policy are data of the apps.
"""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import keys, logs, services
from config.env import Env

ROOT = Path(__file__).resolve().parent.parent
env = Env(os.environ)

MODE = env.choice("ZHIHENG_MODE", among=("demo", "production"))
PRODUCTION = MODE == "production"
HOME = Path(env.text("ZHIHENG_HOME", str(ROOT / "var"))).resolve()
HOME.mkdir(mode=0o700, parents=True, exist_ok=True)

DEBUG = env.flag("ZHIHENG_DEBUG")
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("ZHIHENG_DEBUG must not be set in production: error pages would show data.")

# --- keys ---------------------------------------------------------------------------------------------

_keys = keys.read(env, folder=HOME / "keys", may_make=not PRODUCTION)
SECRET_KEY = _keys.session
DATA_KEYS = _keys.data  # id -> key; the first encrypts
INDEX_KEY = _keys.index
RECORD_KEY = _keys.record
BACKUP_PASSPHRASE = env.secret("ZHIHENG_BACKUP_PASSPHRASE")  # blank: `manage.py backup` seals nothing

# --- who may reach it ---------------------------------------------------------------------------------

ALLOWED_HOSTS = env.items("ZHIHENG_HOSTS")
if PRODUCTION:
    if not ALLOWED_HOSTS:
        raise ImproperlyConfigured("ZHIHENG_HOSTS must name the host names of this installation.")
    if any("*" in host or host.startswith(".") for host in ALLOWED_HOSTS):
        raise ImproperlyConfigured("ZHIHENG_HOSTS must name whole host names, without a wildcard.")
else:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]
_default_url = (
    f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION else f"http://127.0.0.1:{env.integer('PORT', 8000)}"
)
BASE_URL = env.text("ZHIHENG_BASE_URL", _default_url).rstrip("/")  # of links on paper and in messages
PROXIES = env.integer("ZHIHENG_PROXIES", 0)  # reverse proxies in front that append to X-Forwarded-For
ADMIN_PATH = env.text("ADMIN_PATH", "office-admin/").strip("/") + "/"

# --- parts --------------------------------------------------------------------------------------------

ROOMS = ["stations", "cases", "mediation", "adjudication", "reports"]  # may import from left to right only
INSTALLED_APPS = [
    *ROOMS,
    "config.apps.Wiring",
    "config.apps.ReferenceDataAdmin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
]
MIDDLEWARE = [
    "config.proxy.ClientAddress",
    "config.proxy.PortalPath",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "stations.middleware.RoutePolicy",  # outside the session: it inspects the cookies of public answers
    "adjudication.finished.FinishedPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cases.context.house",
            ],
        },
    },
]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# of the public column, the portal's path included
PUBLIC_URL = env.text("ZHIHENG_PUBLIC_URL", BASE_URL).rstrip("/")
SITE = {  # how public pages name the house
    "organ": env.text("ZHIHENG_ORGAN", "天津市滨海新区知识产权局"),
    "title": env.text("ZHIHENG_TITLE", "专利侵权纠纷行政裁决公开"),
    "undertaker": env.text("ZHIHENG_UNDERTAKER"),  # 承办单位
    "contact": env.text("ZHIHENG_CONTACT"),
    "site_code": env.text("ZHIHENG_SITE_CODE"),  # 网站标识码
    "icp": env.text("ZHIHENG_ICP"),  # ICP备案号
    "police": env.text("ZHIHENG_POLICE"),  # 公安备案号
    # 机构代码 of 索引号 in the directory of government information
    "index_code": env.text("ZHIHENG_INDEX_CODE"),
    "portal": env.text("ZHIHENG_PORTAL"),  # name of the portal, in the header
    "portal_url": env.text("ZHIHENG_PORTAL_URL"),
    "base": urlsplit(PUBLIC_URL).path,  # before every public address
    "url": PUBLIC_URL,
}
COURT_OF_REVIEW = env.text(
    "ZHIHENG_COURT", "天津市第三中级人民法院"
)  # where a ruling is challenged (law.md 10)
COURT_OF_DISTRICT = env.text("ZHIHENG_DISTRICT_COURT", "天津市滨海新区人民法院")  # confirms agreements (J-02)
LOCAL_RULES = env.text(
    "ZHIHENG_RULES"
)  # the district's own limits where no text of law is known; a TOML file

# --- language and time --------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# --- services: embedded unless an address is given ------------------------------------------------------

DATABASES = {"default": services.database(env.text("DATABASE_URL"), home=HOME)}
if PRODUCTION and services.is_sqlite(DATABASES["default"]) and not env.flag("ALLOW_SQLITE_IN_PRODUCTION"):
    raise ImproperlyConfigured(
        "DATABASE_URL must name a PostgreSQL database in production. "
        "ALLOW_SQLITE_IN_PRODUCTION=1 accepts SQLite, which can neither be replicated nor shared by machines."
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.secret("REDIS_URL")
CACHES = {"default": services.cache(REDIS_URL)}

STORAGES = {
    "default": services.storage(env.text("STORAGE_URL"), home=HOME),
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(mode=0o700, exist_ok=True)
STATICFILES_DIRS = [path for path in [ROOT / "static"] if path.is_dir()]
WHITENOISE_USE_FINDERS = not PRODUCTION  # a demonstration needs no collectstatic
WHITENOISE_AUTOREFRESH = DEBUG

# --- uploads --------------------------------------------------------------------------------------------

UPLOAD_MAX_BYTES = 50 * 1024 * 1024  # of one file; refused by the upload forms
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # of a body without its files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 16_000  # 3,000 marks of a long ruling have four each
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# --- sign-in ----------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "stations.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
# What staff prove beside the password: "totp", or "" for nothing (a demonstration).
SECOND_FACTOR = env.choice(
    "ZHIHENG_SECOND_FACTOR", among=("totp", "none") if PRODUCTION else ("none", "totp")
).replace("none", "")
OTP_TOTP_ISSUER = "知衡"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_validation = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": f"{_validation}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "display_name")},
    },
    {"NAME": "stations.passwords.StrengthValidator"},
    {"NAME": f"{_validation}.CommonPasswordValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_IPWARE_PROXY_COUNT = 0
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "stations.views.signin.locked_out"

# --- cookies and headers ----------------------------------------------------------------------------------

SESSION_ABSOLUTE_SECONDS = SESSION_COOKIE_AGE = 12 * 60 * 60  # stations ends the session on the server
SESSION_IDLE_SECONDS = 30 * 60
CSRF_COOKIE_AGE = None  # until the browser closes
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "csrf"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if PRODUCTION else []
SIGNED_COOKIE_LEGACY_SALT_FALLBACK = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# --- API --------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    # The token comes first: its challenge makes an anonymous request a 401, not a 403.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "stations.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser", "rest_framework.parsers.MultiPartParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "cases.api_pages.CursorPages",
    "PAGE_SIZE": 50,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.text("ZHIHENG_API_RATE_ANONYMOUS", "120/min"),
        "user": env.text("ZHIHENG_API_RATE_USER", "1200/min"),
    },
    "EXCEPTION_HANDLER": "cases.api_errors.problem",
    "NUM_PROXIES": 0,  # config.proxy has already put the caller's address in REMOTE_ADDR
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "知衡 Zhiheng",
    "DESCRIPTION": "知识产权纠纷调解、裁决与指标接口",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "PartyKind": "cases.models.case.Party.Kind",
        "RightKind": "cases.models.case.Right.Kind",
        "StationKind": "stations.models.Station.Kind",
        "CaseSource": "cases.models.case.Case.Source",
        "FigureSource": ["computed", "imported", "manual"],
    },
}

# --- worker: the outbox is the truth, this only rings ---------------------------------------------------

RING_WORKER = True  # after a commit with effects; tests drain by hand
CELERY_BROKER_URL = REDIS_URL or "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS = services.broker_options(REDIS_URL, home=HOME)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 240  # seconds; both below the hour after which Redis delivers again
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_DEFAULT_QUEUE = "zhiheng"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(HOME / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    # A ring that nobody heard is stale after its own interval.
    "drain the outbox": {"task": "cases.tasks.drain", "schedule": 5.0, "options": {"expires": 5}},
    "seal the chains": {"task": "cases.tasks.seal", "schedule": crontab(hour=0, minute=10)},
    "legal status of rulings": {"task": "adjudication.tasks.refresh_public", "schedule": crontab(minute=1)},
    # the first night finds the seal of the month's last day; the nights after only what the first one missed
    "call-back sample": {
        "task": "mediation.tasks.draw_sample",
        "schedule": crontab(hour=0, minute=40, day_of_month="1-7"),
    },
    "check the rules of notices": {
        "task": "reports.tasks.watch",
        "schedule": crontab(minute="5,35"),
        "options": {"expires": 1500},
    },
    # returns fall due on the first working day; a day the worker slept through is made good on the next
    "returns that fall due": {"task": "reports.tasks.open_returns", "schedule": crontab(hour=7, minute=5)},
    "purge answered keys": {"task": "cases.tasks.purge", "schedule": crontab(minute=20)},
    "clear ended sessions": {"task": "stations.tasks.clear_sessions", "schedule": crontab(hour=3, minute=30)},
}

# --- notices by mail: none unless addresses are named -----------------------------------------------------

WATCH_MAIL = env.items("ZHIHENG_WATCH_MAIL")
EMAIL_HOST = env.text("ZHIHENG_SMTP_HOST", "localhost")
EMAIL_PORT = env.integer("ZHIHENG_SMTP_PORT", 25)
EMAIL_HOST_USER = env.text("ZHIHENG_SMTP_USER")
EMAIL_HOST_PASSWORD = env.secret("ZHIHENG_SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("ZHIHENG_SMTP_TLS")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("ZHIHENG_MAIL_FROM", "zhiheng@localhost")

# --- call-back sample: so many percent of a month's agreements, at least so many --------------------------

SAMPLE_PERCENT = env.integer("ZHIHENG_SAMPLE_PERCENT", 10)
SAMPLE_LEAST = env.integer("ZHIHENG_SAMPLE_LEAST", 5)

# --- short messages: none unless a gateway is named -----------------------------------------------------

SMS_GATEWAY = env.text("ZHIHENG_SMS_GATEWAY")  # dotted path of a class like mediation.messages.HttpGateway
SMS_URL = env.text("ZHIHENG_SMS_URL")
SMS_TOKEN = env.secret("ZHIHENG_SMS_TOKEN")

# --- logs -------------------------------------------------------------------------------------------------

LOGGING_CONFIG = "config.logs.configure"
LOGGING = logs.settings(level=env.choice("ZHIHENG_LOG_LEVEL", among=("INFO", "DEBUG", "WARNING", "ERROR")))
