"""All products that can be asked for the rest of a message, by kind."""

from collections.abc import Mapping

from integrations.intake.asking import Asking
from integrations.intake.front import asking as front
from integrations.intake.hubspot import asking as hubspot
from integrations.intake.zendesk import asking as zendesk

ASKINGS: Mapping[str, Asking] = {
    each.ASKING.kind: each.ASKING for each in (hubspot, zendesk, front)
}
