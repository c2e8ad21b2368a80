# Every process of ours knows the queue, the web server too: without this import its tasks
# would be handed to Celery's default broker, which nobody runs.
from backend.celery import app as celery_app

__all__ = ["celery_app"]
