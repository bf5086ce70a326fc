"""The heartbeat: a call to a watcher elsewhere, who rings when calls stop. Of its own death no service can tell.

The address is as good as a password (whoever knows it can say that all is well), so it stands in no log.
"""

import logging

import httpx

log = logging.getLogger("reperibile.heartbeat")

# The watcher's answer is no reason to wait.
TIMEOUT_S = 10.0


class Heartbeat:
    """HEARTBEAT_URL. Call `beat` when all is well, and only then."""

    def __init__(self, url: str, timeout_s: float = TIMEOUT_S) -> None:
        self._url = url
        self._timeout_s = timeout_s
        self._failing = False

    async def beat(self) -> bool:
        """One GET; True when the watcher took it. A failure is said once, until it works again. Raises: nothing."""
        why = ""
        try:
            # A redirect is not followed: it would send our address to somebody else.
            async with httpx.AsyncClient(timeout=self._timeout_s, follow_redirects=False) as client:
                answer = await client.get(self._url, headers={"User-Agent": "reperibile"})
            if not answer.is_success:
                why = f"it answers {answer.status_code}"
        except (httpx.HTTPError, httpx.InvalidURL) as problem:
            # Its text may hold the address.
            why = type(problem).__name__
        if why and not self._failing:
            log.warning("the watcher at HEARTBEAT_URL does not take the heartbeat: %s", why)
        elif self._failing and not why:
            log.info("the watcher at HEARTBEAT_URL takes the heartbeat again")
        self._failing = bool(why)
        return not why
