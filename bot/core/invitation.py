"""The token of a lead's invitation, made anew whenever it is shown, so that nothing that opens a door is written down.

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


def link_token(key: bytes, nonce: str) -> str:
    """The one-use token of an invitation: 43 characters A–Z a–z 0–9 _ -, fit for a t.me link (at most 64).

    Raises: ValueError for a key that is too short: the token would follow from what stands in the store.
    """
    if len(key) < KEY_BYTES_MIN:
        raise ValueError(f"the key of the links has {len(key)} bytes, at least {KEY_BYTES_MIN} are needed")
    token = hmac.new(key, b"enroll:" + nonce.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(token).rstrip(b"=").decode()
