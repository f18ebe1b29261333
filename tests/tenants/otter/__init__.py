"""A tenant of a modern English API: deep nesting, a key in a header of its own, cursors, applications per person."""
