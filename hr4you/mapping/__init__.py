"""From wire object to unified record: compiled field paths, vocabularies, countries."""
