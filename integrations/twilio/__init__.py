"""Text messages through Twilio: out, in, and what became of them."""
