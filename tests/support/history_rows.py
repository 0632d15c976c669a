"""What a closed issue leaves behind: which rows in which tables, as SQL.

For each table: how many rows there are for an issue, and what is in the columns that
matter; all others are empty. `i` counts the rows, `@issue` is the row's own issue,
`@then` when that was opened, `@person` one of our people, `@bytes` are a few.
"""

from collections.abc import Mapping

BUSY = 7
"""The customer with this number wrote every hundredth issue."""
INCIDENT = "1 + i % (SELECT count(*) FROM incident)"
SUGGESTION = "1 + i % (SELECT count(*) FROM incident_suggestion)"

OF_AN_ISSUE: Mapping[str, tuple[float, Mapping[str, str]]] = {
    "customer": (
        1,
        {
            "name": "'Customer ' || i",
            "email": "'c' || i || '@example.org'",
            "phone": "CASE i % 3 WHEN 0 THEN '+98' || i ELSE '' END",
            "handle": "CASE i % 3 WHEN 1 THEN 'h' || i ELSE '' END",
            "created_at": "@then",
            "merged_into": "CASE WHEN i % 10 = 9 THEN i - 1 END",
            "merged_at": "CASE WHEN i % 10 = 9 THEN @then END",
        },
    ),
    "handle": (
        1,
        {
            "kind": "'email'",
            "value": "'c' || i || '@example.org'",
            "customer": "i",
            "verified": "(i % 2 = 0)",
            "seen_at": "@then",
        },
    ),
    "suggestion": (
        0.5,
        {
            "customer": "i",
            "other": "i + 1",
            "kind": "'email'",
            "value": "'c' || i",
            "created_at": "@then",
            "dismissed_at": "@then",
        },
    ),
    "issue": (
        1,
        {
            "number": "i",
            "id": "'h' || i",
            "source": "'web'",
            "external_id": "'x' || i",
            "customer": f"CASE WHEN i % 100 = 0 THEN {BUSY} ELSE i END",
            "subject": "'an old matter'",
            "severity": "CASE i % 50 WHEN 0 THEN 'high' ELSE 'normal' END",
            "severity_because": "'[]'",
            "status": "'resolved'",
            "policy_id": "'customer-issue'",
            "policy": ":policy",
            "progress": ":progress",
            "owner": "@person",
            "opened_at": "@then",
            "updated_at": "@then",
            "acknowledged_at": "@then",
            "acknowledged_by": "@person",
            "resolved_at": "@then",
            "tags": "'[]'",
            "helpers": "'[]'",
        },
    ),
    "message": (
        2,
        {"issue": "@issue", "direction": "'in'", "text": "'words'", "at": "@then"},
    ),
    "promise": (
        0.1,
        {
            "issue": "i",
            "text": "'soon'",
            "due_at": "@then",
            "created_at": "@then",
            "kept_at": "@then",
        },
    ),
    "timeline": (
        3,
        {"issue": "@issue", "at": "@then", "event": "'paged'", "person": "@person"},
    ),
    "page": (
        3,
        {
            "id": "'p' || i",
            "kind": "'page'",
            "person": "@person",
            "via": "'sms'",
            "address": "'+98912' || (@issue % 7)",
            "state": "CASE i % 3 WHEN 0 THEN 'cancelled' ELSE 'delivered' END",
            "issue": "@issue",
            "sequence": "'s' || i",
            "due_at": "@then",
            "ladder_at": "@then",
            "attempts": "1",
            "bundle": "'[]'",
            "provider_id": "'SM' || i",
            "created_at": "@then",
            "sent_at": "@then",
            "answered_at": "@then",
        },
    ),
    "page_change": (
        6,
        {
            "page": "'p' || ((i + 1) / 2)",
            "at": "@then",
            "transition": "'deliver'",
            "state": "'delivered'",
        },
    ),
    "sent_answer": (
        0.5,
        {"message": "2 * i", "page": "'p' || (3 * i)", "issue": "i"},
    ),
    "incident": (
        0.01,
        {
            "title": "'a storm'",
            "rule": "'storms'",
            "opened_at": "@then",
            "closed_at": "@then",
        },
    ),
    "incident_issue": (
        0.2,
        {
            "incident": INCIDENT,
            "issue": "i",
            "joined_at": "@then",
            "reason": "'person'",
            "left_at": "@then",
        },
    ),
    "incident_suggestion": (
        0.1,
        {
            "incident": f"CASE i % 2 WHEN 0 THEN {INCIDENT} END",
            "title": "'alike'",
            "created_at": "@then",
            "decided_at": "@then",
        },
    ),
    "incident_looked_at": (
        1,
        {
            "issue": "i",
            "at": "@then",
            "suggestion": f"CASE i % 4 WHEN 0 THEN {SUGGESTION} END",
            "score": "0",
        },
    ),
    "incident_update": (
        0.01,
        {"incident": "i", "texts": "'{}'", "written_at": "@then"},
    ),
    "incident_letter": (
        0.2,
        {
            "update_id": "1 + i % (SELECT count(*) FROM incident_update)",
            "customer": "i",
            "issue": "i",
            "message": "2 * i",
            "written_at": "@then",
        },
    ),
    "delivery": (
        1,
        {
            "channel": "'sms'",
            "delivery_id": "'d' || i",
            "received_at": "@then",
        },
    ),
    "intake_delivery": (
        1,
        {
            "source": "'bank'",
            "kind": "'generic'",
            "delivery_id": "'d' || i",
            "duplicate_of": "CASE WHEN i % 10 = 9 THEN i - 1 END",
            "query": "'{}'",
            "headers": "'{}'",
            "body": "@bytes",
            "received_at": "@then",
            "read_at": "@then",
            "verdict": "CASE i % 10 WHEN 9 THEN 'duplicate' ELSE 'accepted' END",
            "outcomes": "'[]'",
        },
    ),
    "intake_message": (
        1,
        {
            "source": "'bank'",
            "dedup_key": "'k' || i",
            "conversation": "'c' || i",
            "message_id": "'m' || i",
            "delivery": "i",
            "issue": "i",
            "at": "@then",
        },
    ),
    "conversation": (
        1,
        {"source": "'bank'", "conversation": "'c' || i", "said_at": "@then"},
    ),
    "idempotency": (
        1,
        {"key": "'key' || i", "body": "'{}'", "created_at": "@then"},
    ),
    "link_code": (
        0.1,
        {"code_hash": "'h' || i", "expires_at": "@then", "used_at": "@then"},
    ),
    "override": (
        0.5,
        {
            "id": "'o' || i",
            "rotation": "'weekend'",
            "start_at": "@then",
            "end_at": "@then",
            "person": "@person",
            "created_at": "@then",
        },
    ),
    "swap": (
        0.5,
        {
            "id": "'w' || i",
            "rotation": "'weekend'",
            "person": "@person",
            "with_person": "@person",
            "start_at": "@then",
            "end_at": "@then",
            "back_start_at": "@then",
            "back_end_at": "@then",
            "created_at": "@then",
            "accepted_at": "@then",
        },
    ),
    "absence": (
        0.5,
        {
            "id": "'a' || i",
            "person": "@person",
            "start_at": "@then",
            "end_at": "@then",
            "created_at": "@then",
        },
    ),
    "feed": (
        0.5,
        {
            "id": "'f' || i",
            "token_hash": "'h' || i",
            "kind": "'team'",
            "created_at": "@then",
            "revoked_at": "@then",
        },
    ),
    "slot": (
        1,
        {
            "uid": "'u' || i",
            "rotation": "CASE i % 2 WHEN 0 THEN 'weekend' ELSE 'care' END",
            "person": "@person",
            "start_at": "@then",
            "end_at": "@then",
            "revised_at": "@then",
            "cancelled_at": "CASE WHEN i % 5 = 0 THEN @then END",
        },
    ),
    "announcement": (1, {"key": "'said ' || i", "at": "@then"}),
}
"""In an order in which nothing points to what is not there yet."""
