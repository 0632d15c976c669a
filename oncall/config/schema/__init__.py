"""The tables of the file as they are written: one class a table, contract §2.

Only shapes and single values are judged here, and what two keys of one table say
against each other. What names something elsewhere is judged in `references`.
"""
