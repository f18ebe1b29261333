"""HTTP to one tenant: session, authentication, retries, rate limit, paging."""

from hr4you.http.answers import Answer
from hr4you.http.client import Client
from hr4you.http.forms import FilePart
from hr4you.http.paging import Page, read_pages
from hr4you.http.redact import hide, scrub
from hr4you.http.retry import Patience

__all__ = ["Answer", "Client", "FilePart", "Page", "Patience", "hide", "read_pages", "scrub"]
