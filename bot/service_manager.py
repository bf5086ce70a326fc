"""What systemd is told: ready, alive, stopping, and a sentence for `systemctl status` (sd_notify(3)).

A datagram each to the socket it names; without one nothing is said. Nothing here waits or fails: whoever is told that
all is well must never be the reason that it is not.
"""

import logging
import socket

log = logging.getLogger("reperibile.systemd")


class ServiceManager:
    """The one that started us, if it wants to hear of us."""

    def __init__(self, address: str) -> None:
        """address: NOTIFY_SOCKET as it was given; a path, an abstract name that begins with @, or "" for nobody."""
        # The kernel writes abstract names with a null where people write the sign.
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self._socket: socket.socket | None = None
        self._status = ""
        self._failed = False

    def ready(self, status: str) -> None:
        self._say(f"READY=1\nSTATUS={status}")

    def alive(self) -> None:
        """Asked for every WatchdogSec; whoever calls it has just seen that the work is done."""
        self._say("WATCHDOG=1")

    def stopping(self) -> None:
        self._say("STOPPING=1\nSTATUS=stopping")

    def status(self, text: str) -> None:
        """One line, said when it is another than before."""
        if text != self._status:
            self._status = text
            self._say(f"STATUS={text}")

    def _say(self, what: str) -> None:
        if not self._address:
            return
        try:
            if self._socket is None:
                self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
                self._socket.setblocking(False)
            self._socket.sendto(what.encode(), self._address)
        except OSError as problem:
            if not self._failed:
                self._failed = True
                log.warning("systemd does not hear us: %s", problem.strerror or type(problem).__name__)
