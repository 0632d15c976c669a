"""Letters in a mailbox, fetched by IMAP (RFC 3501, 2177, 4315, 6851)."""
