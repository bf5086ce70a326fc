"""The token of an invitation or a calendar, made anew whenever it is shown: nothing that opens a door is written down.

The store keeps a nonce until the link has left, and the token's hash; neither is worth anything without the process's
own key.
"""

import base64
import hashlib
import hmac

# Shorter than this, a key could be tried out (DESIGN.md: "≥ 128 bits").
KEY_BYTES_MIN = 16


def link_key(secret: str) -> bytes:
    """The key of this installation, made from a secret that stands in the settings alone; the same after a restart."""
    return hashlib.sha256(b"reperibile enrolment key\0" + secret.encode()).digest()


def link_token(key: bytes, nonce: str, opens: str = "enroll") -> str:
    """The token of a link: 43 characters A–Z a–z 0–9 _ -, fit for a t.me link (at most 64).

    opens: "enroll" for an invitation, used once, or "calendar": a token of the one is worth nothing for the other.

    Raises: ValueError for a key that is too short: the token would follow from what stands in the store.
    """
    if len(key) < KEY_BYTES_MIN:
        raise ValueError(f"the key of the links has {len(key)} bytes, at least {KEY_BYTES_MIN} are needed")
    token = hmac.new(key, f"{opens}:{nonce}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(token).rstrip(b"=").decode()
