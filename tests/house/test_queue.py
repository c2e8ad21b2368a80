from celery import current_app
from django.conf import settings


def test_tasks_of_the_web_server_go_to_our_broker() -> None:
    assert current_app.conf.broker_url == settings.REDIS_URL
