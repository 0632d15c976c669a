"""The longest names and the latest numbers that a message must bear."""

LATIN = "Maximiliana Montgomery-Featherstonehaugh"
PERSIAN = "غلامرضا محمدحسین‌زاده کاشانی‌پور طباطبای"
EMOJI = "👩🏽‍🚀" * 10
NAMES = (LATIN, PERSIAN, EMOJI)
NUMBER = 9_999_999
PROBLEMS = ("prize not paid, " * 20, "جایزه واریز نشده و " * 20, "👩🏽‍🚀" * 60)
TIMES = {"en": "2026-11-16", "fa": "چهارشنبه ۲۱:۴۰", "ar": "الأربعاء ٢١:٤٠"}
