"""A tenant with a document generated from code: terse names, gaps, plain arrays with a Link header, milliseconds."""
