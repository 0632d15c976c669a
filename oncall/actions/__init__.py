"""What can be done: one use case a file, each in one transaction of the caller's."""
