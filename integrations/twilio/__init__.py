"""Text messages, WhatsApp and calls through Twilio: out, in, and what became of them."""
