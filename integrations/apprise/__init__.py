"""Anything else: what the apprise library can reach, one way and without receipts."""
