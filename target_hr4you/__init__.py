"""The Singer target for HR4YOU."""
