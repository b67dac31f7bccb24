"""Payments of debtors, claims of holders, and cash coming in and going out."""
