"""A tenant with mixed German and English names, a login, numbered pages and applications inside their candidates."""
