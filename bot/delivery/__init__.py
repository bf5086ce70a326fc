"""Store → phone and X: the only place that sends.

Rows are claimed, sent, settled. The claim (attempt, since when) is committed before the network call, the outcome
after it, and only where the attempt is still ours. A page is sent at least once; a reply is posted at most once.

`line` is what the house calls; `messages` sends what stands in the outbox of the phones and `edits` brings it up to
date; `last_resort` calls the channels outside Telegram; `replies` posts, looks and deletes on X.
"""

from bot.delivery.last_resort import LAST_RESORT_TRIES, LastResort
from bot.delivery.line import Delivery

__all__ = ["LAST_RESORT_TRIES", "Delivery", "LastResort"]
