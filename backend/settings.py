"""All settings, read from the environment by typed readers.

A missing variable without a safe default stops the start with a sentence that names it.
`.env.example` lists every variable; a test keeps the two equal.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO
from environs import Env

env = Env()

BASE_DIR = Path(__file__).resolve().parent.parent

# `production` refuses every simulator; `demo` and `test` allow them.
MODE = env.str("NGOMON_MODE", "production")
SECRET_KEY = env.str("NGOMON_SECRET_KEY")
# Fernet keys, newest first, that seal secrets at rest (ticket signing keys, payment accounts).
SEAL_KEYS: list[str] = env.list("NGOMON_SEAL_KEYS")
PUBLIC_URL = env.str("NGOMON_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("NGOMON_ALLOWED_HOSTS", ["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
DEBUG = False
# How many proxies of ours stand in front and append to X-Forwarded-For.
TRUSTED_PROXIES = env.int("NGOMON_TRUSTED_PROXIES", 0)

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django.contrib.postgres",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "ninja",
    "csp",
    "sites",
    "guides",
    "ticketing",
    "payments",
    "reporting",
    "backend",
]

MIDDLEWARE = [
    "backend.middleware.request_log",
    "backend.problems.api_problems",
    "django.middleware.security.SecurityMiddleware",
    "backend.web_apps.BuiltFiles",
    "csp.middleware.CSPMiddleware",
    "backend.middleware.admin_policy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "backend.middleware.request_language",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "backend.second_factor.second_factor",
    "django.contrib.messages.middleware.MessageMiddleware",
]

ROOT_URLCONF = "backend.urls"
WSGI_APPLICATION = "backend.wsgi.application"
AUTH_USER_MODEL = "heritage_sites.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Model names and ids are ours; the API has no trailing slashes.
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "backend" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {"said": "reporting.schemas.said"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Database -----------------------------------------------------------------------------

# One persistent connection a server thread: the threads are the pool, and a gate scan pays
# for no hand-over (docs/decisions/0002).
_database: dict[str, Any] = dict(env.dj_db_url("DATABASE_URL", conn_max_age=None))
_database["ENGINE"] = "django.contrib.gis.db.backends.postgis"
# A check before each request costs a round trip. Without it, a restart of the database costs each
# thread one answer of 503, after which it connects anew.
_database["CONN_HEALTH_CHECKS"] = env.bool("NGOMON_CONN_HEALTH_CHECKS", default=False)
_database["OPTIONS"] = {
    **_database.get("OPTIONS", {}),
    "server_side_binding": True,
    # Prepared after the third use: twice the transactions a second on the gate path.
    "prepare_threshold": 3,
    # How alike a name must be to be found in spite of a typing slip (sites/domain/search.py).
    "options": "-c pg_trgm.word_similarity_threshold=0.45",
}
DATABASES = {"default": _database}

SILENCED_SYSTEM_CHECKS = [
    # Debian 12 ships GDAL 3.6; we feed it no spatial reference or raster from outside.
    "gis.W001",
]

# --- Languages and time -------------------------------------------------------------------

# Sentences are written in English in the code: what has no translation falls back to it.
LANGUAGE_CODE = "en"
# A caller who names no language is answered in this one.
DEFAULT_LANGUAGE = "vi"
LANGUAGES = [
    ("vi", "Tiếng Việt"),
    ("en", "English"),
    ("fr", "Français"),
    ("zh", "中文"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("th", "ไทย"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("ru", "Русский"),
    ("it", "Italiano"),
    ("pt", "Português"),
]
# Django knows Chinese by its scripts alone; the desk's list of languages would fail without this.
LANG_INFO["zh"] = {"fallback": ["zh-hans"]}
LOCALE_PATHS = [BASE_DIR / "locale"]
# 01/12/2026 is the first of December, in whichever language it is written.
FORMAT_MODULE_PATH = ["backend.formats"]
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

# --- Files --------------------------------------------------------------------------------

_root = Path(env.str("NGOMON_ROOT", "") or BASE_DIR / ".local")
STATIC_URL = "/static/"
STATIC_ROOT = _root / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = _root / "media"
# What is being received or made; nothing there is served, and nothing is missed after a while.
WORK_ROOT = _root / "work"
WEB_DIST = BASE_DIR / "web" / "dist"
WHITENOISE_MAX_AGE = 300
WHITENOISE_MIMETYPES = {".webmanifest": "application/manifest+json"}

# --- Queue and cache ----------------------------------------------------------------------

REDIS_URL = env.str("REDIS_URL")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
}
CELERY_BROKER_URL = REDIS_URL
# A nudge is never worth waiting for: without Redis it gives up at once, and beat comes round.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    "socket_connect_timeout": 1,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "heartbeat": {"task": "backend.tasks.heartbeat", "schedule": 10.0},
    "release-holds": {"task": "ticketing.tasks.release_holds", "schedule": 60.0},
    "write-calendars": {
        "task": "ticketing.tasks.write_calendars",
        "schedule": crontab(minute=3),
    },
    "recount-capacity": {
        "task": "ticketing.tasks.recount_capacity",
        "schedule": crontab(hour=3, minute=20),
    },
    "deliver-tickets": {"task": "ticketing.tasks.deliver_tickets", "schedule": 30.0},
    "keep-publishing-times": {"task": "guides.tasks.keep_publishing_times", "schedule": 30.0},
    "work-on-closures": {"task": "ticketing.tasks.work_on_closures", "schedule": 5.0},
    "find-latecomers-of-closures": {
        "task": "ticketing.tasks.find_latecomers_of_closures",
        "schedule": crontab(minute="*/5"),
    },
    "tell-of-closures": {"task": "ticketing.tasks.tell_of_closures", "schedule": 10.0},
    "keep-signing-keys": {
        "task": "ticketing.tasks.keep_signing_keys",
        "schedule": crontab(minute=7),
    },
    "settle-admissions": {
        "task": "ticketing.tasks.settle_admissions",
        "schedule": crontab(minute=17),
    },
    "cut-panoramas": {"task": "guides.tasks.cut_panoramas", "schedule": 30.0},
    "speak-guides": {"task": "guides.tasks.speak_guides", "schedule": 10.0},
    "make-recordings": {"task": "guides.tasks.make_recordings", "schedule": 10.0},
    "sweep-work": {"task": "guides.tasks.sweep_work", "schedule": crontab(minute=41)},
    "process-webhooks": {"task": "payments.tasks.process_webhooks", "schedule": 15.0},
    "read-bank-accounts": {"task": "payments.tasks.read_bank_accounts", "schedule": 60.0},
    "sweep-payments": {"task": "payments.tasks.sweep_payments", "schedule": 15.0},
    "send-refunds": {"task": "payments.tasks.send_refunds", "schedule": 60.0},
    "post-shares": {"task": "payments.tasks.post_shares", "schedule": 60.0},
    "ask-about-money": {
        "task": "payments.tasks.ask_about_money",
        "schedule": crontab(hour="1-2", minute="*/5"),
    },
    "reconcile": {"task": "payments.tasks.reconcile", "schedule": crontab(hour=3, minute=30)},
    "probe-buying": {"task": "reporting.tasks.probe_buying", "schedule": 300.0},
    "probe-pages": {"task": "reporting.tasks.probe_pages", "schedule": 900.0},
    "freeze-reports": {"task": "reporting.tasks.freeze_reports", "schedule": crontab(minute=41)},
    "refresh-reports": {"task": "reporting.tasks.refresh_reports", "schedule": crontab(minute=23)},
    "set-papers": {"task": "reporting.tasks.set_papers", "schedule": 60.0},
    "tell-buyers-of-money": {"task": "payments.tasks.tell_buyers", "schedule": 30.0},
}

# --- Mail ---------------------------------------------------------------------------------

_email = env.dj_email_url("EMAIL_URL", "smtp://localhost:25")
EMAIL_BACKEND = _email["EMAIL_BACKEND"]
EMAIL_HOST = _email.get("EMAIL_HOST", "")
EMAIL_PORT = _email.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = _email.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = _email.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = _email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _email.get("EMAIL_USE_SSL", False)
# The reader drops the first slash of a file's address, which is absolute all the same.
EMAIL_FILE_PATH = str(Path("/") / _email.get("EMAIL_FILE_PATH", ""))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("NGOMON_MAIL_FROM", "Ngọ Môn <tickets@localhost>")

# --- Reports ---------------------------------------------------------------------------------

# Where the roots of signers and time stampers and the revocation lists lie
# (reporting/gateways/trust.py). Nothing there: no signature is believed.
REPORT_TRUST = Path(env.str("NGOMON_REPORT_TRUST", "") or _root / "report-trust")

# --- Wallets ------------------------------------------------------------------------------

# A PEM file: the certificate of the pass type, Apple's intermediate certificate, the key.
# Empty: Apple Wallet is not offered.
APPLE_PASS_CERTIFICATE = env.str("NGOMON_APPLE_PASS_CERTIFICATE", "")
APPLE_PASS_TYPE = env.str("NGOMON_APPLE_PASS_TYPE", "")
APPLE_TEAM = env.str("NGOMON_APPLE_TEAM", "")
# The JSON key of a service account and the issuer it writes for. Empty: not offered.
GOOGLE_WALLET_KEY = env.str("NGOMON_GOOGLE_WALLET_KEY", "")
GOOGLE_WALLET_ISSUER = env.str("NGOMON_GOOGLE_WALLET_ISSUER", "")

# --- Payments -----------------------------------------------------------------------------

STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", "")
STRIPE_WEBHOOK_SECRET = env.str("STRIPE_WEBHOOK_SECRET", "")
# Empty: the real Stripe. An address of the simulator in demo and test.
STRIPE_API_BASE = env.str("STRIPE_API_BASE", "")
# Stripe wants the worth of half a dollar, which moves with the rate.
STRIPE_MINIMUM_VND = env.int("STRIPE_MINIMUM_VND", 15_000)

# Where VNPAY is; empty: it is not offered. An address of the simulator in demo and test.
VNPAY_PAY_URL = env.str("VNPAY_PAY_URL", "")
VNPAY_API_URL = env.str("VNPAY_API_URL", "")
# The bank line that reads the accounts of VietQR and sends money back; empty: webhooks alone.
BANK_API_BASE = env.str("BANK_API_BASE", "")
# How the providers see this server; VNPAY wants it in each question.
SERVER_ADDRESS = env.str("NGOMON_SERVER_ADDRESS", "127.0.0.1")

# --- Speech -------------------------------------------------------------------------------

# The voice of Google Translate has no contract and its own terms of use: naming its address
# (https://translate.google.com) says that you have read them. Empty: it is never asked.
GTTS_API_BASE = env.str("GTTS_API_BASE", "")
# A folder with voices for piper, LANGUAGE.onnx and LANGUAGE.onnx.json; empty: none.
PIPER_VOICES = env.str("PIPER_VOICES", "")

# --- Gates --------------------------------------------------------------------------------

# The Ed25519 public key (hexadecimal) of a root that lies elsewhere and signs the trust list by
# hand. Empty: this server makes a root of its own, and devices remember it when they enrol.
GATE_ROOT_KEY = env.str("NGOMON_GATE_ROOT_KEY", "")

# --- Console ------------------------------------------------------------------------------

UNFOLD = {"SITE_TITLE": "Ngọ Môn", "SITE_HEADER": "Ngọ Môn"}

# --- Limits -------------------------------------------------------------------------------

# A person who is stopped by one of these has made a mistake a machine would make.
ORDERS_PER_MINUTE = env.int("NGOMON_ORDERS_PER_MINUTE", 1200)
RESENDS_PER_MINUTE = env.int("NGOMON_RESENDS_PER_MINUTE", 10)
WRONG_SECRETS_PER_MINUTE = env.int("NGOMON_WRONG_SECRETS_PER_MINUTE", 60)
# Short codes typed at one gate device.
GATE_CODES_PER_MINUTE = env.int("NGOMON_GATE_CODES_PER_MINUTE", 20)
SIGN_INS_PER_MINUTE = env.int("NGOMON_SIGN_INS_PER_MINUTE", 10)
# Batches of plays and visits from one address: a whole hotel may share one.
TELLINGS_PER_MINUTE = env.int("NGOMON_TELLINGS_PER_MINUTE", 600)
# A thousand scans with the longest words that a gate may tell, each letter written as an escape.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_242_880
# How old a guide may be that is told to visitors. Who tries the platform looks right after
# publishing; in service thousands ask for the same guide, and writing it out costs the others time.
GUIDES_REMEMBERED_S = env.int("NGOMON_GUIDES_REMEMBERED_S", 15 if MODE == "production" else 2)

# --- Security -----------------------------------------------------------------------------

_https = PUBLIC_URL.startswith("https://")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_SSL_REDIRECT = False  # the proxy redirects
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = _https
CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
# The style of an operator's own map server, its credit, and every other origin that it loads
# from. Empty: the map is drawn by ourselves and nobody else is asked for anything.
MAP_STYLE_URL = env.str("NGOMON_MAP_STYLE_URL", "")
MAP_CREDIT = env.str("NGOMON_MAP_CREDIT", "")
MAP_ORIGINS: list[str] = env.list("NGOMON_MAP_ORIGINS", [])
_map = ["{0.scheme}://{0.netloc}".format(urlsplit(MAP_STYLE_URL))] if MAP_STYLE_URL else []
_map += MAP_ORIGINS
CONTENT_SECURITY_POLICY = {
    # JSON runs nothing, and building the header costs as much as judging a ticket.
    "EXCLUDE_URL_PREFIXES": ["/api/v1/"],
    "DIRECTIVES": {
        "default-src": [SELF],
        # The gate's scanner is WebAssembly.
        "script-src": [SELF, "'wasm-unsafe-eval'"],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *_map],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF, *_map],
        "worker-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    },
}

# Whether staff have to show a one-time code of their phone; who has set one up always has to.
STAFF_SECOND_FACTOR = env.bool("NGOMON_STAFF_SECOND_FACTOR", MODE == "production")
OTP_TOTP_ISSUER = "Ngọ Môn"
# Administrators take lost devices away; they need not see the secrets of others.
OTP_ADMIN_HIDE_SENSITIVE_DATA = True

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "event": {"()": "backend.logs.event_formatter"},
    },
    "loggers": {
        # Each file that does not verify would fill a page; the verdict is kept with the upload.
        "pyhanko": {"level": "CRITICAL"},
        # A line for each page that is set.
        "weasyprint.progress": {"level": "WARNING"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "event"}},
    "root": {"handlers": ["stderr"], "level": env.str("NGOMON_LOG_LEVEL", "INFO")},
}
