"""Letters: what all mail kinds share, and MIME as it comes by IMAP or SMTP.

`parse(raw)` reads one letter. Shapes are RFC 5322, 2045 and 3834 (high confidence).
"""

from integrations.intake.email.mime import parse

__all__ = ["parse"]
