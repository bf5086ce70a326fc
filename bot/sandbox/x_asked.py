"""What a request to the stand-in X asks for: its parameters, checked the way X checks them.

X has two vocabularies since 2026-08: tweet names (`tweet.fields`, `referenced_tweets`, `includes.tweets`) and post
names (`post.fields`, `referenced_posts`, `includes.posts`). Everything in here is in tweet names;
x_wire turns them round.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from starlette.requests import Request

from bot.sandbox.x_refusals import Invalid

NEW_NAMES = {
    "edit_history_tweet_ids": "edit_history_post_ids",
    "referenced_tweets": "referenced_posts",
    "note_tweet": "note_post",
    "tweets": "posts",
    "retweet_count": "repost_count",
}
_OLD_NAMES = {new: old for old, new in NEW_NAMES.items()}

POST_FIELDS = [
    "id",
    "text",
    "edit_history_tweet_ids",
    "withheld",
    "rest_id",
    "created_at",
    "author_id",
    "conversation_id",
    "in_reply_to_user_id",
    "referenced_tweets",
    "attachments",
    "lang",
    "possibly_sensitive",
    "paid_partnership",
    "reply_settings",
    "source",
    "display_text_range",
    "card_uri",
    "community_id",
    "note_tweet",
    "scopes",
    "username",
    "suggested_source_links",
    "suggested_source_links_with_counts",
    "matched_media_notes",
    "note_request_suggestions",
    "public_metrics",
    "context_annotations",
    "entities",
    "geo",
    "edit_controls",
    "media_metadata",
    "non_public_metrics",
    "organic_metrics",
    "promoted_metrics",
    "article",
]
USER_FIELDS = [
    "id",
    "name",
    "username",
    "withheld",
    "created_at",
    "description",
    "entities",
    "location",
    "pinned_tweet_id",
    "profile_banner_url",
    "profile_image_url",
    "protected",
    "public_metrics",
    "url",
    "verified",
    "subscription_type",
    "verified_type",
    "most_recent_tweet_id",
    "is_identity_verified",
    "affiliation",
    "connection_status",
    "receives_your_dm",
    "verified_followers_count",
    "parody",
    "subscribes_to_you",
    "subscription",
    "confirmed_email",
]
MEDIA_FIELDS = [
    "media_key",
    "type",
    "url",
    "preview_image_url",
    "width",
    "height",
    "alt_text",
    "duration_ms",
    "variants",
    "public_metrics",
    "organic_metrics",
    "promoted_metrics",
    "non_public_metrics",
]
EXPANSIONS = [
    "edit_history_tweet_ids",
    "author_id",
    "in_reply_to_user_id",
    "referenced_tweets",
    "attachments.media_keys",
    "attachments.poll_ids",
    "attachments.media_source_tweet",
    "username",
    "entities.mentions.username",
    "geo.place_id",
    "article.cover_media",
    "article.media_entities",
]
_ALSO_TAKEN = ("referenced_tweets.id", "referenced_tweets.id.author_id", "referenced_tweets.id.attachments.media_keys")
ALWAYS = frozenset({"id", "text", "edit_history_tweet_ids"})

# A field that comes along with an expansion, though nobody asked for it.
_COMES_WITH = {
    "author_id": "author_id",
    "in_reply_to_user_id": "in_reply_to_user_id",
    "referenced_tweets.id": "referenced_tweets",
    "referenced_tweets.id.author_id": "referenced_tweets",
    "attachments.media_keys": "attachments",
    "entities.mentions.username": "entities",
}
LOOKS = frozenset({"tweet.fields", "post.fields", "user.fields", "media.fields", "poll.fields", "place.fields"}) | {
    "expansions"
}
TIMELINE = LOOKS | {"since_id", "until_id", "start_time", "end_time", "max_results", "pagination_token", "exclude"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What shall be told, in tweet names; vocabulary: in which names it is told."""

    vocabulary: Literal["old", "new"]
    fields: frozenset[str] = ALWAYS
    user_fields: frozenset[str] = frozenset()
    media_fields: frozenset[str] = frozenset()
    expansions: frozenset[str] = frozenset()


def asked_of(request: Request, known: frozenset[str], vocabulary: Literal["asked", "old", "new"]) -> Asked:
    """What the query asks for; `known`: the parameters of this endpoint. Raises Invalid, as X does for any other."""
    for name in request.query_params:
        if name not in known:
            raise Invalid(f"The query parameter [{name}] is not one of [{','.join(sorted(known))}]")
    fields = set(_values(request, "tweet.fields", POST_FIELDS)) | set(_values(request, "post.fields", POST_FIELDS))
    expansions = set(_values(request, "expansions", EXPANSIONS, _ALSO_TAKEN))
    expansions |= {f"{each}.id" for each in expansions & {"referenced_tweets"}}
    fields |= {_COMES_WITH[each] for each in expansions if each in _COMES_WITH}
    by_request: Literal["old", "new"] = (
        "new" if "post.fields" in request.query_params and "tweet.fields" not in request.query_params else "old"
    )
    return Asked(
        by_request if vocabulary == "asked" else vocabulary,
        ALWAYS | fields,
        frozenset(_values(request, "user.fields", USER_FIELDS)),
        frozenset(_values(request, "media.fields", MEDIA_FIELDS)),
        frozenset(expansions),
    )


def _values(request: Request, name: str, taken: list[str], also: tuple[str, ...] = ()) -> list[str]:
    """The values of a list parameter, in tweet names. Raises Invalid with all that would have been right."""
    found = []
    for value in (v for v in request.query_params.get(name, "").split(",") if v):
        old = value
        for new, name_before in _OLD_NAMES.items():
            old = re.sub(rf"^{new}(?=\.|$)", name_before, old)
        if old not in taken and old not in also:
            new_names = name == "post.fields"
            right = [NEW_NAMES.get(each, each) if new_names else each for each in taken]
            raise Invalid(
                f"The `{name}` query parameter value [{value}] is not one of [{','.join(right)}]", {name: [value]}
            )
        found.append(old)
    return found


def listed(request: Request, name: str) -> list[str]:
    """1 to 100 values with commas between them. Raises Invalid."""
    values = [value for value in request.query_params.get(name, "").split(",") if value]
    if not values:
        raise Invalid(f"The `{name}` query parameter can not be empty", {name: [""]})
    if len(values) > 100:
        why = f"The number of values in the `{name}` query parameter list [{len(values)}] is not between 1 and 100"
        raise Invalid(why, {name: values})
    return values


def id_of(name: str, value: object) -> int:
    """An id, which X writes as text. Raises Invalid."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,19}", value):
        raise Invalid(f"The `{name}` query parameter value [{value}] is not valid", {name: [value]})
    return int(value)


def count_of(asked: Mapping[str, str], least: int, most: int, otherwise: int) -> int:
    """`max_results`. Raises Invalid."""
    value = asked.get("max_results", str(otherwise))
    if not re.fullmatch(r"-?[0-9]{1,9}", value) or not least <= int(value) <= most:
        why = f"The `max_results` query parameter value [{value}] is not between {least} and {most}"
        raise Invalid(why, {"max_results": [value]})
    return int(value)


def instant_of(name: str, value: str) -> datetime:
    """An instant as X wants it, 2026-11-21T03:10:00Z. Raises Invalid."""
    if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|\+00:00)", value):
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except ValueError:
            pass
    raise Invalid(f"The `{name}` query parameter value [{value}] is not a valid RFC3339 date time", {name: [value]})
