"""A rota to print: weeks by days, with everything about a day that people trip over.

`plan` says who is on call when; `page`, `listing` and `spreadsheet` write it down.
"""
