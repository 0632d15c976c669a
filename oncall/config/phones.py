"""Telephone numbers as people write them, in the form the networks use."""

import re

from oncall.config.fields import text
from oncall.config.findings import Unfit

_HINT = 'write it with + and the country code: "+989121234567"'
_SENDER = re.compile(r"\+?\d{3,15}|[A-Za-z0-9 ]{1,11}")


def phone(value: object) -> str:
    """Return E.164. Spaces, dashes and Persian or Arabic digits are understood."""
    import phonenumbers  # noqa: PLC0415 - costs 30 ms, and some have no phone to read

    words = text(value)
    try:
        number = phonenumbers.parse(words, None)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        msg = f'"{words}" is not a telephone number'
        raise Unfit(msg, _HINT)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_assigned(number: str) -> bool:
    """Whether an E.164 number lies in a range that some network is known to use."""
    import phonenumbers  # noqa: PLC0415 - as above

    return phonenumbers.is_valid_number(phonenumbers.parse(number, None))


def calling_code(number: str) -> int:
    """Return the country calling code of an E.164 number: 98 for Iran."""
    import phonenumbers  # noqa: PLC0415 - as above

    return phonenumbers.parse(number, None).country_code or 0


def sender(value: object) -> str:
    """Read what messages come from: a number, a short code or a name of 11 letters."""
    words = text(value)
    if not _SENDER.fullmatch(words):
        msg = f'"{words}" cannot be a sender'
        raise Unfit(msg, 'write one of your numbers, such as "+15550100"')
    return words
