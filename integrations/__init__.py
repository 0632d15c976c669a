"""The providers, and the contract they fulfil. Each knows only its own wire format."""
