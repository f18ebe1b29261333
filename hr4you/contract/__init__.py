"""What a tenant's API looks like, as data: the default, the overrides, their compiled form."""
