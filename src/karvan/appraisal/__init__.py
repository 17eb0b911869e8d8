"""Appraisal: what streams of money over years come to."""
