"""Answers to customers, through the products in which they wrote."""
