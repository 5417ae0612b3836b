"""Redis, where several processes keep the state of open pages."""

from __future__ import annotations

import logging

from redis import Redis
from redis.exceptions import RedisError

PATIENCE = 3.0
log = logging.getLogger(__name__)


def answers(url: str) -> bool:
    """Whether Redis answers within a few seconds; why not is logged."""
    try:
        with Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE) as redis:
            return bool(redis.ping())
    except (RedisError, ValueError) as error:
        log.warning("Redis does not answer: %s", type(error).__name__)
        return False
