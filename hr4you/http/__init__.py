"""HTTP to one tenant: session, authentication, retries, rate limit, paging."""
