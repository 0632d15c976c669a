"""All products that can be answered through, by kind."""

from collections.abc import Mapping

from integrations.intake.chatwoot import reply as chatwoot
from integrations.intake.intercom import reply as intercom
from integrations.intake.reply import ReplyApi
from integrations.intake.telegram import reply as telegram
from integrations.intake.whatsapp import reply as whatsapp
from integrations.intake.zammad import reply as zammad
from integrations.intake.zendesk import reply as zendesk

APIS: Mapping[str, ReplyApi] = {
    each.API.kind: each.API
    for each in (zendesk, intercom, chatwoot, zammad, telegram, whatsapp)
}
