"""The Singer tap for HR4YOU."""
