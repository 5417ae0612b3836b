"""Redis, where several processes keep the state of open pages."""

from __future__ import annotations

import logging

from redis import Redis
from redis.exceptions import ConnectionError, RedisError, TimeoutError

PATIENCE = 3.0
log = logging.getLogger(__name__)


def is_away(error: Exception) -> bool:
    """Whether this is Redis not answering, rather than a bug."""
    return isinstance(error, (ConnectionError, TimeoutError))


def answers(url: str) -> bool:
    """Whether Redis answers within a few seconds; why not is logged."""
    try:
        with Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE) as redis:
            return bool(redis.ping())
    except (RedisError, ValueError) as error:
        log.warning("Redis does not answer: %s", type(error).__name__)
        return False
