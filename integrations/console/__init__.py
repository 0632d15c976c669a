"""Simulated phones: what would be sent is kept and shown, and nothing leaves."""
