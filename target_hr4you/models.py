"""The actions' inputs: which there are, which are required, and what may stand there.

As in `hr4you.contract.base`, no ``from __future__ import annotations`` where pydantic reads the annotations.
"""

from typing import Any, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from target_hr4you.values import (
    AttachmentType,
    Base64,
    Country,
    DataUrl,
    EmailAddress,
    ExactText,
    Gender,
    Id,
    Json,
    JsonObject,
    Link,
    MediaType,
    Method,
    Name,
    Params,
    Path,
    PhoneNumber,
    PlainTextType,
    Scalar,
    Text,
    YesOrNo,
    refusal,
)


def _required(nothing: Any = None) -> Any:
    """A required input: where it is missing, its kind is asked about ``nothing``, and says what it expects.

    Args:
        nothing: an empty object for a required object, so that what is missing inside is told.
    """
    return Field(default=nothing, validate_default=True)


def _refuse(place: str | None, error: PydanticCustomError) -> ValidationError:
    """An error to raise from a validator, at a place below the object that is validated."""
    where = () if place is None else (place,)
    return ValidationError.from_exception_data("input", [InitErrorDetails(type=error, loc=where, input=None)])


class Input(BaseModel):
    """An object of inputs; surplus keys don't count."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    def to_dict(self) -> dict[str, Any]:
        """What was given, in the model's order; objects with nothing but surplus keys are left out."""
        given = {name: _to_json(getattr(self, name)) for name in type(self).model_fields}
        return {name: value for name, value in given.items() if value is not None}


def _to_json(value: Any) -> Any:
    """None where nothing is left of a value."""
    if isinstance(value, Input):
        return value.to_dict() or None
    if isinstance(value, list) and any(isinstance(part, Input) for part in value):
        return [given for part in value if (given := part.to_dict())] or None
    return value


class Location(Input):
    """Where a candidate lives."""

    city: Text | None = None
    country: Country | None = None


class Candidate(Input):
    """A person who applies."""

    first_name: Name = _required()
    last_name: Name = _required()
    email_address: EmailAddress = _required()
    phone_number: PhoneNumber | None = None
    gender: Gender | None = None
    location: Location | None = None


class Application(Input):
    """References to a job and one of its stages; without a stage the job's default holds."""

    job_id: Id | None = None
    stage_id: Id | None = None


class JobApplication(Application):
    """An application that is to be made in any case."""

    job_id: Id = _required()


class Attachment(Input):
    """A file, either as it is or where it can be fetched."""

    name: Text | None = None
    content_type: MediaType | None = None
    data_url: DataUrl | None = None
    data: Base64 | None = None
    type: AttachmentType | None = None

    @model_validator(mode="after")
    def _check(self) -> "Attachment":
        if (self.data is None) == (self.data_url is None):
            found = "neither data nor data_url" if self.data is None else "both data and data_url"
            raise _refuse(None, refusal("exactly one of data and data_url", found))
        if self.data is not None and self.content_type is None:
            raise _refuse("content_type", refusal("a content type such as application/pdf beside data"))
        return self


class Source(Input):
    """Where a candidate came from; `id` is the tenant's."""

    name: Text | None = None
    unified_key: Text | None = None
    id: Id | None = None


class GdprConsent(Input):
    """Whether a candidate agreed that the data are kept."""

    given: YesOrNo | None = None


class OwnFields(Input):
    """What is merged into the requests."""

    applicant: JsonObject | None = None
    application: JsonObject | None = None


class RemoteFields(Input):
    """The same for each system; only ours counts."""

    hr4you: OwnFields | None = None


class Attribute(Input):
    """One value of a result; without a value there is nothing to write."""

    key: Text = _required()
    value: Scalar | None = None

    def to_dict(self) -> dict[str, Any]:
        """Nothing where the value is missing."""
        return {} if self.value is None else super().to_dict()


class Details(Input):
    """A result's values; each belongs into the custom field labelled ``{prefix} {key}``."""

    custom_field_name_prefix: Text | None = None
    attributes: list[Attribute] | None = None


class Action(Input):
    """One action's inputs.

    Attributes:
        root_ids: references that may also stand at the root instead of inside ``application``.
    """

    root_ids: ClassVar[tuple[str, ...]] = ()


class CreateCandidate(Action):
    """A new candidate, and an application where a job is given."""

    root_ids = ("job_id", "stage_id")

    candidate: Candidate = _required({})
    application: Application | None = None
    attachments: list[Attachment] | None = None
    source: Source | None = None
    gdpr_consent: GdprConsent | None = None
    remote_fields: RemoteFields | None = None


class CreateApplication(CreateCandidate):
    """An application of a candidate who may exist already."""

    application: JobApplication = _required({})


class AddAttachmentToApplication(Action):
    """A file for an application."""

    application_id: Id = _required()
    attachment: Attachment = _required({})


class AddAttachmentToCandidate(Action):
    """A file for a candidate."""

    candidate_id: Id = _required()
    attachment: Attachment = _required({})


class AddResultLinkToApplication(Action):
    """A link to an assessment's result, with some of its values."""

    application_id: Id = _required()
    label: Text = _required()
    url: Link = _required()
    details: Details | None = None


class AddNoteToApplication(Action):
    """A note, kept as it is written."""

    application_id: Id = _required()
    content: ExactText = _required()
    content_type: PlainTextType | None = None


class Passthrough(Action):
    """A request as the user wants it."""

    method: Method = _required()
    path: Path = _required()
    params: Params | None = None
    body: Json | None = None


MODELS: Final[dict[str, type[Action]]] = {
    "create_candidate": CreateCandidate,
    "create_application": CreateApplication,
    "add_attachment_to_application": AddAttachmentToApplication,
    "add_result_link_to_application": AddResultLinkToApplication,
    "add_note_to_application": AddNoteToApplication,
    "add_attachment_to_candidate": AddAttachmentToCandidate,
    "passthrough": Passthrough,
}
