"""What works with a tenant, what does not, and which line to change: checks that only read."""

from hr4you.inspection.doctor.checks import Check, exit_status_of, first_to_do
from hr4you.inspection.doctor.run import examine

__all__ = ["Check", "examine", "exit_status_of", "first_to_do"]
