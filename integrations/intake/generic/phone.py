"""Telephone numbers written as at home, in the form the networks use."""


def in_e164(written: str, region: str) -> str:
    """Return E.164 for a number written in `region`; as written when it is none.

    Persian and Arabic digits are understood.
    """
    import phonenumbers  # noqa: PLC0415  costs 30 ms, and most sources need none

    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return written
    if not phonenumbers.is_possible_number(number):
        return written
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
