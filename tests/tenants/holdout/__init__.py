"""Two made-up tenants, documents only: the drafter is measured on them and never tuned to them."""
