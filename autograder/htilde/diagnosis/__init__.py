"""Naming mistakes."""
