"""A server that stands in for an HR4YOU tenant: same wire, made-up people. Knows the wire, never the client."""
