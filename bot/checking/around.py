"""What stands around the service: its own port, the watcher that misses it, the way round Telegram."""

import asyncio
import http.client
import json
import socket
import urllib.request
from contextlib import closing
from urllib.parse import urlsplit

from bot.checking.check import Check, in_time
from bot.settings import Settings
from schedules.ladder import TargetKind
from schedules.rota import Plan

CONNECTS_WITHIN_S = 3.0
TEST_MESSAGE = "A test by `reperibile check`: this is where you are told when Telegram is down. Nothing is wrong."


async def port_check(settings: Settings) -> Check:
    """Is the port of health and metrics free, or ours already?"""
    if settings.http_port == 0:
        return Check("http", True, "HTTP_PORT=0: no health, metrics or calendars are served")
    return await in_time("http", asyncio.to_thread(_port, settings.http_host, settings.http_port))


def _port(host: str, port: int) -> Check:
    where = f"HTTP_HOST={host} HTTP_PORT={port}"
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with closing(socket.create_server(address[:2], family=family)):
            return Check("http", True, f"{where} is free")
    except OSError as taken:
        reason = (taken.strerror or str(taken)).split(" (")[0]
    if _is_ours(host, port):
        return Check("http", True, f"{where}: our own service answers there")
    cure = "Stop what listens there, choose another HTTP_PORT, or HTTP_PORT=0 for none."
    return Check("http", False, f"{where} cannot be had: {reason}", cure)


def _is_ours(host: str, port: int) -> bool:
    """Whether what answers there speaks as our health page does."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not listened on
    address = f"http://{f'[{name}]' if ':' in name else name}:{port}/healthz"
    # No proxy of the environment: this is about this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _EveryStatus())
    try:
        with opener.open(address, timeout=CONNECTS_WITHIN_S) as answer:
            body = json.loads(answer.read(10_000))
    except (OSError, ValueError, RecursionError, http.client.HTTPException):
        # Whatever listens there need not speak HTTP at all.
        return False
    return isinstance(body, dict) and {"role", "database", "version"} <= set(body)


class _EveryStatus(urllib.request.HTTPErrorProcessor):
    """A 503 of ours is an answer, not an error."""

    def http_response(self, request: urllib.request.Request, response: object) -> object:
        return response


async def heartbeat_check(settings: Settings) -> Check:
    """Does the watcher's machine take connections? Its address is not called: that would say that all is well."""
    if not settings.heartbeat_url:
        what = "HEARTBEAT_URL is empty: when this machine dies, nobody is told"
        cure = "Set it to the address of a watcher elsewhere that rings when calls stop (docs/operator.md)."
        return Check("heartbeat", True, what, cure)
    parts = urlsplit(settings.heartbeat_url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        async with asyncio.timeout(CONNECTS_WITHIN_S):
            _, writer = await asyncio.open_connection(host, port)
    except UnicodeError:
        cure = "Write HEARTBEAT_URL as the watcher shows it."
        return Check("heartbeat", False, f"HEARTBEAT_URL: {host} can be no host's name", cure)
    except (OSError, TimeoutError) as problem:
        why = getattr(problem, "strerror", None) or "no answer"
        cure = "Check HEARTBEAT_URL, the network and DNS of this machine."
        return Check("heartbeat", False, f"HEARTBEAT_URL cannot be reached at {host}:{port} ({why})", cure)
    writer.close()
    return Check("heartbeat", True, f"HEARTBEAT_URL can be reached at {host}")


async def last_resort_checks(settings: Settings, plan: Plan | None, *, send_test: bool) -> list[Check]:
    """Are the addresses understood? With send_test each gets one harmless message, and says whether it took it."""
    if settings.last_resort_urls:
        from bot.last_resort import LastResortChannels, not_understood

        wrong = not_understood(settings.last_resort_urls)
        cure = "See apprise's documentation for how addresses are written."
        found = [Check("last resort", False, f"address {n} of LAST_RESORT_URLS is none", cure) for n in wrong]
        if not send_test:
            count = len(settings.last_resort_urls)
            try_it = "See that they arrive: reperibile check --ring"
            return found or [Check("last resort", True, f"LAST_RESORT_URLS: {count} understood, none tried", try_it)]
        # Each by itself, not only the first that takes it: the others are for the night on which that one fails.
        usable = [(number, url) for number, url in enumerate(settings.last_resort_urls, 1) if number not in wrong]
        took = await asyncio.gather(*(LastResortChannels([url]).notify(TEST_MESSAGE) for _, url in usable))
        return found + [_tried(number, bool(taken)) for (number, _), taken in zip(usable, took, strict=True)]
    wanted = plan is not None and any(
        target.kind is TargetKind.LAST_RESORT
        for escalation in plan.escalations.values()
        for step in escalation.steps
        for target in step.page
    )
    if not wanted:
        return []
    what = "the rota's ladder ends at last_resort, but LAST_RESORT_URLS is empty: nobody is told when Telegram is down"
    return [Check("last resort", True, what, "Set LAST_RESORT_URLS, for example to an SMS or mail address.")]


def _tried(number: int, took: bool) -> Check:
    if took:
        return Check("last resort", True, f"address {number} took a test message: see that it arrived")
    cure = "See its account there, and this machine's network; then try again."
    return Check("last resort", False, f"address {number} of LAST_RESORT_URLS did not take a test message", cure)
