"""Looks at a tenant's data without showing it: samples, shapes of values, how far the contract covers them."""
