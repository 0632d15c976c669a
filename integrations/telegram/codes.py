"""Why Telegram refused, as the `code` of our errors; Telegram itself has only words."""

from enum import StrEnum


class Code(StrEnum):
    """A reason that says what to do, where HTTP's number does not."""

    NO_CHAT = "no-chat"
    MIGRATED = "migrated"
    BLOCKED = "blocked"
    NOT_MODIFIED = "not-modified"
    QUERY_EXPIRED = "query-expired"
    GONE = "gone"
    REFUSED = "refused"
    TOO_MANY = "too-many"
    TOKEN = "token"  # noqa: S105  a reason, not a secret
    CONFLICT = "conflict"
    UNREACHABLE = "unreachable"
    NO_ANSWER = "no-answer"
    UNREADABLE = "unreadable"
