"""Countries where people can be sent an SMS and can hardly answer one.

Source: the carriers' and gateways' general guidance by country, where alphanumeric or
domestic sender names are required and international numbers receive no replies. It
changes without notice: add and remove calling codes freely. The table only decides
whom `oncall check` warns about, never how anybody is paged.
"""

ONE_WAY = frozenset(
    {
        20,  # Egypt
        86,  # China
        90,  # Türkiye
        91,  # India
        92,  # Pakistan
        93,  # Afghanistan
        98,  # Iran
        212,  # Morocco
        213,  # Algeria
        216,  # Tunisia
        218,  # Libya
        249,  # Sudan
        961,  # Lebanon
        962,  # Jordan
        963,  # Syria
        964,  # Iraq
        965,  # Kuwait
        966,  # Saudi Arabia
        967,  # Yemen
        968,  # Oman
        971,  # United Arab Emirates
        973,  # Bahrain
        974,  # Qatar
    }
)
