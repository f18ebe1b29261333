"""What a tenant's API looks like, as data: the default, the overrides, their compiled form."""

from hr4you.contract.actions import Action, Fallback, Find, Request, Step
from hr4you.contract.api import Api, Auth, ErrorShape, Pagination
from hr4you.contract.expressions import Expression, compile_expression
from hr4you.contract.loader import load_contract
from hr4you.contract.model import Contract
from hr4you.contract.resource import (
    ChangedSince,
    CustomFieldDefinitions,
    EachSpec,
    Listing,
    Lookup,
    OnlyIds,
    Resource,
    Select,
    Sources,
)

__all__ = [
    "Action",
    "Api",
    "Auth",
    "ChangedSince",
    "Contract",
    "CustomFieldDefinitions",
    "EachSpec",
    "ErrorShape",
    "Expression",
    "Fallback",
    "Find",
    "Listing",
    "Lookup",
    "OnlyIds",
    "Pagination",
    "Request",
    "Resource",
    "Select",
    "Sources",
    "Step",
    "compile_expression",
    "load_contract",
]
