"""Whole made-up tenants: document, server, and the contract that a person would write for it."""
