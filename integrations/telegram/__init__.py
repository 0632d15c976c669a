"""Pages with buttons through a Telegram bot, and what people press and write."""
