"""What may be answered to a page, as the pages explain it."""

from oncall.model import Verb

VERBS = (
    (Verb.TAKE, "take it"),
    (Verb.PASS, "pass to the next level"),
    (Verb.TOLD, "I told the customer"),
    (Verb.SNOOZE, "snooze 15 minutes"),
    (Verb.RESOLVED, "resolved"),
    (Verb.HELP, "help the owner"),
    (Verb.LEADERS, "tell leadership"),
)
