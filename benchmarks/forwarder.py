"""The peer: what one would write in an afternoon, on the same clients as the service.

Reads the mentions of each account since the last one, looks for words of alarm, and sends a message for each alarm.
No database, no tickets, no ladder, no durability: what it was doing when it dies is lost. It is here only to be
measured against, and it is not made slow: connections are kept, accounts are read side by side.

    python -m benchmarks.forwarder CONFIG.json      {"x_url", "telegram_url", "poll_s", "chat_id", "token",
                                                     "consumer": [key, secret], "accounts": {handle: [token, secret]}}
"""

import asyncio
import json
import re
import sys
from pathlib import Path
from typing import Any

import aiohttp
from oauthlib.oauth1 import Client as Signer  # type: ignore[import-untyped]  # the package ships no types
from telegram import Bot, LinkPreviewOptions
from tweepy.asynchronous import AsyncClient  # type: ignore[import-untyped]  # the package ships no types
from yarl import URL

ALARMS = re.compile(
    r"\b112\b|telesoccorso|telecare|allarme dell'ascensore|tutta \w+ senza|whole town"
    r"|clonato|sim was swapped|palo del telefono|telephone pole|dati di altri|other customers' data",
    re.IGNORECASE,
)
FIELDS = {
    "tweet_fields": ["author_id", "created_at", "note_tweet"],
    "user_fields": ["username"],
    "expansions": ["author_id"],
}


class Client(AsyncClient):  # type: ignore[misc]  # an untyped base, see above
    """tweepy's client at another address: the host stands in its code, so its request is made here."""

    def __init__(self, base_url: str, session: aiohttp.ClientSession, *keys: str) -> None:
        super().__init__(None, *keys, return_type=dict)
        self.base_url, self.session = base_url, session

    async def request(
        self, method: str, route: str, params: Any = None, json: Any = None, user_auth: bool = True
    ) -> aiohttp.ClientResponse:
        signer = Signer(self.consumer_key, self.consumer_secret, self.access_token, self.access_token_secret)
        plain = URL(self.base_url + route).with_query(sorted((k, str(v)) for k, v in (params or {}).items()))
        url, headers, _ = signer.sign(str(plain), method)
        answer = await self.session.request(method, URL(url, encoded=True), json=json, headers=headers)
        answer.raise_for_status()
        return answer


def is_alarm(text: str) -> bool:
    return ALARMS.search(text) is not None


def wording(account: str, author: str, post: dict[str, Any]) -> str:
    text = post.get("note_tweet", {}).get("text") or post["text"]
    return f"🔴 @{account} from @{author}\n\n{text}\n\nhttps://x.com/{author}/status/{post['id']}"


class Forwarder:
    def __init__(self, config: dict[str, Any], session: aiohttp.ClientSession, bot: Bot) -> None:
        self.poll_s = float(config["poll_s"])
        self.chat_id = int(config["chat_id"])
        self.bot = bot
        self.clients = {
            account: Client(config["x_url"], session, *config["consumer"], *pair)
            for account, pair in config["accounts"].items()
        }

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for account in self.clients:
                group.create_task(self.watch(account))

    async def watch(self, account: str) -> None:
        own_id: int | None = None
        since_id: int | None = None
        loop = asyncio.get_running_loop()
        while True:
            begun = loop.time()
            try:
                if own_id is None:
                    own_id = int((await self.clients[account].get_me())["data"]["id"])
                since_id = await self.poll(account, own_id, since_id)
            except Exception as problem:  # whatever it was, the next round tries again
                print(f"@{account}: {problem!r}", file=sys.stderr)
            await asyncio.sleep(max(self.poll_s - (loop.time() - begun), 0.05))

    async def poll(self, account: str, own_id: int, since_id: int | None) -> int | None:
        """Read all pages since the last mention, forward the alarms; gives the newest id seen."""
        newest, token = since_id, None
        while True:
            page = await self.clients[account].get_users_mentions(
                own_id, max_results=100, since_id=since_id, pagination_token=token, user_auth=True, **FIELDS
            )
            authors = {user["id"]: user["username"] for user in page.get("includes", {}).get("users", [])}
            for post in page.get("data", []):
                newest = max(newest or 0, int(post["id"]))
                if is_alarm(post["text"]):
                    await self.send(wording(account, authors.get(post["author_id"], "?"), post))
            token = page.get("meta", {}).get("next_token")
            if token is None:
                return newest

    async def send(self, text: str) -> None:
        await self.bot.send_message(self.chat_id, text, link_preview_options=LinkPreviewOptions(is_disabled=True))


async def main(config: dict[str, Any]) -> None:
    bot = Bot(config["token"], base_url=config["telegram_url"] + "/bot")
    async with aiohttp.ClientSession() as session, bot:
        await Forwarder(config, session, bot).run()


if __name__ == "__main__":
    asyncio.run(main(json.loads(Path(sys.argv[1]).read_text())))
