"""Transports: who hands an MT to the world; a log, an HTTP webhook, Twilio's Messages API."""

from optin_engine.transports.masking import masked
from optin_engine.transports.opening import TransportError, open_transport
from optin_engine.transports.transport import Failed, Rejected, Transport

__all__ = ["Failed", "Rejected", "Transport", "TransportError", "masked", "open_transport"]
