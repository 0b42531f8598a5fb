"""How a Python program reaches the services: a channel with token and language, readable errors.

Importing it makes the generated modules importable (see generate.py).
"""

import os
import sys
from pathlib import Path

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

HERE = Path(__file__).resolve().parent
sys.path.insert(0, os.environ.get("LIENMINH_STUBS") or str(HERE / "generated"))

# A caller waits at most this long, in seconds; the services honour the deadline.
DEADLINE = 10


class _EveryCall(grpc.UnaryUnaryClientInterceptor):
    """Adds token, language and deadline to each call."""

    def __init__(self, token, language):
        self._metadata = [("authorization", f"Bearer {token}"), ("accept-language", language)]

    def intercept_unary_unary(self, continuation, details, request):
        with_ours = grpc.ClientCallDetails()
        with_ours.method = details.method
        with_ours.timeout = details.timeout or DEADLINE
        with_ours.metadata = [*(details.metadata or []), *self._metadata]
        with_ours.credentials = details.credentials
        with_ours.wait_for_ready = True
        with_ours.compression = details.compression
        return continuation(with_ours, request)


def channel(service, usual_port):
    """A channel to one service: LIENMINH_REGISTRY_URL, LIENMINH_EVENTS_URL, ..."""
    url = os.environ.get(f"LIENMINH_{service.upper()}_URL", f"http://127.0.0.1:{usual_port}")
    scheme, _, address = url.partition("://")
    token = os.environ.get("LIENMINH_TOKEN")
    if not token:
        sys.exit("set LIENMINH_TOKEN: `lienminh token issue` makes one, `make up` leaves one in .stage/up/env")
    plain = (
        grpc.secure_channel(address, grpc.ssl_channel_credentials())
        if scheme == "https"
        else grpc.insecure_channel(address)
    )
    return grpc.intercept_channel(plain, _EveryCall(token, os.environ.get("LIENMINH_LANGUAGE", "vi")))


def _details(error, message):
    """The details of this type in an error, as google.rpc.Status carries them."""
    status = rpc_status.from_call(error)
    for detail in status.details if status else []:
        if detail.Is(message.DESCRIPTOR):
            found = message()
            detail.Unpack(found)
            yield found


def sentence(error):
    """What went wrong, in the caller's language."""
    for localized in _details(error, error_details_pb2.LocalizedMessage):
        return localized.message
    return error.details()


def violations(error):
    """Each wrong field with its sentence, in the caller's language."""
    for request in _details(error, error_details_pb2.BadRequest):
        for violation in request.field_violations:
            yield violation.field, violation.localized_message.message or violation.description
