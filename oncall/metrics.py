"""What is counted, for `/metrics`. Labels are never words of people."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()

ISSUES = Counter(
    "oncall_issues_total", "Issues opened", ["source", "severity"], registry=REGISTRY
)
SENDS = Counter(
    "oncall_sends_total",
    "Messages handed to providers, by what came of it",
    ["via", "kind", "outcome"],
    registry=REGISTRY,
)
SEND_DELAY = Histogram(
    "oncall_send_delay_seconds",
    "From the moment a message was due to the moment it was handed over",
    ["kind"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
    registry=REGISTRY,
)
ANSWERS = Counter(
    "oncall_answers_total",
    "Answers to pages, by what came of them",
    ["channel", "outcome"],
    registry=REGISTRY,
)
REFUSED = Counter(
    "oncall_refused_total",
    "Requests whose signature or token was wrong",
    ["what"],
    registry=REGISTRY,
)
DELIVERIES = Counter(
    "oncall_deliveries_total",
    "Deliveries of products, by verdict",
    ["source", "verdict"],
    registry=REGISTRY,
)
INTAKE = Counter(
    "oncall_intake_total",
    "Messages that products delivered, by what came of them",
    ["source", "outcome"],
    registry=REGISTRY,
)
TROUBLE = Counter(
    "oncall_trouble_total",
    "Things that should not happen, by what they were",
    ["what"],
    registry=REGISTRY,
)
STANDING = Gauge(
    "oncall_issues_by_status",
    "Issues that are not resolved, by status",
    ["status"],
    registry=REGISTRY,
)
OUTBOX = Gauge(
    "oncall_messages_by_state",
    "Messages that are still to be handed over, by state",
    ["state"],
    registry=REGISTRY,
)
OLDEST_DUE = Gauge(
    "oncall_oldest_due_seconds",
    "How long the oldest message that is due has waited",
    registry=REGISTRY,
)
