"""A tenant of an older PHP product: flat German keys with prefixes, basic authentication, offsets, local times."""
