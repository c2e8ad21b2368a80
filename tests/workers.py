"""Each worker of a parallel test run has a Redis database of its own, as it has a PostgreSQL one.

Loaded by pytest before the settings read the environment.
"""

import os
from urllib.parse import urlsplit, urlunsplit


def redis_of_worker(url: str, worker: str) -> str:
    """The database after the one that the run was given: 1 for `gw0`, 2 for `gw1`."""
    parts = urlsplit(url)
    number = int(parts.path.strip("/") or 0) + 1 + int(worker.removeprefix("gw"))
    return urlunsplit(parts._replace(path=f"/{number}"))


worker_name = os.environ.get("PYTEST_XDIST_WORKER")
if worker_name and "REDIS_URL" in os.environ:
    os.environ["REDIS_URL"] = redis_of_worker(os.environ["REDIS_URL"], worker_name)
