"""Customers' messages as helpdesks, mail gateways and messengers hand them to us.

One folder a product. Each says whether a request is the product's own, and what it
says, in the words of `contract`. Pure: nothing here does I/O or reads a clock.
"""
