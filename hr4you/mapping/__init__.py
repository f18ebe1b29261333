"""From wire object to unified record: compiled field paths, vocabularies, countries."""

from hr4you.mapping.custom_fields import check_field_settings
from hr4you.mapping.record import RecordMapper

__all__ = ["RecordMapper", "check_field_settings"]
