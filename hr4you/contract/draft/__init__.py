"""Drafts a contract from a tenant's OpenAPI document."""
