"""Letters as mail servers hand them over: by SMTP (RFC 5321) and LMTP (RFC 2033)."""
