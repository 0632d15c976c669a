"""Turns and shifts: pure functions from definitions and exceptions to shifts.

Nothing here reads a clock, a file or a database. Instants are UTC; wall time
appears only where a cadence or a window is turned into instants.
"""
