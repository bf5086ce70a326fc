"""How the stand-in X says no: its words, and the JSON around them.

The words are X's own, from docs.x.com and from public code that met them (2026-11). Where nobody has written down what
X says, the words here are ours and docs/sandbox-x.md says so.
"""

from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

PROBLEMS = "https://api.twitter.com/2/problems/"

NOT_ENGAGED = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged "
    "by the author of the post you are replying to."
)
NOT_QUOTABLE = (
    "Quoting this post is not allowed because you have not been mentioned or are not part of the conversation thread "
    "of the post you are quoting."
)
PARENT_GONE = "You attempted to reply to a Tweet that is deleted or not visible to you."
REPLIES_CLOSED = "You are not permitted to reply to this conversation."
TOO_LONG = "Your Tweet text is too long. For more information on how Twitter determines text length see our docs."
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
NOT_YOURS = "You are not authorized to delete this Tweet."
NOT_EDITABLE = "You are not allowed to edit this Tweet."
BAD_MEDIA = "Your media IDs are invalid."
READ_ONLY = "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint."
NO_CREDITS = "Your enrolled account [{account}] does not have any credits to fulfill this request."
SCHEMES = {"user": "OAuth 1.0a User Context", "app": "OAuth 2.0 Application-Only"}


class NotAllowed(Exception):
    """X refuses to write; the text is the `detail` of its 403."""


class TooLong(NotAllowed):
    """The text does not fit; X answers 403 or 400, both were seen."""


class Invalid(Exception):
    """A request X answers with 400; the text is the message. parameters: what was wrong, by name."""

    def __init__(self, message: str, parameters: Mapping[str, object] | None = None) -> None:
        self.parameters = parameters
        super().__init__(message)


def problem(
    status: int, title: str, detail: str, headers: Mapping[str, str] | None = None, kind: str = "about:blank"
) -> Response:
    body = {"title": title, "detail": detail, "type": kind, "status": status}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def no_credits(account: str, headers: Mapping[str, str] | None = None) -> Response:
    body = {"title": "CreditsDepleted", "detail": NO_CREDITS.format(account=account), "type": PROBLEMS + "credits"}
    return JSONResponse(body, 402, headers)


def wrong_scheme(used: str, right: list[str], headers: Mapping[str, str] | None = None) -> Response:
    """The 403 for a user's signature where only the app may ask, and the other way round."""
    names = ", ".join(SCHEMES[scheme] for scheme in right)
    detail = (
        f"Authenticating with {SCHEMES[used]} is forbidden for this endpoint.  "
        f"Supported authentication types are [{names}]."
    )
    return problem(403, "Unsupported Authentication", detail, headers, PROBLEMS + "unsupported-authentication")


def invalid(parameters: Mapping[str, object], message: str) -> dict[str, Any]:
    """The body of a 400: every parameter's values as a list, as X writes them."""
    return {
        "errors": [
            {"parameters": {name: _texts(value) for name, value in parameters.items()}, "message": _sayable(message)},
        ],
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": PROBLEMS + "invalid-request",
    }


def not_found(resource: str, parameter: str, values: list[str]) -> list[dict[str, str]]:
    """Entries of `errors[]` for what is not there; X sends them with a 200, beside what it did find."""
    return [_gone(resource, parameter, value, "Not Found Error", "resource-not-found") for value in values]


def not_visible(resource: str, parameter: str, values: list[str]) -> list[dict[str, str]]:
    """The same for what is there, but not for this account."""
    kind = "not-authorized-for-resource"
    return [_gone(resource, parameter, value, "Authorization Error", kind) for value in values]


def _gone(resource: str, parameter: str, value: str, title: str, kind: str) -> dict[str, str]:
    found = f"Could not find {resource} with {parameter}: [{value}]."
    hidden = f"Sorry, you are not authorized to see the {resource.title()} with {parameter}: [{value}]."
    return {
        "value": value,
        "detail": found if kind == "resource-not-found" else hidden,
        "title": title,
        "resource_type": resource,
        "parameter": parameter,
        "resource_id": value,
        "type": PROBLEMS + kind,
    }


def _texts(value: object) -> list[str]:
    return [_sayable(str(each)) for each in value] if isinstance(value, list | tuple) else [_sayable(str(value))]


def _sayable(text: str) -> str:
    """Without halves of letters, which no answer can carry back."""
    return text.encode("utf-8", "replace").decode()
