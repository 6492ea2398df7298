"""The service: the engine over a store; durable, exactly once, in the order of arrival."""

from optin_engine.service.answer import Answer, Delivery, Heard, Observer, Unserved
from optin_engine.service.arrivals import Rules
from optin_engine.service.service import AsyncService, Service

__all__ = [
    "Answer",
    "AsyncService",
    "Delivery",
    "Heard",
    "Observer",
    "Rules",
    "Service",
    "Unserved",
]
