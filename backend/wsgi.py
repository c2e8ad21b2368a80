"""What granian serves."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

application = get_wsgi_application()
# Load every address now, so that nobody waits for that after a restart.
get_resolver().url_patterns  # noqa: B018  # reading it is what loads them
