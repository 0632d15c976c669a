"""The service: on-call rotations and escalation for customer care."""
