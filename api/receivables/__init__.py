"""Receivables and lots as their parties see them, and the checks that every move of title passes first."""
