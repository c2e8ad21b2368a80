"""Logs are events: one JSON object a line, without personal data."""

from typing import Any

import structlog


def event_formatter() -> structlog.stdlib.ProcessorFormatter:
    """Write the events of structlog and of the standard library alike, and lead both here.

    A traceback names lines, never what variables held: those are buyers, and secrets.
    """
    stamps: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *stamps,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=stamps,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
