"""The peer for writing: a target of the SDK's own parts, with a sink that sends a record when it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from posting import send
from singer_sdk import Target
from singer_sdk import typing as th
from singer_sdk.sinks import RecordSink

if TYPE_CHECKING:
    from singer_sdk.helpers.types import Context


class PostingSink(RecordSink):
    """Sends each record."""

    def process_record(self, record: dict[str, Any], context: Context) -> None:  # noqa: ARG002  # the SDK's signature
        """Send a record."""
        send(self.config["base_url"], record)


class PostingTarget(Target):
    """A target as the SDK's template makes it."""

    name = "posting"
    config_jsonschema: ClassVar[dict[str, Any]] = th.PropertiesList(th.Property("base_url", th.StringType)).to_dict()
    default_sink_class = PostingSink


if __name__ == "__main__":
    PostingTarget.cli()
