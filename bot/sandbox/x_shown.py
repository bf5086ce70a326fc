"""The stand-in X as people see it on the page: the timeline, and a conversation as a tree. Not X's own JSON."""

from collections import defaultdict
from typing import Any

from bot.sandbox.x_posts import Post, handles
from bot.sandbox.x_store import XStore


def timeline(store: XStore) -> list[dict[str, Any]]:
    """Everything, newest first, newest versions; deleted posts are there and say so."""
    return [shown(store, post) for post in reversed(store.posts.values()) if post.newest]


def conversation(store: XStore, post_id: int) -> dict[str, Any]:
    """The whole conversation a post belongs to: its first post, and below each its answers, oldest first.

    A post whose parent is gone from memory hangs below the first one. Raises KeyError for a post that is not there.
    """
    root_id = store.posts[post_id].conversation_id
    posts = [p for p in store.posts.values() if p.newest and p.conversation_id == root_id]
    first_of = {version: p.history[0] for p in posts for version in p.history}
    root = first_of.get(root_id, posts[0].history[0])
    below: dict[int, list[Post]] = defaultdict(list)
    for post in posts:
        if post.history[0] != root:
            parent = first_of.get(post.in_reply_to or 0, root)
            below[parent if parent != post.history[0] else root].append(post)
    nodes = {post.history[0]: {**shown(store, post), "replies": []} for post in posts}
    for parent_id, answers in below.items():
        nodes[parent_id]["replies"] = [nodes[answer.history[0]] for answer in answers]
    return {"conversation_id": str(root_id), "posts": len(posts), "root": nodes[root]}


def shown(store: XStore, post: Post) -> dict[str, Any]:
    """One post for the page."""
    return {
        "id": str(post.id),
        "first_id": str(post.history[0]),
        "author": post.author.handle,
        "name": post.author.name,
        "ours": store.accounts[post.author.handle.lower()].ours,
        "text": post.text,
        "leading": post.leading,
        "lang": post.lang,
        "created_at": post.created_at.isoformat(),
        "in_reply_to": None if post.in_reply_to is None else str(post.in_reply_to),
        "quoted": None if post.quoted is None else str(post.quoted),
        "conversation_id": str(post.conversation_id),
        "mentions": sorted(handles(post.full_text)),
        "media": [media.kind for media in post.media],
        "edited": len(post.history) > 1,
        "deleted": post.deleted,
    }
