"""The queue: `celery -A backend.celery worker` and `beat`.

Tasks are alarm clocks. Each looks for rows that wait, is safe to repeat and safe to miss.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

app = Celery("ngomon")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
